#include "src/ec2/region.h"

#include <cstddef>

namespace casim::ec2 {

std::string region_of(std::string_view zone) {
  constexpr std::string_view kDigits = "0123456789";
  for (auto dash = zone.find('-'); dash != zone.npos; dash = zone.find('-', dash + 1)) {
    const std::size_t end = zone.find_first_not_of(kDigits, dash + 1);
    if (end != dash + 1) return std::string(zone.substr(0, end));
  }
  return std::string(zone);
}

}  // namespace casim::ec2
