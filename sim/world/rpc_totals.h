// Calls of the autoscaler, as a summary has them.
#pragma once

#include <map>
#include <string>

#include "sim/metrics/run_info.h"
#include "sim/rpc/rpc_counts.h"

namespace casim::sim {

// By method; of those that were called.
std::map<std::string, RpcTotals> rpc_totals(const RpcCounts& counts);

}  // namespace casim::sim
