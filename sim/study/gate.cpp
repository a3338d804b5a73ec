#include "sim/study/gate.h"

#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "sim/metrics/collectors.h"
#include "sim/metrics/threshold.h"
#include "sim/study/summary_leaves.h"
#include "src/config/names.h"

namespace casim::sim {
namespace {

constexpr std::string_view kWallTime = "wall_time";

bool is_within(const ChangedValue& value, const GateLimit& limit) {
  if (!value.difference) return false;  // there is no number any more
  double difference = *value.difference;
  // Of means, what is sure: the end of the interval that is nearer to no difference.
  if (value.paired) difference = difference > 0 ? value.paired->mean.low : value.paired->mean.high;
  const double allowed =
      limit.is_relative ? limit.amount * std::abs(*value.base.as_double()) : limit.amount;
  return std::abs(difference) <= allowed;
}

std::expected<GateLimit, std::string> limit_of(const config::Value& written,
                                               const ValueType& type) {
  const std::string* text = written.as_string();
  if (text == nullptr) return std::unexpected("expected a text such as \"5%\" or \"2s\"");
  const bool is_relative = text->ends_with('%');
  // A share of anything is a share; what is none is measured in the unit of the value.
  const auto bound = parse_bound(*text, is_relative ? ValueType::share() : type);
  if (!bound) return std::unexpected(bound.error());
  const double amount = *bound->as_double();
  if (amount < 0) return std::unexpected("is negative");
  return GateLimit{amount, is_relative};
}

std::optional<double> wall_time_limit(const config::Value& written, const std::string& place,
                                      const config::Document& document,
                                      config::Problems& problems) {
  const auto limit = limit_of(written, ValueType::share());
  if (limit && limit->is_relative) return limit->amount;
  document.error(problems, place, limit ? "expected a share such as \"20%\"" : limit.error());
  return std::nullopt;
}

}  // namespace

std::optional<Gate> read_gate(const config::Document& document, config::Problems& problems) {
  constexpr std::string_view kLimits = "limits";
  const config::Value& root = document.root();
  const config::Value* limits = root.find(kLimits);
  if (limits == nullptr || limits->as_object() == nullptr) {
    document.error(problems, "limits",
                   "missing: an object of values and what they may be worse by");
    return std::nullopt;
  }
  for (const auto& [key, value] : *root.as_object()) {
    if (key != kLimits) {
      document.error(problems, key, "unknown key" + config::suggestion(key, {&kLimits, 1}));
    }
  }
  const SummaryValues table = values_of(Summary{});
  Gate gate;
  for (const auto& [path, written] : *limits->as_object()) {
    std::string place = "limits";
    config::append_key(place, path);
    if (path == kWallTime) {
      gate.wall_time = wall_time_limit(written, place, document, problems);
      continue;
    }
    const SummaryValues::Match match = table.match(path);
    if (match.row == nullptr) {
      document.error(problems, place, unknown_value(path, table));
    } else if (match.row->better == Better::kNeither) {
      document.error(problems, place, "neither more nor less of it is worse");
    } else if (const auto limit = limit_of(written, match.row->type); !limit) {
      document.error(problems, place, limit.error());
    } else {
      gate.limits[path] = *limit;
    }
  }
  return gate;
}

std::vector<const ChangedValue*> failures(const Comparison& comparison, const Gate* gate) {
  std::vector<const ChangedValue*> out;
  for (const ChangedValue& value : comparison.changed) {
    if (!value.is_worse) continue;
    // A threshold of the scenario is a promise whatever the gate looks at.
    if (gate != nullptr && !is_threshold(value.path)) {
      const auto limit = gate->limits.find(value.path);
      if (limit == gate->limits.end() || is_within(value, limit->second)) continue;
    }
    out.push_back(&value);
  }
  return out;
}

}  // namespace casim::sim
