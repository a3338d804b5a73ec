#include <charconv>

#include <fmt/format.h>

#include "src/config/units.h"

namespace casim::config {
namespace {

constexpr int kFirstYear = 1678;  // WallTime counts nanoseconds in 64 bits
constexpr int kLastYear = 2261;
constexpr std::string_view kShape = "it is not of the form 2026-01-05T00:00:00Z";

// Takes fixed parts from the front of a text; after a failure all further takes fail.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }

  bool at_end() const { return rest_.empty(); }

  bool next_is(char c) const { return !rest_.empty() && rest_.front() == c; }

  int number(std::size_t digits) {
    const std::string_view part = rest_.substr(0, digits);
    if (part.size() < digits || part.find_first_not_of("0123456789") != part.npos) ok_ = false;
    if (!ok_) return 0;
    rest_.remove_prefix(digits);
    int value = 0;
    std::from_chars(part.data(), part.data() + part.size(), value);
    return value;
  }

  void expect(char c) {
    if (!next_is(c)) ok_ = false;
    if (ok_) rest_.remove_prefix(1);
  }

  // ".5" in nanoseconds.
  std::int64_t fraction() {
    if (!next_is('.')) return 0;
    rest_.remove_prefix(1);
    std::size_t digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (digits == 0 || digits > 9) ok_ = false;
    if (!ok_) return 0;
    std::int64_t value = number(digits);
    for (; digits < 9; ++digits) value *= 10;
    return value;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

Parsed<Duration> take_offset(Scanner& in) {
  if (in.at_end()) return std::unexpected("the time zone is missing (Z means UTC)");
  if (in.next_is('Z')) {
    in.expect('Z');
    return Duration(0);
  }
  const bool west = in.next_is('-');
  in.expect(west ? '-' : '+');
  const int hours = in.number(2);
  in.expect(':');
  const int minutes = in.number(2);
  if (hours > 23 || minutes > 59) return std::unexpected("there is no such time zone");
  const Duration offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return west ? -offset : offset;
}

}  // namespace

Parsed<WallTime> parse_wall_time(std::string_view text) {
  Scanner in(text);
  const int year = in.number(4);
  in.expect('-');
  const int month = in.number(2);
  in.expect('-');
  const int day = in.number(2);
  in.expect('T');
  const int hour = in.number(2);
  in.expect(':');
  const int minute = in.number(2);
  in.expect(':');
  const int second = in.number(2);
  const std::int64_t nanoseconds = in.fraction();
  if (!in.ok()) return std::unexpected(std::string(kShape));
  const auto offset = take_offset(in);
  if (!offset) return std::unexpected(offset.error());
  if (!in.ok() || !in.at_end()) return std::unexpected(std::string(kShape));
  if (year < kFirstYear || year > kLastYear) {
    return std::unexpected(fmt::format("the year is not in {} to {}", kFirstYear, kLastYear));
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::unexpected("there is no such day");
  if (hour > 23 || minute > 59 || second > 59) return std::unexpected("there is no such time");
  return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second) + Duration(nanoseconds) -
         *offset;
}

std::string write_wall_time(WallTime t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date(day);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(t - day);
  const auto nanoseconds = (t - day - seconds).count();
  const auto count = seconds.count();
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  count / 3600, count / 60 % 60, count % 60);
  if (nanoseconds > 0) {
    text += fmt::format(".{:09}", nanoseconds);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + "Z";
}

}  // namespace casim::config
