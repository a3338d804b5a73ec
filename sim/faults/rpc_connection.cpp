#include "sim/faults/rpc_connection.h"

#include <algorithm>

#include "sim/faults/check.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

constexpr double kFirstPause_s = 1;
constexpr double kGrowth = 1.6;
constexpr double kLongestPause_s = 120;
constexpr double kJitter = 0.2;
// Of a call that finds no connection; assumed, at least what each call takes.
constexpr Duration kFailsAfter = std::chrono::microseconds(1);

}  // namespace

std::vector<std::pair<ConnectionState, std::string_view>> enum_names(ConnectionState) {
  return {{ConnectionState::kRefused, "refused"}, {ConnectionState::kSilent, "silent"}};
}

TimePoint next_dial(TimePoint from, TimePoint to, const Random& random, std::uint64_t key) {
  TimePoint dial = from;
  double pause_s = kFirstPause_s;
  for (std::uint64_t n = 0; dial < to; ++n) {
    const double jitter = kJitter * (2 * random.uniform("fault.rpc_connection.dial", key, n) - 1);
    dial = later(dial, from_seconds(pause_s * (1 + jitter)));
    pause_s = std::min(pause_s * kGrowth, kLongestPause_s);
  }
  return dial;
}

void describe(config::Visitor& v, RpcConnectionFault& f) {
  describe_times(v, f.times, "how long there is no connection to be had");
  v.field("state", f.state,
          "refused: calls fail at once until the channel dials anew; silent: calls end at their "
          "deadline until the autoscaler is restarted");
}

void RpcConnectionFault::check(const FaultCheck& /*check*/) const {}

void RpcConnectionFault::arm(const FaultTargets& targets, const Spell& spell) const {
  RpcCondition condition;
  TimePoint to = spell.to;
  if (state == ConnectionState::kRefused) {
    condition.code = ErrorCode::kUnavailable;
    condition.latency = kFailsAfter;
    to = next_dial(spell.from, spell.to, targets.random, spell.key);
  } else {
    condition.drop = true;
    condition.outlasts_connection = true;
  }
  targets.rpc.add(spell.from, to, std::move(condition));
}

}  // namespace casim::sim
