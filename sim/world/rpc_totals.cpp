#include "sim/world/rpc_totals.h"

namespace casim::sim {

std::map<std::string, RpcTotals> rpc_totals(const RpcCounts& counts) {
  std::map<std::string, RpcTotals> out;
  for (int i = 0; i < kRpcMethodCount; ++i) {
    const auto method = static_cast<RpcMethod>(i);
    const RpcCount& count = counts[method];
    if (count.wire + count.memo == 0) continue;
    out[std::string(name_of(method))] = {static_cast<std::int64_t>(count.wire),
                                         static_cast<std::int64_t>(count.memo)};
  }
  return out;
}

}  // namespace casim::sim
