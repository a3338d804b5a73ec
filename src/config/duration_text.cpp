#include <fmt/format.h>

#include "src/config/decimal.h"
#include "src/config/units.h"

namespace casim::config {
namespace {

constexpr std::int64_t kMicro = 1'000;
constexpr std::int64_t kMilli = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

constexpr Unit kUnits[] = {
    {"ns", 1},      {"us", kMicro}, {"\u00b5s", kMicro}, {"\u03bcs", kMicro}, {"ms", kMilli},
    {"s", kSecond}, {"m", kMinute}, {"h", kHour},        {"d", 24 * kHour},
};

std::string_view take_unit(std::string_view& text) {
  const std::size_t length = std::min(text.find_first_of("0123456789."), text.size());
  const std::string_view unit = text.substr(0, length);
  text.remove_prefix(length);
  return unit;
}

// One number with its unit, added to `total`; the reason if that is impossible.
std::optional<std::string> add_part(std::string_view& text, std::int64_t& total) {
  const auto number = take_decimal(text);
  if (!number) return fmt::format("a number is missing before \"{}\"", text);
  const std::string_view name = take_unit(text);
  if (name.empty()) return "the unit is missing (ns, us, ms, s, m, h, d)";
  for (const Unit& unit : kUnits) {
    if (unit.name != name) continue;
    const auto part = scaled(*number, unit.nanoseconds);
    if (!part || __builtin_add_overflow(total, part->whole, &total)) {
      return "longer than 292 years";
    }
    return std::nullopt;
  }
  return fmt::format("unknown unit \"{}\" (allowed: ns, us, ms, s, m, h, d)", name);
}

// "1.5" for 1500 of 1000.
std::string decimal_text(std::uint64_t amount, std::uint64_t unit) {
  std::string text = fmt::format("{}", amount / unit);
  std::uint64_t rest = amount % unit;
  if (rest == 0) return text;
  text += '.';
  while (rest > 0) {
    rest *= 10;
    text += static_cast<char>('0' + rest / unit);
    rest %= unit;
  }
  return text;
}

std::string magnitude_text(std::uint64_t ns) {
  if (ns == 0) return "0s";
  if (ns < kMicro) return fmt::format("{}ns", ns);
  if (ns < kMilli) return decimal_text(ns, kMicro) + "us";
  if (ns < kSecond) return decimal_text(ns, kMilli) + "ms";
  std::string text;
  if (ns >= kHour) text += fmt::format("{}h", ns / kHour);
  if (ns % kHour >= kMinute) text += fmt::format("{}m", ns % kHour / kMinute);
  if (ns % kMinute > 0) text += decimal_text(ns % kMinute, kSecond) + "s";
  return text;
}

}  // namespace

Parsed<Duration> parse_duration(std::string_view text) {
  if (text.empty()) return std::unexpected("it is empty");
  const bool negative = text.front() == '-';
  if (negative || text.front() == '+') text.remove_prefix(1);
  if (text.empty()) return std::unexpected("a number is missing");
  if (text == "0") return Duration(0);
  std::int64_t total = 0;
  while (!text.empty()) {
    if (auto reason = add_part(text, total)) return std::unexpected(std::move(*reason));
  }
  return Duration(negative ? -total : total);
}

std::string write_duration(Duration d) {
  const std::int64_t ns = d.count();
  if (ns >= 0) return magnitude_text(static_cast<std::uint64_t>(ns));
  return "-" + magnitude_text(0 - static_cast<std::uint64_t>(ns));
}

}  // namespace casim::config
