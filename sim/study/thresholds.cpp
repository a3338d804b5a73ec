#include "sim/study/thresholds.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "sim/metrics/first_breach.h"

namespace casim::sim {

std::vector<SummaryThreshold> read_thresholds(const LoadedScenario& loaded,
                                              config::Problems& problems) {
  const SummaryValues of_no_run = values_of(Summary{});
  std::vector<SummaryThreshold> out;
  for (std::size_t i = 0; i < loaded.scenario.thresholds.size(); ++i) {
    auto threshold = parse_threshold(loaded.scenario.thresholds[i], of_no_run);
    if (threshold) {
      out.push_back(*std::move(threshold));
    } else {
      loaded.document.error(problems, fmt::format("thresholds[{}]", i), threshold.error());
    }
  }
  return out;
}

void judge_thresholds(const std::vector<SummaryThreshold>& thresholds, const Collectors& told,
                      Summary& summary) {
  const SummaryValues values = values_of(summary);
  for (const SummaryThreshold& threshold : thresholds) {
    const ThresholdVerdict verdict = judge(threshold, values);
    JudgedThreshold& judged = summary.thresholds.emplace_back();
    judged.threshold = verdict.threshold;
    judged.measured = measured_text(verdict.measured, threshold.type);
    if (summary.partial) continue;
    judged.holds = verdict.holds;
    if (!verdict.holds) judged.broken_from = first_breach(threshold, summary, told);
  }
}

bool breaks_threshold(const Summary& summary) {
  return std::ranges::any_of(summary.thresholds,
                             [](const JudgedThreshold& one) { return one.holds == false; });
}

}  // namespace casim::sim
