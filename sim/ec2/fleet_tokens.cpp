#include "sim/ec2/fleet_tokens.h"

#include <algorithm>
#include <utility>

namespace casim::sim {

void FleetTokens::remember(const std::string& token, FleetLaunch launch) {
  by_token_.insert_or_assign(token, std::move(launch));
}

const FleetLaunch* FleetTokens::find(const std::string& token, TimePoint now) {
  const auto found = by_token_.find(token);
  if (found == by_token_.end()) return nullptr;
  TimePoint ended = found->second.answered;
  for (const LaunchReservationPtr& reservation : found->second.reservations) {
    if (reservation->ended == kTimeNever) return &found->second;
    ended = std::max(ended, reservation->ended);
  }
  if (now - ended < ttl_) return &found->second;
  by_token_.erase(found);
  return nullptr;
}

}  // namespace casim::sim
