#include "sim/rpc/rpc_conditions.h"

#include <algorithm>
#include <utility>

namespace casim::sim {

void RpcConditions::add(TimePoint from, TimePoint to, RpcCondition condition) {
  windows_.push_back({from, to, std::move(condition)});
  from_ = std::min(from_, from);
  to_ = std::max(to_, to);
}

const RpcCondition* RpcConditions::find_among_all(RpcMethod method, std::string_view group,
                                                  TimePoint now) const {
  const auto found = std::ranges::find_if(windows_, [&](const Window& window) {
    return window.from <= now && now < window.to && window.condition.matches(method, group);
  });
  return found == windows_.end() ? nullptr : &found->condition;
}

}  // namespace casim::sim
