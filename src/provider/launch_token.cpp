#include "src/provider/launch_token.h"

#include <cassert>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace casim::provider {
namespace {

std::optional<int> number_in(std::string_view text) {
  int number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::string call_token(std::string_view name, int size) {
  assert(size >= 1);
  return size == 1 ? std::string(name) : fmt::format("{}-{}", name, size);
}

std::string slot_token(const LaunchToken& token) {
  assert(token.place >= 0);
  assert(token.place < token.size);
  return token.size == 1 ? token.call : slot_token_at(token.call, token.place);
}

std::string slot_token_at(std::string_view call, int place) {
  return fmt::format("{}#{}", call, place);
}

LaunchToken parse_launch_token(std::string_view slot_token) {
  const LaunchToken alone{.call = std::string(slot_token)};
  const auto hash = slot_token.rfind('#');
  if (hash == std::string_view::npos) return alone;
  const std::string_view call = slot_token.substr(0, hash);
  const auto dash = call.rfind('-');
  if (dash == std::string_view::npos) return alone;
  const std::optional<int> place = number_in(slot_token.substr(hash + 1));
  const std::optional<int> size = number_in(call.substr(dash + 1));
  if (!place || !size || *size < 2 || *place < 0 || *place >= *size) return alone;
  return {.call = std::string(call), .size = *size, .place = *place};
}

}  // namespace casim::provider
