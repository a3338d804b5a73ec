// What each pod asks for, by its shape.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/events/facts.h"
#include "sim/metrics/world_model.h"

namespace casim::sim {

class PodShapes {
 public:
  explicit PodShapes(WorldModel& world) : world_(world) {}

  void on_fact(const Fact& fact) {
    const auto* created = std::get_if<PodCreated>(&fact);
    if (created == nullptr) return;
    if (created->pod.value() >= shapes_.size()) shapes_.resize(created->pod.value() + 1);
    shapes_[created->pod.value()] = world_.shape_of(created->pod);
  }

  // Requires: the pod was created.
  const PodShape& of(PodId pod) const { return world_.shape(shapes_[pod.value()]); }

 private:
  WorldModel& world_;
  std::vector<std::uint32_t> shapes_;  // by PodId
};

}  // namespace casim::sim
