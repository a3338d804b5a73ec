// The connection from the autoscaler to the provider breaks. Source: externalgrpc.md 2.3a.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/faults/spell.h"
#include "src/config/visitor.h"
#include "src/core/random.h"
#include "src/core/time.h"

namespace casim::sim {

class FaultCheck;
struct FaultTargets;

enum class ConnectionState : std::uint8_t {
  // Nobody listens: calls fail at once with UNAVAILABLE, until the first dial after the fault.
  kRefused,
  // Nothing comes back: calls end at their deadline, and go on to do so after the fault on
  // connections that it befell. The channel has no keepalive and never dials again, so that only
  // a new process of the autoscaler helps.
  kSilent,
};

std::vector<std::pair<ConnectionState, std::string_view>> enum_names(ConnectionState);

struct RpcConnectionFault {
  static constexpr std::string_view kKind = "rpc_connection";
  static constexpr TimeNames kTimes = kAtAndFor;

  FaultTimes times = {};
  ConnectionState state = ConnectionState::kRefused;

  FaultTimes fixed_times() const { return times; }

  void check(const FaultCheck& check) const;
  void arm(const FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, RpcConnectionFault& fault);

// When a channel that loses its connection at `from` has it back, if it can from `to` on: grpc-go
// dials at once, then after 1 s, 1.6 times as long each time, at most 120 s, 20 % more or less.
TimePoint next_dial(TimePoint from, TimePoint to, const Random& random, std::uint64_t key);

}  // namespace casim::sim
