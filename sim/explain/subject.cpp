#include "sim/explain/subject.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "src/config/names.h"
#include "src/config/units.h"

namespace casim::sim {
namespace {

constexpr std::array<std::string_view, 5> kKinds = {"pod", "node", "group", "loop", "slowest"};
constexpr std::string_view kForms =
    "pod/NAME, node/NAME, group/NAME, loop/TIME (480, 8m, 2026-01-05T08:08:00Z) or slowest";

// Seconds without a unit, a duration, or a calendar time.
std::optional<TimePoint> time_of(std::string_view text, WallTime start) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc{} && end == text.data() + text.size() && seconds >= 0 && seconds < 1e9) {
    return kTimeZero + from_seconds(seconds);
  }
  if (const auto since = config::parse_duration(text); since && *since >= Duration{}) {
    return kTimeZero + *since;
  }
  if (const auto wall = config::parse_wall_time(text); wall && *wall >= start) {
    return kTimeZero + (*wall - start);
  }
  return std::nullopt;
}

}  // namespace

std::expected<Subject, std::string> parse_subject(std::string_view text, WallTime start) {
  if (text == "slowest") return Subject{SubjectKind::kSlowest, "", {}};
  const std::size_t slash = text.find('/');
  const std::string_view kind = text.substr(0, slash);
  const auto* const known = std::ranges::find(kKinds, kind);
  if (known == kKinds.end()) {
    return std::unexpected(
        fmt::format("unknown kind of thing \"{}\"{}", kind, config::suggestion(kind, kKinds)));
  }
  if (slash == std::string_view::npos || slash + 1 == text.size() || kind == "slowest") {
    return std::unexpected(fmt::format("\"{}\": expected {}", text, kForms));
  }
  Subject out{
      static_cast<SubjectKind>(known - kKinds.begin()), std::string(text.substr(slash + 1)), {}};
  if (out.kind != SubjectKind::kLoop) return out;
  const auto at = time_of(out.name, start);
  if (!at) {
    return std::unexpected(
        fmt::format("\"{}\" is no time of the run: expected seconds or a duration since its start "
                    "(480, 8m), or a calendar time from {} on",
                    out.name, config::write_wall_time(start)));
  }
  out.at = *at;
  return out;
}

}  // namespace casim::sim
