// The visitor that describes structs as JSON Schema, draft 2020-12.
#include <algorithm>

#include <fmt/format.h>

#include "src/config/config.h"
#include "src/config/leaf_schema.h"

namespace casim::config {
namespace {

// Bounds of texts with units, which JSON Schema cannot express.
std::string bounds_text(const Rules& rules) {
  std::string text;
  if (rules.min) {
    text += fmt::format(" {} {}.", rules.min->inclusive ? "At least" : "Above", rules.min->text);
  }
  if (rules.max) {
    text += fmt::format(" {} {}.", rules.max->inclusive ? "At most" : "Below", rules.max->text);
  }
  return text;
}

bool is_number_schema(const Value& schema) {
  const Value* type = schema.find("type");
  if (type == nullptr) return false;
  const auto is_number = [](const Value& name) {
    return name == Value("integer") || name == Value("number");
  };
  if (const auto* types = type->as_list()) return std::ranges::any_of(*types, is_number);
  return is_number(*type);
}

// Objects show their defaults in their own members.
bool is_shown_as_default(const Value& value) {
  if (value.as_object() != nullptr) return value.as_object()->empty();
  const auto* items = value.as_list();
  return items == nullptr || std::ranges::none_of(*items, [](const Value& item) {
           return item.as_object() != nullptr;
         });
}

class SchemaVisitor : public Visitor {
 public:
  explicit SchemaVisitor(SchemaBuilder& builder) : builder_(builder) {}

  Value take() {
    Value schema = make_object({{"type", "object"}, {"properties", std::move(properties_)}});
    if (!required_.empty()) schema.set("required", std::move(required_));
    if (!conditions_.empty()) schema.set("allOf", std::move(conditions_));
    schema.set("patternProperties", make_object({{"^//", Value(Value::Object{})}}));
    schema.set("additionalProperties", false);
    return schema;
  }

 protected:
  void member(const Member& member) override {
    Value schema = member.ops->schema(member.object, *member.rules, builder_);
    const bool needs_bounds = !is_number_schema(schema);
    std::string help(member.help);
    if (needs_bounds && (member.rules->min || member.rules->max)) {
      help += '.' + bounds_text(*member.rules);
    }
    schema.set("description", std::move(help));
    if (member.required) {
      required_.push_back(Value(member.name));
    } else {
      Value standard = member.ops->write(member.object, *member.rules, WriteContext{});
      if (is_shown_as_default(standard)) schema.set("default", std::move(standard));
    }
    add_property(member.name, std::move(schema));
  }

  // All alternatives' members are allowed side by side, which is laxer than the reader: an editor
  // completes them, and still demands those that the chosen alternative requires.
  void choose(const Choice& choice) override {
    Value tag = names_schema(choice.names);
    tag.set("description", choice.help);
    tag.set("default", choice.names[choice.current]);
    add_property(choice.tag, std::move(tag));
    for (std::size_t i = 0; i < choice.names.size(); ++i) {
      SchemaVisitor alternative(builder_);
      choice.describe(alternative, i, false);
      merge(choice, choice.names[i], std::move(alternative));
    }
  }

 private:
  void add_property(std::string_view name, Value schema) {
    Value* old = properties_.find(name);
    if (old == nullptr) {
      properties_.set(name, std::move(schema));
    } else if (*old != schema) {
      Value::List forms = old->find("anyOf") != nullptr ? *old->find("anyOf")->as_list()
                                                        : Value::List{std::move(*old)};
      if (std::ranges::find(forms, schema) == forms.end()) forms.push_back(std::move(schema));
      *old = make_object({{"anyOf", std::move(forms)}});
    }
  }

  void merge(const Choice& choice, std::string_view name, SchemaVisitor alternative) {
    for (auto& [key, schema] : *alternative.properties_.as_object()) {
      add_property(key, std::move(schema));
    }
    std::ranges::move(alternative.conditions_, std::back_inserter(conditions_));
    if (alternative.required_.empty()) return;
    const Value chosen = make_object({{choice.tag, make_object({{"const", name}})}});
    conditions_.push_back(make_object(
        {{"if", make_object({{"properties", chosen}, {"required", Value::List{choice.tag}}})},
         {"then", make_object({{"required", std::move(alternative.required_)}})}}));
  }

  SchemaBuilder& builder_;
  Value properties_{Value::Object{}};
  Value::List required_;
  Value::List conditions_;
};

}  // namespace

Value SchemaBuilder::reference(std::string_view name, const Value& definition) {
  if (definitions_.find(name) == nullptr) definitions_.set(name, definition);
  return make_object({{"$ref", fmt::format("#/$defs/{}", name)}});
}

Value object_schema(const ErasedObject& object, SchemaBuilder& builder) {
  SchemaVisitor visitor(builder);
  object.describe(visitor, object.object);
  return visitor.take();
}

Value names_schema(std::span<const std::string_view> names) {
  return make_object({{"type", "string"}, {"enum", Value::List(names.begin(), names.end())}});
}

Value nullable_schema(Value schema) {
  Value* type = schema.find("type");
  if (type == nullptr || type->as_string() == nullptr) {
    return make_object(
        {{"anyOf", Value::List{std::move(schema), make_object({{"type", "null"}})}}});
  }
  *type = Value(Value::List{*type, "null"});
  if (Value* names = schema.find("enum")) names->as_list()->push_back(Value());
  return schema;
}

Value list_schema(Value items, const Rules& rules) {
  Value schema = make_object({{"type", "array"}, {"items", std::move(items)}});
  if (rules.min_items) schema.set("minItems", *rules.min_items);
  if (rules.unique && rules.unique->empty()) schema.set("uniqueItems", true);
  return schema;
}

Value map_schema(Value items, const Rules& rules) {
  Value schema = make_object({{"type", "object"}});
  if (rules.min_items) schema.set("minProperties", *rules.min_items);
  schema.set("patternProperties", make_object({{"^//", Value(Value::Object{})}}));
  // A comment key may hold anything, so the items' schema covers all other keys only.
  schema.set("additionalProperties", std::move(items));
  return schema;
}

Value one_key_schema(std::span<const std::string_view> names, Value::List bodies) {
  Value::Object properties;
  for (std::size_t i = 0; i < names.size(); ++i) {
    properties.push_back({std::string(names[i]), std::move(bodies[i])});
  }
  Value::List alternatives;
  for (const std::string_view name : names) {
    alternatives.push_back(make_object({{"required", Value::List{name}}}));
  }
  return make_object({{"type", "object"},
                      {"properties", Value(std::move(properties))},
                      {"oneOf", std::move(alternatives)},
                      {"patternProperties", make_object({{"^//", Value(Value::Object{})}})},
                      {"additionalProperties", false}});
}

Value complete_schema(Value object, const SchemaBuilder& builder, std::string_view title,
                      std::string_view description) {
  Value schema = make_object({{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                              {"title", title},
                              {"description", description}});
  if (Value* properties = object.find("properties")) {
    const Value link =
        make_object({{"type", "string"}, {"description", "where this schema is, for editors"}});
    properties->set("$schema", link);
  }
  for (auto& [key, value] : *object.as_object()) schema.set(key, std::move(value));
  if (!builder.definitions().as_object()->empty()) schema.set("$defs", builder.definitions());
  return schema;
}

}  // namespace casim::config
