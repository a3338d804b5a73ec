// Which disruption budgets select a pod. Budgets stand under the labels that their pods must have,
// so that a pod is compared with few of them, however many there are.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "sim/cluster/objects.h"

namespace casim::sim {

class DisruptionIndex {
 public:
  // The number of a budget, given by who adds it.
  using Key = std::uint32_t;

  void add(Key key, const PodDisruptionBudget& budget);
  // Ascending.
  std::vector<Key> of(const PodSpec& pod) const;

 private:
  struct Entry {
    Key key = 0;
    LabelSelector selector;
  };

  using Label = std::tuple<std::string, std::string, std::string>;  // namespace, key, value

  std::map<Label, std::vector<Entry>> by_label_;
  std::map<std::string, std::vector<Entry>> others_;  // by namespace: those that name no label
};

}  // namespace casim::sim
