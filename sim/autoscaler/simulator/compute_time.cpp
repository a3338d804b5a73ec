#include "sim/autoscaler/simulator/compute_time.h"

namespace casim::sim {

Duration MeasuredComputeTime::cost_of(const ComputeWork& work) const {
  const double ms = 0.15 * work.nodes + 0.25 * work.new_nodes + 0.4 * work.awaited_nodes;
  return from_seconds(ms / 1e3);
}

}  // namespace casim::sim
