#include "sim/rpc/terms.h"

#include <algorithm>

#include "sim/rpc/call_id.h"

namespace casim::sim {

RpcTerms::RpcTerms(const Random& random, const GrpcRpcConfig& config)
    : random_(random), config_(config) {
  for (const RpcFaultWindow& fault : config.faults) {
    faults_from_ = std::min(faults_from_, fault.from);
    faults_to_ = std::max(faults_to_, fault.to);
  }
}

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

const RpcFaultWindow* RpcTerms::find_fault(RpcMethod method, std::string_view group,
                                           TimePoint now) const {
  const auto found = std::ranges::find_if(config_.faults, [&](const RpcFaultWindow& fault) {
    return fault.matches(method, group, now);
  });
  return found == config_.faults.end() ? nullptr : &*found;
}

}  // namespace casim::sim
