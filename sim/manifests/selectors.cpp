#include "sim/manifests/selectors.h"

#include <algorithm>

#include <fmt/format.h>

namespace casim::sim {
namespace {

using config::Value;

constexpr const char* kOther = "does not match the labels of its own spec.template.metadata";

// YAML takes yes, on and 1 for something else than text.
std::string quotes_hint(const Value& selector) {
  const Value* labels = value_at(selector, "matchLabels");
  const auto* entries = labels == nullptr ? nullptr : labels->as_object();
  for (std::size_t i = 0; entries != nullptr && i < entries->size(); ++i) {
    const auto& [key, value] = (*entries)[i];
    if (value.as_string() == nullptr) {
      return fmt::format("; {} is {}, which is no text: put it in quotes", key,
                         config::found_text(value));
    }
  }
  return "";
}

bool holds(const Value& expression, const Value* labels) {
  const Value* label = labels == nullptr ? nullptr : labels->find(text_at(expression, "key"));
  const std::string op = text_at(expression, "operator");
  if (op == "Exists") return label != nullptr;
  if (op == "DoesNotExist") return label == nullptr;
  const Value* values = value_at(expression, "values");
  const auto* items = values == nullptr ? nullptr : values->as_list();
  const bool is_in =
      label != nullptr && items != nullptr && std::ranges::find(*items, *label) != items->end();
  return op == "NotIn" ? !is_in : op == "In" && is_in;
}

// Labels that must be there; absent: those of the template.
void check_plain_selector(const KubeObject& object, config::Problems& problems) {
  const Value* selector = value_at(*object.value, "spec.selector");
  if (selector == nullptr) return;
  Value whole;
  whole.set("matchLabels", *selector);
  if (selects(whole, value_at(*object.value, "spec.template.metadata.labels"))) return;
  object_error(object, *selector, "spec.selector", kOther, problems);
}

}  // namespace

bool selects(const Value& selector, const Value* labels) {
  if (const Value* wanted = value_at(selector, "matchLabels")) {
    const auto* entries = wanted->as_object();
    if (entries == nullptr) return false;
    for (const auto& [key, value] : *entries) {
      const Value* label = labels == nullptr ? nullptr : labels->find(key);
      if (label == nullptr || value.as_string() == nullptr || *label != value) return false;
    }
  }
  const Value* expressions = value_at(selector, "matchExpressions");
  if (expressions == nullptr) return true;
  const auto* items = expressions->as_list();
  return items != nullptr &&
         std::ranges::all_of(*items, [&](const Value& e) { return holds(e, labels); });
}

void check_own_selector(const KubeObject& object, config::Problems& problems) {
  if (object.kind == "ReplicationController") return check_plain_selector(object, problems);
  const Value* selector = value_at(*object.value, "spec.selector");
  const Value* labels = value_at(*object.value, "spec.template.metadata.labels");
  if (selector == nullptr || selector->as_object() == nullptr) {
    return object_error(object, selector == nullptr ? *object.value : *selector, "spec.selector",
                        "missing, or no object", problems);
  }
  const auto is_empty = [&](const char* part) {
    const Value* value = value_at(*selector, part);
    if (value == nullptr) return true;
    if (const auto* items = value->as_list()) return items->empty();
    return value->as_object() != nullptr && value->as_object()->empty();
  };
  if (is_empty("matchLabels") && is_empty("matchExpressions")) {
    return object_error(object, *selector, "spec.selector",
                        "is empty; it needs matchLabels or matchExpressions", problems);
  }
  if (!selects(*selector, labels)) {
    object_error(object, *selector, "spec.selector",
                 fmt::format("{}{}", kOther, quotes_hint(*selector)), problems);
  }
}

}  // namespace casim::sim
