#include "src/provider/placeholder.h"

#include <charconv>
#include <cstdint>

#include <fmt/format.h>

namespace casim::provider {
namespace {

constexpr std::string_view kScheme = "aws:///";
constexpr std::string_view kName = "i-placeholder-";

}  // namespace

std::string make_provider_id(std::string_view zone, std::string_view instance_id) {
  return fmt::format("{}{}/{}", kScheme, zone, instance_id);
}

std::string make_placeholder(std::string_view zone, std::string_view group, SlotId slot) {
  return fmt::format("{}{}/{}{}-{}", kScheme, zone, kName, group, slot.value());
}

std::optional<Placeholder> parse_placeholder(std::string_view provider_id) {
  if (!provider_id.starts_with(kScheme)) return std::nullopt;
  const std::size_t slash = provider_id.find('/', kScheme.size());
  if (slash == std::string_view::npos) return std::nullopt;
  std::string_view name = provider_id.substr(slash + 1);
  if (!name.starts_with(kName)) return std::nullopt;
  name.remove_prefix(kName.size());
  const std::size_t dash = name.rfind('-');  // a group's id may contain dashes
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view number = name.substr(dash + 1);
  std::uint64_t slot = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), slot);
  if (error != std::errc{} || end != number.data() + number.size()) return std::nullopt;
  return Placeholder{std::string(name.substr(0, dash)), SlotId(slot)};
}

std::string zone_of(std::string_view provider_id) {
  if (!provider_id.starts_with(kScheme)) return {};
  provider_id.remove_prefix(kScheme.size());
  const std::size_t slash = provider_id.find('/');
  return slash == std::string_view::npos ? std::string()
                                         : std::string(provider_id.substr(0, slash));
}

}  // namespace casim::provider
