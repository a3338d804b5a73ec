#include "sim/cli/config_differences.h"

#include <string>

#include "sim/scenario/describe.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

using config::Value;

std::string text_of(const Value& value) { return config::to_json(value, -1); }

const Value* member(const Value* object, std::string_view name) {
  return object == nullptr ? nullptr : object->find(name);
}

// Something that says nothing: what a member is that nobody set and that has no other default.
bool is_nothing(const Value& value) {
  const bool is_empty = (value.as_list() != nullptr && value.as_list()->empty()) ||
                        (value.as_object() != nullptr && value.as_object()->empty());
  const std::string* text = value.as_string();
  return value.is_null() || is_empty || (text != nullptr && (*text == "0" || *text == "0s"));
}

class Walk {
 public:
  // `standard`: the default, null where there is none; `schema`: may be null.
  void visit(const std::string& path, const Value& value, const Value* standard,
             const Value* schema) {
    if (standard != nullptr && *standard == value) return;
    const Value* of_schema = member(schema, "properties");
    if (value.as_object() != nullptr && !value.as_object()->empty() && of_schema != nullptr) {
      for (const auto& [name, inner] : *value.as_object()) {
        visit_member(path.empty() ? name : path + "." + name, inner, member(standard, name),
                     of_schema->find(name));
      }
      return;
    }
    if (value.as_list() != nullptr && holds_objects(value)) {
      visit_items(path, *value.as_list(), member(schema, "items"));
      return;
    }
    found_.push_back({path, text_of(value), standard == nullptr ? "" : text_of(*standard)});
  }

  std::vector<ConfigDifference> take() { return std::move(found_); }

 private:
  static bool holds_objects(const Value& list) {
    return !list.as_list()->empty() && list.as_list()->front().as_object() != nullptr;
  }

  void visit_member(const std::string& path, const Value& value, const Value* standard,
                    const Value* schema) {
    if (standard == nullptr) standard = member(schema, "default");
    if (standard == nullptr && is_nothing(value)) return;
    visit(path, value, standard, schema);
  }

  void visit_items(const std::string& path, const Value::List& items, const Value* schema) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Value* name = items[i].find("name");
      const bool is_named = name != nullptr && name->as_string() != nullptr;
      visit(path + "." + (is_named ? *name->as_string() : std::to_string(i)), items[i], nullptr,
            schema);
    }
  }

  std::vector<ConfigDifference> found_;
};

}  // namespace

std::vector<ConfigDifference> differences_from_defaults(const Scenario& scenario) {
  const Value written = config::write(scenario);
  const Value standard = config::write(Scenario{});
  const Value schema = config::schema<Scenario>("", "");
  Walk walk;
  walk.visit("", written, &standard, &schema);
  return walk.take();
}

}  // namespace casim::sim
