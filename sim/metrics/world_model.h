// What collectors must know of a world beside its facts: what pods ask for, what nodes offer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/cluster/objects.h"
#include "src/core/money.h"

namespace casim::sim {

// A node group as one that sizes it sees it.
struct GroupOffer {
  std::string name;
  int min = 0;                 // nodes that it has at least
  Resources room;              // allocatable of a node less what DaemonSets ask for
  std::optional<Price> price;  // of a node as it is bought; none: not known
};

// Pods that are alike.
struct PodShape {
  Resources requests;
  // The group on which they cost least by their greatest share of a node; none: no group can hold
  // one, or they are a DaemonSet's.
  std::optional<std::size_t> group;
};

class WorldModel {
 public:
  virtual ~WorldModel() = default;

  virtual const std::vector<GroupOffer>& groups() const = 0;  // in the scenario's order
  // Of a pod that was just created.
  virtual std::uint32_t shape_of(PodId pod) = 0;
  // The reference holds to the end of the run.
  virtual const PodShape& shape(std::uint32_t number) const = 0;
  // As it registered.
  virtual Resources allocatable_of(NodeId node) const = 0;
};

}  // namespace casim::sim
