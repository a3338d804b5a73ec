// What EC2 was paid and what of its quotas was used, as a summary has it.
#pragma once

#include "sim/ec2/ec2_model.h"
#include "sim/metrics/run_info.h"

namespace casim::sim {

void add_ec2_totals(const Ec2Model& ec2, RunInfo& run);

}  // namespace casim::sim
