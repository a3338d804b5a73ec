#include "sim/ec2/network.h"

#include <fmt/format.h>

#include "src/core/random.h"
#include "src/ec2/region.h"

namespace casim::sim {

Network::Network(const Ec2Config& config) {
  const std::string region =
      ec2::region_of(config.zones.empty() ? config.default_zone : config.zones.front());
  vpc_id_ = fmt::format("vpc-0{:016x}", hash_bytes(region));
  for (const std::string& zone : config.zones) subnet_in(zone);
  if (config.zones.empty()) subnet_in(config.default_zone);
}

const std::string& Network::subnet_in(const std::string& zone) {
  const auto [subnet, is_new] = subnet_of_zone_.try_emplace(zone);
  if (is_new) {
    subnet->second = fmt::format("subnet-0{:016x}", hash_bytes(zone));
    zone_of_subnet_[subnet->second] = zone;
  }
  return subnet->second;
}

const std::string* Network::zone_of(const std::string& subnet_id) const {
  const auto zone = zone_of_subnet_.find(subnet_id);
  return zone == zone_of_subnet_.end() ? nullptr : &zone->second;
}

std::string Network::address_of(std::uint64_t number) {
  return fmt::format("10.{}.{}.{}", number >> 16 & 255, number >> 8 & 255, number & 255);
}

}  // namespace casim::sim
