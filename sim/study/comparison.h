// Two results of one scenario: which values differ, by how much, and whether that is worse. Virtual
// results are exact, so any difference is one.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "sim/metrics/summary_values.h"
#include "sim/study/interval.h"
#include "src/config/value.h"

namespace casim::sim {

// How a number differs over pairs of runs of one seed each.
struct PairedDifference {
  std::int64_t up = 0;  // pairs in which it is greater now
  std::int64_t down = 0;
  Interval mean;  // 95 % of the mean difference
  double p = 1;   // of no difference
};

struct ChangedValue {
  std::string path;
  ValueType type;
  config::Value base;  // null: there is none; a mean, where paired
  config::Value now;
  std::optional<double> difference;          // of numbers
  bool is_worse = false;                     // by the direction that is better for it
  std::optional<PairedDifference> paired{};  // over seeds
};

struct Comparison {
  std::string name;       // "first-burst, seed 1"
  std::size_t pairs = 1;  // of runs
  std::size_t values = 0;
  std::vector<ChangedValue> changed;  // in the order of summary.json
  bool has_other_digest = false;
  std::string version_before;  // of results, where they differ; else empty
  std::string version_now;

  // The stage that made most of a change of the mean wait for a new node; none: it did not change.
  struct Stage {
    std::string name;
    double seconds = 0;        // by which its own mean changed
    double total_seconds = 0;  // by which the whole changed
  };

  std::optional<Stage> stage;
};

// The stage whose mean moved most; none: none of them did.
std::optional<Comparison::Stage> stage_of(const std::vector<ChangedValue>& changed);

// Of summary.json as read. The error says why they cannot be compared. `across`: another scenario
// or seed will do.
std::expected<Comparison, std::string> compare_summaries(const config::Value& base,
                                                         const config::Value& now, bool across);

}  // namespace casim::sim
