#include "sim/ec2/client_tokens.h"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

namespace casim::sim {
namespace {

constexpr std::size_t kLongest = 64;  // ASCII characters

}  // namespace

ec2::Attempt<void> check_client_token(const std::string& token) {
  const bool is_ascii =
      std::ranges::all_of(token, [](char c) { return static_cast<unsigned char>(c) < 128; });
  if (is_ascii && token.size() <= kLongest) return {};
  return std::unexpected(ec2::error_reply(
      ec2::ErrorCode::kInvalidParameterValue,
      fmt::format("Invalid client token '{}': at most {} ASCII characters.", token, kLongest)));
}

}  // namespace casim::sim
