// JSON Schemas of the types without parts.
#include "src/config/leaf_schema.h"

#include "src/config/leaf_codecs.h"
#include "src/core/round.h"

namespace casim::config {
namespace {

constexpr const char* kDurationPattern =
    R"(^[-+]?(?:0|(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|ms|s|m|h|d))+)$)";
constexpr const char* kQuantityPattern =
    R"(^\+?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]+)?$)";
constexpr const char* kWallTimePattern = R"(^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})"
                                         R"((?:\.[0-9]{1,9})?(?:Z|[-+][0-9]{2}:[0-9]{2})$)";

Value text_schema(const char* pattern, Value::List examples) {
  return make_object({{"type", "string"}, {"pattern", pattern}, {"examples", std::move(examples)}});
}

Value bound_value(const Bound& bound) {
  const auto whole = round_to<std::int64_t>(bound.value);
  if (static_cast<long double>(whole) == bound.value) return whole;
  return static_cast<double>(bound.value);
}

Value number_schema(const char* type, const Rules& rules) {
  Value schema = make_object({{"type", type}});
  if (rules.min) {
    schema.set(rules.min->inclusive ? "minimum" : "exclusiveMinimum", bound_value(*rules.min));
  }
  if (rules.max) {
    schema.set(rules.max->inclusive ? "maximum" : "exclusiveMaximum", bound_value(*rules.max));
  }
  return schema;
}

}  // namespace

Value make_object(std::initializer_list<std::pair<std::string_view, Value>> entries) {
  Value::Object object;
  for (const auto& [key, value] : entries) object.push_back({std::string(key), value});
  return Value(std::move(object));
}

Value duration_schema(SchemaBuilder& builder) {
  return builder.reference("duration", text_schema(kDurationPattern, {"90s", "1h30m", "250ms"}));
}

Value quantity_schema(SchemaBuilder& builder) {
  return builder.reference("quantity",
                           make_object({{"type", Value::List{"string", "number"}},
                                        {"pattern", kQuantityPattern},
                                        {"minimum", 0},
                                        {"examples", Value::List{"500m", "16Gi", "1.5"}}}));
}

Value leaf_schema(std::type_identity<bool>, const Rules&, SchemaBuilder&) {
  return make_object({{"type", "boolean"}});
}

Value leaf_schema(std::type_identity<double>, const Rules& rules, SchemaBuilder&) {
  return number_schema("number", rules);
}

Value leaf_schema(std::type_identity<std::string>, const Rules& rules, SchemaBuilder&) {
  Value schema = make_object({{"type", "string"}});
  if (!rules.one_of.empty()) {
    schema.set("enum", Value::List(rules.one_of.begin(), rules.one_of.end()));
  }
  if (rules.not_blank) schema.set("minLength", 1);
  return schema;
}

Value leaf_schema(std::type_identity<Duration>, const Rules&, SchemaBuilder& builder) {
  return duration_schema(builder);
}

Value leaf_schema(std::type_identity<WallTime>, const Rules&, SchemaBuilder& builder) {
  return builder.reference("time", text_schema(kWallTimePattern, {"2026-01-05T00:00:00Z"}));
}

Value leaf_schema(std::type_identity<MilliCpu>, const Rules&, SchemaBuilder& builder) {
  return quantity_schema(builder);
}

Value leaf_schema(std::type_identity<Bytes>, const Rules&, SchemaBuilder& builder) {
  return quantity_schema(builder);
}

Value leaf_schema(std::type_identity<std::filesystem::path>, const Rules& rules, SchemaBuilder&) {
  Value schema = make_object({{"type", "string"}});
  if (rules.not_blank) schema.set("minLength", 1);
  return schema;
}

Value leaf_schema(std::type_identity<Value>, const Rules&, SchemaBuilder&) {
  return Value(Value::Object{});
}

Value integer_schema(bool is_unsigned, const Rules& rules) {
  return number_schema("integer", is_unsigned ? merge({at_least(0), rules}) : rules);
}

}  // namespace casim::config
