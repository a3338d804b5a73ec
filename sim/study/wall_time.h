// How long the runs of two results took on the machine: never exact, so told as a statistic.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/study/interval.h"

namespace casim::sim {

// Of meta.json.
struct RunDuration {
  double seconds = 0;
  std::string host;
};

// Of a result; none: it has no meta.json that says so.
std::optional<RunDuration> wall_time_of(const std::filesystem::path& result);

struct WallTimeComparison {
  std::size_t pairs = 0;
  bool same_host = true;
  double base = 0;  // medians, in seconds
  double now = 0;
  double ratio = 1;                 // median over the pairs of new to base
  std::optional<Interval> ratio95;  // by order statistics; none: fewer than 6 pairs
};

// None: no pair has both. Runs that took less than 50 ms say more of the machine than of casim and
// are left out.
std::optional<WallTimeComparison> compare_wall_times(
    const std::vector<std::pair<std::optional<RunDuration>, std::optional<RunDuration>>>& pairs);

// Whether it is longer by more than that share, for sure: on one host, with an interval that lies
// beyond it as a whole. Noise alone does not get there.
bool is_slower(const WallTimeComparison& times, double share);

std::string to_text(const WallTimeComparison& times);

}  // namespace casim::sim
