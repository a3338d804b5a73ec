// Calls from the autoscaler to the provider fail, or are slow, for a while.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/faults/spell.h"
#include "src/config/visitor.h"
#include "src/core/distribution.h"
#include "src/core/grpc_code.h"
#include "src/core/rpc_method.h"
#include "src/core/time.h"

namespace casim::sim {

class FaultCheck;
struct FaultTargets;

// While from <= t < to, calls of the method are answered with the code. Where several such faults
// match a call, the first of the scenario counts.
struct RpcFault {
  static constexpr std::string_view kKind = "rpc";
  static constexpr TimeNames kTimes{.begin = "from", .length = "to"};

  std::optional<Duration> from = {};
  std::optional<Duration> to = {};
  std::optional<RpcMethod> method;         // none: all
  std::string group;                       // empty: all
  double share = 1;                        // of these calls
  GrpcCode code = GrpcCode::kUnavailable;  // kOk: only slow
  bool applied = false;                    // the effect happens all the same
  bool drop = false;                       // no answer at all: the call ends at its deadline
  Distribution delay = {};                 // in addition to its latency
  std::optional<Duration> latency = {};    // none: the call's own

  FaultTimes fixed_times() const;

  void check(const FaultCheck& check) const;
  void arm(const FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, RpcFault& fault);

}  // namespace casim::sim
