// How many replicas the load of a workload needs at each instant: the most of what its metrics ask
// for, within the bounds of its HPA. What an HPA would ask for that measures exactly and at once,
// without tolerance, policies or stabilisation.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/load/demand_curve.h"
#include "src/core/time.h"

namespace casim::sim {

class NeededReplicas {
 public:
  // One metric: its load, and how much of it a replica at its target takes (> 0).
  struct Share {
    DemandCurve load;
    double per_replica = 1;
  };

  NeededReplicas(std::vector<Share> shares, std::int32_t min, std::int32_t max);

  std::int32_t at(TimePoint t) const;
  // The first instant after `t` with another number, to within a microsecond; kTimeNever: none.
  TimePoint next_change(TimePoint t) const;

 private:
  std::int32_t of(const Share& share, TimePoint t) const;

  std::vector<Share> shares_;
  std::int32_t min_;
  std::int32_t max_;
};

}  // namespace casim::sim
