#include "sim/workloads/volume_claims.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <optional>
#include <string_view>

namespace casim::sim {
namespace {

// FNV-1, 32 bits.
std::uint32_t fnv1(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char c : text) hash = (hash * 16777619U) ^ static_cast<unsigned char>(c);
  return hash;
}

std::optional<std::uint32_t> number_in(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::string claim_name(const VolumeClaimTemplate& claim, const std::string& set,
                       std::uint64_t ordinal) {
  return claim.name + "-" + set + "-" + std::to_string(ordinal);
}

const std::string& zone_of_claim(const std::string& name, const std::vector<std::string>& zones) {
  assert(!zones.empty());
  assert(std::ranges::is_sorted(zones));
  std::string_view base = name;
  std::uint32_t ordinal = 0;
  if (const std::size_t dash = base.rfind('-'); dash != std::string_view::npos) {
    if (const auto number = number_in(base.substr(dash + 1))) {
      ordinal = *number;
      base = base.substr(0, dash);
      base = base.substr(base.rfind('-') + 1);  // without a dash: all of it
    }
  }
  return zones[(fnv1(base) + ordinal) % static_cast<std::uint32_t>(zones.size())];
}

}  // namespace casim::sim
