#include "sim/rpc/rpc_conditions.h"

#include <algorithm>
#include <utility>

#include "src/core/random.h"

namespace casim::sim {
namespace {

double draw(std::uint64_t seed, std::string_view purpose, RpcMethod method, std::string_view group,
            TimePoint now) {
  const std::uint64_t key = hash_bytes(group, static_cast<std::uint64_t>(method));
  return Random(seed).uniform(purpose, key,
                              static_cast<std::uint64_t>(now.time_since_epoch().count()));
}

}  // namespace

bool RpcCondition::matches(RpcMethod called, std::string_view called_group, TimePoint now) const {
  if (method && *method != called) return false;
  if (!group.empty() && group != called_group) return false;
  return share >= 1 || draw(seed, "rpc.share", called, called_group, now) < share;
}

Duration RpcCondition::delay_of(RpcMethod called, std::string_view called_group,
                                TimePoint now) const {
  return delay.duration(draw(seed, "rpc.delay", called, called_group, now));
}

void RpcConditions::add(TimePoint from, TimePoint to, RpcCondition condition) {
  from_ = std::min(from_, from);
  to_ = condition.outlasts_connection ? kTimeNever : std::max(to_, to);
  windows_.push_back({from, to, std::move(condition)});
}

void RpcConditions::keep_answers(Duration age) {
  answers_kept_for_ = std::max(age, answers_kept_for_.value_or(Duration{}));
}

bool RpcConditions::holds(const Window& window, TimePoint now) const {
  if (now < window.from) return false;
  if (now < window.to) return true;
  return window.condition.outlasts_connection && connected_ <= window.from;
}

const RpcCondition* RpcConditions::find_among_all(RpcMethod method, std::string_view group,
                                                  TimePoint now) const {
  const auto found = std::ranges::find_if(windows_, [&](const Window& window) {
    return holds(window, now) && window.condition.matches(method, group, now);
  });
  return found == windows_.end() ? nullptr : &found->condition;
}

}  // namespace casim::sim
