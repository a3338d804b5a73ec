#include "src/provider/shortages.h"

#include <map>

#include "tests/catch.h"

using namespace casim;
using namespace casim::provider;

// Where else a launch may succeed after the code: ec2.md section 2 has the causes.
TEST_CASE("every code of a shortage has its scope", "[provider]") {
  using enum ShortageScope;
  const std::map<std::string_view, ShortageScope> expected = {
      {"InsufficientInstanceCapacity", kPool},
      {"InsufficientCapacity", kPool},
      {"InsufficientHostCapacity", kPool},
      {"InsufficientReservedInstanceCapacity", kPool},
      {"InsufficientVolumeCapacity", kPool},
      {"InsufficientAddressCapacity", kRegion},
      {"InsufficientFreeAddressesInSubnet", kZone},
      {"UnfulfillableCapacity", kPool},
      {"MaxSpotInstanceCountExceeded", kType},
      {"SpotMaxPriceTooLow", kPool},
      {"InstanceLimitExceeded", kType},
      {"VcpuLimitExceeded", kType},
      {"MaxIOPSLimitExceeded", kRegion},
      {"VolumeLimitExceeded", kRegion},
      {"NetworkInterfaceLimitExceeded", kRegion},
      {"PrivateIpAddressLimitExceeded", kRegion},
      {"MaxFleetCountExceeded", kRegion},
      {"ReservationCapacityExceeded", kPool},
      {"Unsupported", kPool},
  };
  std::size_t shortages = 0;
  for (const ec2::ErrorCodeInfo& row : ec2::error_codes()) {
    if (!row.is_shortage) continue;
    CAPTURE(row.text);
    REQUIRE(expected.contains(row.text));
    CHECK(scope_of(row.code) == expected.at(row.text));
    ++shortages;
  }
  CHECK(shortages == expected.size());
}
