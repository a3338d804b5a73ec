// A threshold: what one value of a summary must be, as a user writes it.
//
//   scale_up_latency.total.p99 < 4m        pods.unserved == 0        stopped_by == idle
//
// A value, one of < <= > >= == !=, and what it is compared with, in the unit of the value: a
// duration for seconds, a number or 12 % for a share, true or false, a text.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "sim/metrics/summary_values.h"

namespace casim::sim {

enum class ThresholdRelation : std::uint8_t { kLess, kAtMost, kMore, kAtLeast, kEqual, kUnequal };

struct SummaryThreshold {
  std::string text;  // as it was written
  std::string path;  // of the value, names filled in: rpc.Refresh.calls
  ValueType type;
  ThresholdRelation relation = ThresholdRelation::kLess;
  config::Value bound;
};

// `values`: those of any run, for what there is and in which unit. The error says what is wrong,
// and what is allowed.
std::expected<SummaryThreshold, std::string> parse_threshold(std::string_view text,
                                                             const SummaryValues& values);

struct ThresholdVerdict {
  std::string threshold;
  config::Value measured;  // null: there is no answer, or nothing of that name
  bool holds = false;
};

// A total of something that the run has not seen is 0. Of other values, what has no answer (the
// percentile of nobody, or one that falls on pods that never ran) holds no threshold.
ThresholdVerdict judge(const SummaryThreshold& threshold, const SummaryValues& values);

// A bound in the unit of the value that it is for. The error says what is expected.
std::expected<config::Value, std::string> parse_bound(std::string_view text, const ValueType& type);

// That there is no such value, with the nearest.
std::string unknown_value(std::string_view path, const SummaryValues& values);

// "77.14 s", "12 pods", "never".
std::string measured_text(const config::Value& measured, const ValueType& type);

}  // namespace casim::sim
