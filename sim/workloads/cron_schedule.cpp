#include "sim/workloads/cron_schedule.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <vector>

#include <fmt/format.h>

namespace casim::sim {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"sun", "mon", "tue", "wed",
                                                       "thu", "fri", "sat"};

struct FieldKind {
  std::string_view name;
  unsigned min;
  unsigned max;
  std::span<const std::string_view> names;  // of min, min + 1, ...
};

constexpr FieldKind kMinute{"minute", 0, 59, {}};
constexpr FieldKind kHour{"hour", 0, 23, {}};
constexpr FieldKind kDay{"day of month", 1, 31, {}};
constexpr FieldKind kMonth{"month", 1, 12, kMonths};
constexpr FieldKind kWeekday{"day of week", 0, 6, kWeekdays};

template <class T>
using Parsed = std::expected<T, std::string>;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Parsed<unsigned> parse_number(std::string_view text, const FieldKind& kind) {
  const std::string word = lower(text);
  for (std::size_t i = 0; i < kind.names.size(); ++i) {
    if (kind.names[i] == word) return kind.min + static_cast<unsigned>(i);
  }
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    const std::string names =
        kind.names.empty() ? ""
                           : fmt::format(" or {} to {}", kind.names.front(), kind.names.back());
    return std::unexpected(fmt::format("{}: '{}' is neither a number from {} to {}{}", kind.name,
                                       text, kind.min, kind.max, names));
  }
  return value;
}

struct Range {
  unsigned from = 0;
  unsigned to = 0;
  unsigned step = 1;
  bool is_any = false;
};

Parsed<Range> parse_bounds(std::string_view text, bool has_step, const FieldKind& kind) {
  const std::vector<std::string_view> ends = split(text, '-');
  if (ends.size() > 2) {
    return std::unexpected(fmt::format("{}: too many hyphens in '{}'", kind.name, text));
  }
  if (ends[0] == "*" || ends[0] == "?") return Range{kind.min, kind.max, 1, true};
  const auto from = parse_number(ends[0], kind);
  if (!from) return std::unexpected(from.error());
  Range range{*from, *from, 1, false};
  if (ends.size() == 2) {
    const auto to = parse_number(ends[1], kind);
    if (!to) return std::unexpected(to.error());
    range.to = *to;
  } else if (has_step) {
    range.to = kind.max;  // "5/15" is "5-59/15"
  }
  return range;
}

Parsed<Range> parse_range(std::string_view text, const FieldKind& kind) {
  const std::vector<std::string_view> parts = split(text, '/');
  if (parts.size() > 2) {
    return std::unexpected(fmt::format("{}: too many slashes in '{}'", kind.name, text));
  }
  auto range = parse_bounds(parts[0], parts.size() == 2, kind);
  if (!range) return range;
  if (parts.size() == 2) {
    const auto step = parse_number(parts[1], {kind.name, 1, kind.max, {}});
    if (!step) return std::unexpected(step.error());
    range->step = *step;
    if (*step > 1) range->is_any = false;
  }
  const auto wrong = [&](std::string_view what) {
    return std::unexpected(fmt::format("{}: {} in '{}'; allowed are {} to {}", kind.name, what,
                                       text, kind.min, kind.max));
  };
  if (range->from < kind.min) return wrong(fmt::format("{} is too small", range->from));
  if (range->to > kind.max) return wrong(fmt::format("{} is too large", range->to));
  if (range->from > range->to) return wrong("the range ends before it begins");
  if (range->step == 0) return wrong("a step of 0");
  return range;
}

struct Field {
  std::uint64_t bits = 0;
  bool is_any = false;
};

