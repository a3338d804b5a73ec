#include "src/provider/failure.h"

#include <algorithm>
#include <array>
#include <utility>

namespace casim::provider {
namespace {

// Capacity, quota, and what no retry in this pool would cure soon. All others are class 99.
constexpr std::array<std::string_view, 21> kOutOfResources = {
    "InsufficientInstanceCapacity",
    "InsufficientCapacity",
    "InsufficientHostCapacity",
    "InsufficientReservedInstanceCapacity",
    "InsufficientVolumeCapacity",
    "InsufficientAddressCapacity",
    "InsufficientFreeAddressesInSubnet",
    "UnfulfillableCapacity",
    "MaxSpotInstanceCountExceeded",
    "SpotMaxPriceTooLow",
    "InstanceLimitExceeded",
    "VcpuLimitExceeded",
    "MaxIOPSLimitExceeded",
    "VolumeLimitExceeded",
    "NetworkInterfaceLimitExceeded",
    "PrivateIpAddressLimitExceeded",
    "MaxFleetCountExceeded",
    "ReservationCapacityExceeded",
    "Unsupported",
    // State reasons of a Spot instance that was taken back: there is no capacity left for it.
    "SpotInstanceTermination",
    "SpotInstanceShutdown",
};

std::string_view without_prefix(std::string_view code) {
  for (const std::string_view prefix : {"Server.", "Client."}) {
    if (code.starts_with(prefix)) return code.substr(prefix.size());
  }
  return code;
}

}  // namespace

int error_class_of(std::string_view code) {
  const bool found =
      std::ranges::find(kOutOfResources, without_prefix(code)) != kOutOfResources.end();
  return found ? SlotFailure::kOutOfResources : SlotFailure::kOther;
}

SlotFailure make_failure(std::string code, std::string message) {
  if (code.empty()) code = "Unknown";
  const int error_class = error_class_of(code);
  return SlotFailure{
      .code = std::move(code), .message = std::move(message), .error_class = error_class};
}

}  // namespace casim::provider
