#include "sim/world/ec2_totals.h"

namespace casim::sim {

void add_ec2_totals(const Ec2Model& ec2, RunInfo& run) {
  for (const PoolCost& of : ec2.costs()) run.costs.add(of.pool.type, of.seconds, of.cost);
  for (const auto& [quota, vcpus] : ec2.vcpu_quotas()) {
    run.vcpus[quota] = {vcpus.peak, vcpus.limit};
  }
}

}  // namespace casim::sim
