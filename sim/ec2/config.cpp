#include "sim/ec2/config.h"

#include <cctype>
#include <string_view>

namespace casim::sim {

std::string quota_family(const std::string& instance_type) {
  std::string letters;
  for (const char c : instance_type) {
    if (std::isalpha(static_cast<unsigned char>(c)) == 0) break;
    letters += c;
  }
  if (letters == "vt") return "g";
  constexpr std::string_view kStandard = "acdhimrtz";
  // i4i, im4gn and is4gen are all of the standard bucket; inf is not.
  if (letters == "im" || letters == "is") return "standard";
  if (letters.size() == 1 && kStandard.find(letters[0]) != std::string_view::npos) {
    return "standard";
  }
  return letters;
}

}  // namespace casim::sim
