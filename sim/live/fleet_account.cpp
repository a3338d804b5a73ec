#include "sim/live/fleet_account.h"

#include <numeric>
#include <variant>

namespace casim::sim {

std::int64_t FleetAccount::all_calls() const {
  return std::accumulate(calls.begin(), calls.end(), std::int64_t{0});
}

void FleetCounts::on_fact(TimePoint /*at*/, const Fact& fact) {
  if (const auto* order = std::get_if<IncreaseSizeCommitted>(&fact)) {
    ++account_.orders;
    account_.ordered += std::ssize(order->slots);
  } else if (std::holds_alternative<SlotFailed>(fact)) {
    ++account_.failed;
  } else if (std::holds_alternative<InstanceLaunched>(fact)) {
    ++account_.launched;
  } else if (const auto* node = std::get_if<NodeRegistered>(&fact)) {
    if (!node->instance.empty()) ++account_.registered;
  } else if (std::holds_alternative<SlotJoined>(fact)) {
    ++account_.joined;
  } else if (std::holds_alternative<InstanceTerminated>(fact)) {
    ++account_.terminated;
  }
}

}  // namespace casim::sim
