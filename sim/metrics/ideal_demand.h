// Ideal demand: how many nodes the pods that are there need at least, by volume (design section 5).
// Pods of a shape count at the group where they cost least; a group needs as many nodes as its
// scarcest resource asks for, and never fewer than its minimum. Pods that no group can hold, and
// those on nodes of no group, are left out, and so are DaemonSets: they are taken off the room.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/metrics/pod_ledger.h"
#include "sim/metrics/world_model.h"

namespace casim::sim {

class IdealDemand {
 public:
  explicit IdealDemand(const WorldModel& world);

  void add(const PodShape& shape);
  void remove(const PodShape& shape);  // Requires: was added

  std::int64_t nodes() const { return nodes_; }  // of all groups

  std::int64_t nodes_of(std::size_t group) const { return groups_[group].nodes; }

  // None: the price of a group is not known.
  std::optional<Price> price() const;

 private:
  struct Group {
    Resources sum;
    std::int64_t nodes = 0;
  };

  void count(std::size_t group);

  const WorldModel& world_;
  std::vector<Group> groups_;
  std::int64_t nodes_ = 0;
  std::int64_t micro_usd_per_hour_ = 0;
  bool has_prices_ = true;
};

// Nodes of `room` that hold `sum` by volume; a resource that a node has nothing of is left out.
std::int64_t nodes_for(const Resources& sum, const Resources& room);

// The greatest share of a node that the pod takes; none: it asks for what a node has nothing of.
std::optional<double> greatest_share(const Resources& requests, const Resources& room);

}  // namespace casim::sim
