// Rates, money and plain numbers as text.
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "src/config/decimal.h"
#include "src/config/units.h"

namespace casim::config {
namespace {

constexpr std::int64_t kMicrosPerDollar = 1'000'000;

struct Period {
  std::string_view name;
  Duration length;
};

constexpr Period kPeriods[] = {
    {"s", std::chrono::seconds(1)},
    {"m", std::chrono::minutes(1)},
    {"h", std::chrono::hours(1)},
    {"d", std::chrono::hours(24)},
};

}  // namespace

Parsed<Rate> parse_rate(std::string_view text) {
  if (text.empty()) return std::unexpected("it is empty");
  if (text.front() == '-') return std::unexpected("it must not be negative");
  Rate rate;
  const char* end = text.data() + text.size();
  const auto [rest, status] = std::from_chars(text.data(), end, rate.count);
  if (status == std::errc::result_out_of_range) return std::unexpected("the number is too large");
  if (status != std::errc{} || !std::isfinite(rate.count)) {
    return std::unexpected("it does not start with a number");
  }
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  if (text.empty()) return std::unexpected("the period is missing (/s, /m, /h, /d)");
  for (const Period& period : kPeriods) {
    if (text.front() != '/' || text.substr(1) != period.name) continue;
    rate.per = period.length;
    return rate;
  }
  return std::unexpected(fmt::format("unknown period \"{}\" (allowed: /s, /m, /h, /d)", text));
}

std::string write_rate(const Rate& rate) {
  for (const Period& period : kPeriods) {
    if (period.length == rate.per) {
      return fmt::format("{}/{}", write_number(rate.count), period.name);
    }
  }
  return write_number(rate.per_second()) + "/s";
}

Parsed<std::int64_t> parse_micro_usd(std::string_view text) {
  if (text.empty()) return std::unexpected("it is empty");
  if (text.front() == '-') return std::unexpected("it must not be negative");
  const auto number = take_decimal(text);
  if (!number) return std::unexpected("it does not start with a number");
  if (!text.empty()) return std::unexpected(fmt::format("\"{}\" follows the number", text));
  const auto amount = scaled(*number, kMicrosPerDollar);
  if (!amount) return std::unexpected("it is too large");
  if (amount->has_rest) return std::unexpected("it has more than six decimals");
  return amount->whole;
}

std::string write_micro_usd(std::int64_t micro_usd) {
  const auto magnitude = micro_usd < 0 ? 0 - static_cast<std::uint64_t>(micro_usd)
                                       : static_cast<std::uint64_t>(micro_usd);
  std::string text = fmt::format("{}{}.{:06}", micro_usd < 0 ? "-" : "",
                                 magnitude / kMicrosPerDollar, magnitude % kMicrosPerDollar);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string write_number(double number) { return fmt::format("{}", number); }

}  // namespace casim::config
