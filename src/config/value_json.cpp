// Values as JSON text.
#include <nlohmann/json.hpp>

#include "src/config/value.h"

namespace casim::config {
namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson number_of(const Value& value) {
  if (value.kind() == Value::Kind::kNumber) return *value.as_double();
  if (const auto n = value.as_int64()) return *n;
  return *value.as_uint64();
}

OrderedJson json_of(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kNull:
      return nullptr;
    case Value::Kind::kBool:
      return *value.as_bool();
    case Value::Kind::kInteger:
    case Value::Kind::kNumber:
      return number_of(value);
    case Value::Kind::kString:
      return *value.as_string();
    case Value::Kind::kList: {
      OrderedJson items = OrderedJson::array();
      for (const Value& item : *value.as_list()) items.push_back(json_of(item));
      return items;
    }
    case Value::Kind::kObject: {
      OrderedJson entries = OrderedJson::object();
      // Straight into the sequence: keys are unique, and a search for each would be quadratic.
      auto& sequence = entries.get_ref<OrderedJson::object_t&>();
      for (const auto& [key, item] : *value.as_object()) {
        sequence.OrderedJson::object_t::Container::emplace_back(key, json_of(item));
      }
      return entries;
    }
  }
  return nullptr;
}

// Text from outside may hold broken UTF-8, which is shown as the replacement character.
std::string dump(const OrderedJson& json, int indent) {
  return json.dump(indent, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace

std::string to_json(const Value& value, int indent) {
  return dump(json_of(value), indent) + (indent < 0 ? "" : "\n");
}

std::string found_text(const Value& value) {
  constexpr std::size_t kShown = 60;
  switch (value.kind()) {
    case Value::Kind::kList:
      return "a list";
    case Value::Kind::kObject:
      return "an object";
    case Value::Kind::kString:
      if (value.as_string()->size() > kShown) {
        return dump(OrderedJson(value.as_string()->substr(0, kShown) + "..."), -1);
      }
      return dump(OrderedJson(*value.as_string()), -1);
    case Value::Kind::kNull:
    case Value::Kind::kBool:
    case Value::Kind::kInteger:
    case Value::Kind::kNumber:
      return dump(json_of(value), -1);
  }
  return {};
}

}  // namespace casim::config
