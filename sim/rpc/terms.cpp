#include "sim/rpc/terms.h"

#include <algorithm>

#include "sim/rpc/call_id.h"

namespace casim::sim {

Duration RpcTerms::latency_outside(RpcMethod method, std::uint64_t argument_hash) {
  // Above the keys of methods alone.
  const std::uint64_t key =
      hash_combine(kRpcMethodCount + static_cast<std::uint64_t>(method), argument_hash);
  return draw(key, calls_outside_[key]++);
}

CallId RpcTerms::next_call_id(LoopId loop) { return make_call_id(loop, mutations_++); }

Duration RpcTerms::draw(std::uint64_t key, std::uint64_t n) const {
  const double u = random_.uniform("rpc.latency", key, n);
  return std::max(config_.latency.duration(u), config_.least_latency);
}

}  // namespace casim::sim
