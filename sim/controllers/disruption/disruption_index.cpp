#include "sim/controllers/disruption/disruption_index.h"

#include <algorithm>

namespace casim::sim {
namespace {

bool names_label(const LabelRequirement& requirement) {
  return requirement.op == LabelRequirement::Operator::kIn;
}

}  // namespace

void DisruptionIndex::add(Key key, const PodDisruptionBudget& budget) {
  const Entry entry{key, budget.selector};
  const auto named = std::ranges::find_if(budget.selector, names_label);
  if (named == budget.selector.end()) {
    others_[budget.namespace_name].push_back(entry);
    return;
  }
  std::vector<std::string> values = named->values;
  std::ranges::sort(values);
  const auto twice = std::ranges::unique(values);
  values.erase(twice.begin(), twice.end());
  for (const std::string& value : values) {
    by_label_[{budget.namespace_name, named->key, value}].push_back(entry);
  }
}

std::vector<DisruptionIndex::Key> DisruptionIndex::of(const PodSpec& pod) const {
  std::vector<Key> keys;
  const auto add_matching = [&](const std::vector<Entry>& entries) {
    for (const Entry& entry : entries) {
      if (matches(entry.selector, pod.labels)) keys.push_back(entry.key);
    }
  };
  for (const auto& [key, value] : pod.labels) {
    const auto found = by_label_.find({pod.namespace_name, key, value});
    if (found != by_label_.end()) add_matching(found->second);
  }
  const auto found = others_.find(pod.namespace_name);
  if (found != others_.end()) add_matching(found->second);
  std::ranges::sort(keys);
  return keys;
}

}  // namespace casim::sim
