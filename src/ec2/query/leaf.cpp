#include "src/ec2/query/leaf.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <system_error>

#include <fmt/format.h>

#include "src/config/units.h"

namespace casim::ec2::query {
namespace {

template <class Number>
bool read_number(std::string_view text, Number& value) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end;
}

constexpr InstanceState kStates[] = {InstanceState::kPending,      InstanceState::kRunning,
                                     InstanceState::kShuttingDown, InstanceState::kTerminated,
                                     InstanceState::kStopping,     InstanceState::kStopped};

}  // namespace

std::string Leaf<int>::write(int value) { return std::to_string(value); }

bool Leaf<int>::read(std::string_view text, int& value) { return read_number(text, value); }

std::string Leaf<double>::write(double value) { return fmt::format("{}", value); }

bool Leaf<double>::read(std::string_view text, double& value) {
  return read_number(text, value) && std::isfinite(value);
}

bool Leaf<bool>::read(std::string_view text, bool& value) {
  value = text == "true";
  return value || text == "false";
}

std::string Leaf<WallTime>::write(WallTime value) {
  const auto whole = std::chrono::floor<std::chrono::milliseconds>(value);
  const auto day = std::chrono::floor<std::chrono::days>(whole);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(whole - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     time.subseconds().count());
}

bool Leaf<WallTime>::read(std::string_view text, WallTime& value) {
  const auto parsed = config::parse_wall_time(text);
  if (parsed) value = *parsed;
  return parsed.has_value();
}

std::string Leaf<StateCode>::write(StateCode code) {
  return std::to_string(static_cast<int>(code.value));
}

bool Leaf<StateCode>::read(std::string_view text, StateCode& code) {
  int number = 0;
  if (!read_number(text, number)) return false;
  for (const InstanceState state : kStates) {
    if (static_cast<int>(state) != (number & 0xFF)) continue;
    code.value = state;
    return true;
  }
  return false;
}

bool read_size(std::string_view text, std::int64_t unit, Bytes& value) {
  std::int64_t number = 0;
  if (!read_number(text, number) || number < 0) return false;
  if (number > std::numeric_limits<std::int64_t>::max() / unit) return false;
  value = Bytes(number * unit);
  return true;
}

}  // namespace casim::ec2::query
