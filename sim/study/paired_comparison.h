// Two sets of runs of one scenario under the same seeds: which values differ by more than luck. The
// runs of one seed share their luck, so what is judged is the difference within each pair:
//   - its mean, with a 95 % interval by the studentised bootstrap over seeds (interval.h);
//   - whether it is 0, by the paired t test, corrected for the number of values that are tested
//     (Holm 1979), as one of a hundred harmless values would else look worse by chance.
// A value is worse if the interval excludes 0 on its bad side and the corrected p is at most 0.05.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "sim/study/comparison.h"

namespace casim::sim {

// Below, seeds are compared one by one.
inline constexpr std::size_t kFewestPairs = 5;

using SummaryPair = std::pair<const config::Value*, const config::Value*>;

// Of summary.json as read, base and new. The error says why they cannot be compared. Requires: at
// least kFewestPairs, of one scenario. `across`: as of compare_summaries().
std::expected<Comparison, std::string> compare_replicated(const std::string& scenario,
                                                          const std::vector<SummaryPair>& pairs,
                                                          bool across);

}  // namespace casim::sim
