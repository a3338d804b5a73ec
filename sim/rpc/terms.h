// The terms on which each call is made: its latency and its id.
#pragma once

#include <array>
#include <cstdint>

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/rpc/rpc_config.h"
#include "src/core/id.h"
#include "src/core/random.h"
#include "src/core/rpc_method.h"

namespace casim::sim {

class RpcTerms {
 public:
  RpcTerms(const Random& random, const GrpcRpcConfig& config) : random_(random), config_(config) {}

  // One draw per loop and method: K equal reads cost K times the draw.
  Duration latency_in_loop(RpcMethod method, LoopId loop) {
    Drawn& drawn = drawn_[static_cast<std::size_t>(method)];
    if (drawn.loop != loop) drawn = {loop, draw(static_cast<std::uint64_t>(method), loop.value())};
    return drawn.latency;
  }

  // By method, argument and how many of the kind went before. Each of these counts.
  Duration latency_outside(RpcMethod method, std::uint64_t argument_hash);

  CallId next_call_id(LoopId loop);

 private:
  struct Drawn {
    LoopId loop;
    Duration latency{};
  };

  Duration draw(std::uint64_t key, std::uint64_t n) const;

  const Random random_;
  const GrpcRpcConfig& config_;
  std::array<Drawn, kRpcMethodCount> drawn_{};  // a cache: draws hang on nothing but their keys
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> calls_outside_;  // lookups only
  std::uint32_t mutations_ = 0;
};

}  // namespace casim::sim
