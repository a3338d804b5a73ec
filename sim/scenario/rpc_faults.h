// RPC faults of a scenario as the connection knows them, and the names that they may use.
#pragma once

#include <string_view>
#include <vector>

#include "sim/rpc/rpc_config.h"
#include "sim/scenario/scenario.h"

namespace casim::sim {

std::vector<std::string_view> rpc_method_names();
std::vector<std::string_view> grpc_code_names();  // "OK" and the errors

// Requires: names of the lists above.
RpcFaultWindow to_rpc_fault(const RpcFaultScenario& fault);

}  // namespace casim::sim