Parsed<Field> parse_field(std::string_view text, const FieldKind& kind) {
  Field field;
  for (const std::string_view part : split(text, ',')) {
    if (part.empty()) continue;
    const auto range = parse_range(part, kind);
    if (!range) return std::unexpected(range.error());
    for (unsigned n = range->from; n <= range->to; n += range->step) {
      field.bits |= std::uint64_t{1} << n;
    }
    field.is_any = field.is_any || range->is_any;
  }
  return field;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::string_view word : split(text, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

Parsed<std::string_view> fields_of_name(std::string_view name) {
  if (name == "@yearly" || name == "@annually") return "0 0 1 1 *";
  if (name == "@monthly") return "0 0 1 * *";
  if (name == "@weekly") return "0 0 * * 0";
  if (name == "@daily" || name == "@midnight") return "0 0 * * *";
  if (name == "@hourly") return "0 * * * *";
  return std::unexpected(
      fmt::format("unknown schedule '{}'; allowed are @yearly, @annually, @monthly, @weekly, "
                  "@daily, @midnight, @hourly and @every with a duration",
                  name));
}

// "1h30m", "90s": whole numbers of hours, minutes and seconds.
Parsed<Duration> parse_every(std::string_view text) {
  Duration sum{};
  std::string_view rest = text;
  while (!rest.empty()) {
    std::int64_t n = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), n);
    const bool is_read = error == std::errc{} && end != rest.data() + rest.size() && n >= 0;
    if (!is_read || n > 1'000'000) break;
    if (*end == 'h') sum += hours(n);
    if (*end == 'm') sum += minutes(n);
    if (*end == 's') sum += seconds(n);
    if (*end != 'h' && *end != 'm' && *end != 's') break;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()) + 1);
  }
  if (text.empty() || !rest.empty()) {
    return std::unexpected(fmt::format("@every: '{}' is not a duration such as 1h30m", text));
  }
  return std::max<Duration>(sum, seconds(1));
}

bool has(std::uint64_t bits, unsigned n) { return (bits >> n & 1) != 0; }

}  // namespace

std::expected<CronSchedule, std::string> CronSchedule::parse(std::string_view text) {
  CronSchedule out;
  if (text.starts_with("TZ=") || text.starts_with("CRON_TZ=")) {
    return std::unexpected(std::string("a time zone in the schedule: all schedules are in UTC"));
  }
  if (constexpr std::string_view kEvery = "@every "; text.starts_with(kEvery)) {
    const auto every = parse_every(text.substr(kEvery.size()));
    if (!every) return std::unexpected(every.error());
    out.every_ = *every;
    return out;
  }
  if (text.starts_with('@')) {
    const auto fields = fields_of_name(text);
    if (!fields) return std::unexpected(fields.error());
    text = *fields;
  }
  const std::vector<std::string_view> words = words_of(text);
  if (words.size() != 5) {
    return std::unexpected(
        fmt::format("{} fields in '{}'; needed are 5: minute, hour, day of month, month, day of "
                    "week",
                    words.size(), text));
  }
  constexpr std::array kKinds = {kMinute, kHour, kDay, kMonth, kWeekday};
  std::array<Field, 5> fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto field = parse_field(words[i], kKinds[i]);
    if (!field) return std::unexpected(field.error());
    fields[i] = *field;
  }
  out.fields_ = {fields[0].bits, fields[1].bits,   fields[2].bits,  fields[3].bits,
                 fields[4].bits, fields[2].is_any, fields[4].is_any};
  return out;
}

bool CronSchedule::is_due_on(sys_days day) const {
  const std::chrono::year_month_day date(day);
  const bool is_day = has(fields_.days, static_cast<unsigned>(date.day()));
  const bool is_weekday = has(fields_.weekdays, std::chrono::weekday(day).c_encoding());
  if (!has(fields_.months, static_cast<unsigned>(date.month()))) return false;
  if (fields_.has_any_day || fields_.has_any_weekday) return is_day && is_weekday;
  return is_day || is_weekday;
}

std::optional<WallTime> CronSchedule::next(WallTime t) const {
  if (every_ > Duration{}) return cut_to_second(t) + every_;
  const WallTime from = std::chrono::floor<minutes>(t) + minutes(1);
  sys_days day = std::chrono::floor<days>(from);
  const sys_days last = day + days(5 * 366);
  Duration of_day = from - day;
  for (; day <= last; day += days(1), of_day = {}) {
    if (!is_due_on(day)) continue;
    for (; of_day < days(1); of_day += minutes(1)) {
      const auto minute = static_cast<unsigned>(of_day / minutes(1));
      if (!has(fields_.hours, minute / 60)) continue;
      if (has(fields_.minutes, minute % 60)) return day + of_day;
    }
  }
  return std::nullopt;
}

}  // namespace casim::sim
