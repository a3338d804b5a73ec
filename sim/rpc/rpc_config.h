// How the autoscaler's calls travel: their latency, their faults, and whether reads whose answer
// is known travel at all (design section 2).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/autoscaler/cloudprovider/provider_rpc.h"
#include "src/core/distribution.h"
#include "src/core/result.h"
#include "src/core/time.h"

namespace casim::sim {

enum class RpcMode { kWire, kMemo };

// A call that is made while from <= t < to, and matches, is answered with `code`; with none it is
// answered truly, only with another latency.
struct RpcFaultWindow {
  TimePoint from{};
  TimePoint to{};
  std::optional<RpcMethod> method = {};  // none: all
  std::string group = {};                // empty: all, else only calls that name this group
  std::optional<ErrorCode> code = {};
  bool applied = false;  // the effect happens all the same
  bool drop = false;     // no answer at all: the call ends at its deadline
  std::optional<Duration> latency = {};

  bool matches(RpcMethod called, std::string_view called_group, TimePoint now) const {
    return from <= now && now < to && (!method || *method == called) &&
           (group.empty() || group == called_group);
  }
};

struct GrpcRpcConfig {
  // Assumed: a cluster-internal call. Drawn once per loop and method.
  Distribution latency = Distribution::from_quantiles(0.0004, 0.002);
  // With none the autoscaler's follow-up loops never end (externalgrpc.md 3.1).
  Duration least_latency = std::chrono::microseconds(1);
  RpcMode mode = RpcMode::kMemo;
  std::vector<RpcFaultWindow> faults = {};  // the first that matches counts
};

}  // namespace casim::sim
