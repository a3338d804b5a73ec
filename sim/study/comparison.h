// Two results of one scenario: which values differ, by how much, and whether that is worse. Virtual
// results are exact, so any difference is one.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "sim/metrics/summary_values.h"
#include "src/config/value.h"

namespace casim::sim {

struct ChangedValue {
  std::string path;
  ValueType type;
  config::Value base;  // null: there is none
  config::Value now;
  std::optional<double> difference;  // of numbers
  bool is_worse = false;             // by the direction that is better for it
};

struct Comparison {
  std::string name;  // "first-burst, seed 1"
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

// Of summary.json as read. The error says why they cannot be compared. `across`: another scenario
// or seed will do.
std::expected<Comparison, std::string> compare_summaries(const config::Value& base,
                                                         const config::Value& now, bool across);

}  // namespace casim::sim
