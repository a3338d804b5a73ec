#include "sim/ec2/config.h"

#include <cctype>
#include <string_view>

namespace casim::sim {

std::vector<std::pair<SpotInterruptions, std::string_view>> enum_names(SpotInterruptions) {
  return {{SpotInterruptions::kNone, "none"},
          {SpotInterruptions::kCalm, "calm"},
          {SpotInterruptions::kBusy, "busy"},
          {SpotInterruptions::kHostile, "hostile"}};
}

// -ln(1 - share) over the hours of the share.
double hazard_per_hour(const SpotConfig& config) {
  if (config.interruptions_per_hour) return *config.interruptions_per_hour;
  switch (config.interruptions) {
    case SpotInterruptions::kNone:
      return 0;
    case SpotInterruptions::kCalm:
      return 7.1e-5;
    case SpotInterruptions::kBusy:
      return 3.1e-4;
    case SpotInterruptions::kHostile:
      return 0.105;
  }
  return 0;
}

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
