// Comparisons for people and for machines.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sim/study/comparison.h"
#include "sim/study/wall_time.h"
#include "src/config/value.h"

namespace casim::sim {

// A comparison, and those of its values that are worse than they may be.
struct JudgedComparison {
  Comparison comparison;
  std::vector<const ChangedValue*> failures;  // into it
  std::optional<WallTimeComparison> wall_time{};
  bool is_too_slow = false;  // longer than the gate allows

  bool fails() const { return !failures.empty() || is_too_slow; }
};

// A table of what changed, for a terminal; `most`: so many values at most.
std::string to_text(const JudgedComparison& judged, std::size_t most);
std::string to_markdown(const JudgedComparison& judged, std::size_t most);
config::Value to_value(const JudgedComparison& judged);
// A test suite a comparison, a test case for each value that fails; one that passes if none does.
std::string to_junit(const std::vector<JudgedComparison>& all);

}  // namespace casim::sim
