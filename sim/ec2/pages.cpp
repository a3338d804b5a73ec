#include "sim/ec2/pages.h"

#include <charconv>
#include <cstddef>
#include <string_view>

#include <fmt/format.h>

#include "src/core/random.h"

namespace casim::sim {
namespace {

constexpr std::size_t kDigits = 16;  // of each number

// Serial number, check and position, so that no text which nobody issued is taken for a token.
std::string write_token(std::uint64_t listing, std::uint64_t serial, std::string_view position) {
  const std::uint64_t check = hash_combine(hash_bytes(position, serial), listing);
  std::string token = fmt::format("{:016x}{:016x}", serial, check);
  for (const char c : position) token += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return token;
}

template <class Number>
std::optional<Number> read_hex(std::string_view digits) {
  Number number{};
  const char* end = digits.data() + digits.size();
  const std::from_chars_result read = std::from_chars(digits.data(), end, number, 16);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

}  // namespace

std::string PageTokens::issue(std::uint64_t listing, const std::string& position) {
  return write_token(listing, issued_++, position);
}

std::optional<std::string> PageTokens::position_of(std::uint64_t listing,
                                                   const std::string& token) const {
  if (token.size() < 2 * kDigits) return std::nullopt;
  const std::string_view text = token;
  const auto serial = read_hex<std::uint64_t>(text.substr(0, kDigits));
  if (!serial || *serial >= issued_) return std::nullopt;
  std::string position;
  for (std::size_t at = 2 * kDigits; at < text.size(); at += 2) {
    const auto byte = read_hex<unsigned char>(text.substr(at, 2));
    if (!byte) return std::nullopt;
    position += static_cast<char>(*byte);
  }
  if (token != write_token(listing, *serial, position)) return std::nullopt;
  return position;
}

ec2::Attempt<std::string> start_of(const PageTokens& tokens, const PageRequest& page) {
  if (page.next_token.empty()) return std::string();
  std::optional<std::string> position = tokens.position_of(page.listing, page.next_token);
  if (position) return *std::move(position);
  return std::unexpected(ec2::error_reply(ec2::ErrorCode::kInvalidPaginationToken,
                                          "The specified pagination token is not valid."));
}

ec2::Attempt<void> check_max_results(int max_results, int least, int most) {
  if (max_results == 0 || (max_results >= least && max_results <= most)) return {};
  return std::unexpected(
      ec2::error_reply(ec2::ErrorCode::kInvalidParameterValue,
                       fmt::format("Value ( {} ) for parameter maxResults is invalid. Expecting a "
                                   "value from {} to {}.",
                                   max_results, least, most)));
}

}  // namespace casim::sim
