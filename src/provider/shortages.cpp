#include "src/provider/shortages.h"

#include <cassert>

#include "src/provider/failure.h"

namespace casim::provider {

ShortageScope scope_of(ec2::ErrorCode code) {
  assert(ec2::info_of(code).is_shortage);
  switch (code) {
    case ec2::ErrorCode::kVcpuLimitExceeded:
    case ec2::ErrorCode::kInstanceLimitExceeded:
    case ec2::ErrorCode::kMaxSpotInstanceCountExceeded:
      return ShortageScope::kType;
    case ec2::ErrorCode::kInsufficientFreeAddressesInSubnet:
      return ShortageScope::kZone;
    case ec2::ErrorCode::kInsufficientAddressCapacity:
    case ec2::ErrorCode::kMaxIopsLimitExceeded:
    case ec2::ErrorCode::kVolumeLimitExceeded:
    case ec2::ErrorCode::kNetworkInterfaceLimitExceeded:
    case ec2::ErrorCode::kPrivateIpAddressLimitExceeded:
    case ec2::ErrorCode::kMaxFleetCountExceeded:
      return ShortageScope::kRegion;
    default:
      return ShortageScope::kPool;
  }
}

void Shortages::note(const std::string& type, const std::string& zone,
                     const ec2::AttemptError& error, TimePoint now) {
  const ShortageScope scope = scope_of(error.code.known().value());
  const bool all_types = scope == ShortageScope::kZone || scope == ShortageScope::kRegion;
  const bool all_zones = scope == ShortageScope::kType || scope == ShortageScope::kRegion;
  shortages_[{all_types ? "" : type, all_zones ? "" : zone}] = {now + cooldown_, failure_of(error)};
}

void Shortages::note_partial(const std::string& type, const std::string& zone, TimePoint now) {
  const auto code = ec2::ErrorCode::kInsufficientInstanceCapacity;
  const std::string message = "fewer " + type + " in " + zone + " than asked for";
  note(type, zone, ec2::error_reply(code, message), now);
}

const SlotFailure* Shortages::find(const std::string& type, const std::string& zone,
                                   TimePoint now) const {
  const std::pair<std::string, std::string> places[] = {{type, zone}, {type, ""}, {"", zone}, {}};
  for (const auto& place : places) {
    const auto found = shortages_.find(place);
    if (found != shortages_.end() && now < found->second.until) return &found->second.failure;
  }
  return nullptr;
}

}  // namespace casim::provider
