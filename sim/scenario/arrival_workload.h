// How a scenario writes pods that arrive over time: rates, sizes, run times. Part of scenario.h.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "src/core/distribution.h"
#include "src/core/quantity.h"
#include "src/core/time.h"

namespace casim::sim {

// Written as "2/s", "90/m", "120/h" or "5000/d".
struct PodRate {
  double per_second = 0;

  auto operator<=>(const PodRate&) const = default;
};

struct ConstantRate {
  PodRate rate;
};

struct RampRate {
  PodRate from, to;
  Duration at{};
  Duration over{};
};

struct BurstsRate {
  int size = 0;
  Duration at{};
  Duration every{};
  Duration over = std::chrono::seconds(1);
  Duration jitter{};
};

struct CycleRate {
  PodRate peak;
  double trough = 0.3;  // assumed: share of the peak that is left at night, as in design's budgets
  Duration peak_at = std::chrono::hours(14);  // assumed: of the day, UTC
  std::vector<double> hours;                  // instead of a cosine
  std::vector<double> weekdays;               // empty: all alike
};

struct MarkovState {
  PodRate rate;
  Duration mean{};
  std::vector<double> next;  // weights of all states; empty: all others alike
};

struct MarkovRate {
  std::vector<MarkovState> states;
};

struct OnOffRate {
  PodRate rate;
  Distribution on;
  Distribution off;
};

// One of the rates that add up.
struct RateTerm {
  std::optional<Duration> from;
  std::optional<Duration> to;
  double scale = 1;
  std::variant<ConstantRate, RampRate, BurstsRate, CycleRate, MarkovRate, OnOffRate> body;
};

struct CpuColumn {
  std::string column;
  MilliCpu unit{1000};
};

struct MemoryColumn {
  std::string column;
  Bytes unit{1};
};

struct DurationColumn {
  std::string column;
  Duration unit = std::chrono::seconds(1);
};

// Recorded pods: each pod that arrives is one row of the file, so that what goes together stays so.
struct EmpiricalRows {
  std::filesystem::path file;
  std::optional<CpuColumn> cpu;
  std::optional<MemoryColumn> memory;
  std::optional<DurationColumn> run_for;
};

struct SizeDistributions {
  std::optional<CpuDistribution> cpu;
  std::optional<MemoryDistribution> memory;
};

enum class ArrivalProcess { kPoisson, kRegular };
enum class ArrivesAs { kJob, kPod };

}  // namespace casim::sim
