#include "src/backoff/delay.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace casim::backoff {
namespace {

// Beyond every run, and far from the end of Duration.
constexpr double kEndless = 1e9;  // s

}  // namespace

std::vector<std::pair<DelayKind, std::string_view>> enum_names(DelayKind) {
  return {{DelayKind::kNone, "none"},
          {DelayKind::kFull, "full"},
          {DelayKind::kEqual, "equal"},
          {DelayKind::kDecorrelated, "decorrelated"},
          {DelayKind::kFullBelowMax, "full_below_max"}};
}

Duration delay_of(const DelayRule& rule, Duration base, int retry, double u,
                  std::optional<Duration> previous) {
  assert(retry >= 0);
  assert(base > Duration{});
  if (rule.first_at_once && retry == 0) return Duration{};
  const double b = to_seconds(base);
  const double max = rule.max ? to_seconds(*rule.max) : kEndless;
  const double doubled = std::ldexp(b, retry);  // infinite at worst
  const double ceiling = std::min(doubled, max);
  switch (rule.kind) {
    case DelayKind::kNone:
      return from_seconds(ceiling);
    case DelayKind::kFull:
      return from_seconds(u * ceiling);
    case DelayKind::kEqual:
      return from_seconds(ceiling / 2 + u * ceiling / 2);
    case DelayKind::kDecorrelated: {
      const double before = previous ? to_seconds(*previous) : b;
      return from_seconds(std::min(max, b + u * (3 * before - b)));
    }
    case DelayKind::kFullBelowMax:
      return from_seconds(doubled > max ? max : u * doubled);
  }
  assert(false && "not a DelayKind");
  return {};
}

}  // namespace casim::backoff
