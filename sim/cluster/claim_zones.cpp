#include "sim/cluster/claim_zones.h"

namespace casim::sim {

void ClaimZones::bind(const ClaimKey& claim, const std::string& zone) {
  ++claims_.try_emplace(claim, Claim{zone}).first->second.users;
}

void ClaimZones::bind(const PodSpec& pod, const std::string& zone) {
  if (zone.empty()) return;
  for_each_claim(pod, [&](const ClaimKey& claim) { bind(claim, zone); });
}

void ClaimZones::release(const PodSpec& pod) {
  for_each_claim(pod, [&](const ClaimKey& key) {
    const auto claim = claims_.find(key);
    if (claim != claims_.end() && --claim->second.users == 0) claims_.erase(claim);
  });
}

PodSpecPtr ClaimZones::with_zone(const PodSpecPtr& pod) {
  if (pod->volumes.empty() || !pod->volume_zone.empty() || claims_.empty()) return pod;
  Claim* bound = nullptr;
  for_each_claim(*pod, [&](const ClaimKey& key) {
    const auto claim = claims_.find(key);
    if (bound == nullptr && claim != claims_.end()) bound = &claim->second;
  });
  if (bound == nullptr) return pod;
  if (bound->asked != pod) {
    PodSpec own = *pod;
    own.volume_zone = bound->zone;
    bound->asked = pod;
    bound->answer = std::make_shared<const PodSpec>(std::move(own));
  }
  return bound->answer;
}

}  // namespace casim::sim
