#include "sim/report/clock_text.h"

#include <fmt/format.h>

#include "sim/report/series_csv.h"

namespace casim::sim {

std::string clock_text(TimePoint t) {
  const double s = to_seconds(t);
  if (s < 60) return short_number(s, 2) + "s";
  const auto whole = static_cast<std::int64_t>(s);
  std::string out;
  std::int64_t left = whole;
  for (const auto& [size, unit] : {std::pair{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}}) {
    if (left >= size) out += fmt::format("{}{}{}", out.empty() ? "" : " ", left / size, unit);
    left %= size;
  }
  return out;
}

}  // namespace casim::sim
