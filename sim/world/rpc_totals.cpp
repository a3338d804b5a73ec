#include "sim/world/rpc_totals.h"

namespace casim::sim {

std::map<std::string, RpcTotals> rpc_totals(const RpcCounts& counts) {
  std::map<std::string, RpcTotals> out;
  for (int i = 0; i < kRpcMethodCount; ++i) {
    const auto method = static_cast<RpcMethod>(i);
    const RpcCount& count = counts[method];
    if (count.wire + count.memo == 0) continue;
    RpcTotals& of = out[std::string(name_of(method))];
    of.wire = static_cast<std::int64_t>(count.wire);
    of.memo = static_cast<std::int64_t>(count.memo);
    for (const auto& [code, calls] : count.failed) {
      of.failed[std::string(name_of(code))] = static_cast<std::int64_t>(calls);
    }
  }
  return out;
}

}  // namespace casim::sim
