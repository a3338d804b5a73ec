#include "src/config/merge_keys.h"

#include <algorithm>

namespace casim::config {
namespace {

void add_absent(const Value& from, Value& to) {
  const Value::Object* entries = from.as_object();
  if (entries == nullptr) return;
  for (const auto& [key, value] : *entries) {
    if (to.find(key) == nullptr) to.set(key, value);
  }
}

}  // namespace

void merge_keys(Value& tree) {
  if (auto* items = tree.as_list()) std::ranges::for_each(*items, merge_keys);
  auto* entries = tree.as_object();
  if (entries == nullptr) return;
  for (Value::Entry& entry : *entries) merge_keys(entry.value);
  const auto merge = std::ranges::find(*entries, "<<", &Value::Entry::key);
  if (merge == entries->end()) return;
  const Value merged = std::move(merge->value);
  entries->erase(merge);
  add_absent(merged, tree);
  if (const auto* sources = merged.as_list()) {
    for (const Value& source : *sources) add_absent(source, tree);  // earlier ones win
  }
}

}  // namespace casim::config
