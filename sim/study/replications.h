// One scenario under several seeds: each value of the summary over its runs. Percentiles over pods
// are values of each run; here they get a mean over runs, and how sure it is.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/metrics/summary_values.h"
#include "sim/study/interval.h"
#include "src/config/value.h"

namespace casim::sim {

struct ReplicatedValue {
  std::string path;
  ValueType type;
  bool is_zero_if_absent = false;
  std::vector<double> runs;      // those that have a number, in order of seed
  std::int64_t without = 0;      // runs that have none: never
  std::optional<Interval> mean;  // none: too few, or one has no number
  std::optional<Interval> median;
};

struct Replications {
  std::string scenario;
  std::string version;  // of results
  std::vector<std::uint64_t> seeds;
  std::vector<std::string> digests;          // by run
  std::vector<ReplicatedValue> values;       // in the order of summary.json
  std::map<std::string, std::int64_t> held;  // by threshold: in how many runs

  const ReplicatedValue* find(const std::string& path) const;  // null: there is none
};

// Of summaries as read, in any order. The error names what does not belong together: two of one
// seed, a seed between the others that is missing, another scenario or version, a partial run.
std::expected<Replications, std::string> replications_of(
    const std::vector<config::Value>& summaries);

// runs.json
config::Value to_value(const Replications& replications);

// For a terminal.
std::string to_text(const Replications& replications);

}  // namespace casim::sim
