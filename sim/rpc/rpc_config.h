// How the autoscaler's calls travel: their latency, and whether reads whose answer is known travel
// at all (design section 2).
#pragma once

#include "src/core/distribution.h"
#include "src/core/time.h"

namespace casim::sim {

enum class RpcMode { kWire, kMemo };

struct GrpcRpcConfig {
  // Assumed: a cluster-internal call. Drawn once per loop and method.
  Distribution latency = Distribution::from_quantiles(0.0004, 0.002);
  // With none the autoscaler's follow-up loops never end (externalgrpc.md 3.1).
  Duration least_latency = std::chrono::microseconds(1);
  RpcMode mode = RpcMode::kMemo;
};

}  // namespace casim::sim
