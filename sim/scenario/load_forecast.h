// What a load would offer if nothing held it up: every pod runs from its arrival on, for as long as
// it runs. Computed from the load alone, without running anything.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/scenario/load_plan.h"
#include "sim/scenario/scenario.h"

namespace casim::sim {

// Pods that are there at once, and what they ask for together.
struct Demand {
  double pods = 0;
  double cpu = 0;     // cores
  double memory = 0;  // bytes
};

struct ForecastSlot {
  double arrivals = 0;
  Demand most;  // of each, at some time in the slot
};

struct ForecastPeak {
  double value = 0;
  Duration at{};
};

struct ForecastWorkload {
  std::string name;
  std::uint64_t pods = 0;
  double run_s = 0;        // mean run time of those that end
  std::uint64_t stay = 0;  // pods that do not end
  Demand sum;              // of all its pods, for the mean request
};

// How many nodes the pods that fit there would need at least, if all of them went there.
struct ForecastGroup {
  std::string name;
  ForecastPeak nodes;
  std::string decided_by;  // the resource
  int max = 0;
};

struct ForecastUnfit {
  std::string workload;
  std::uint64_t pods = 0;
  Resources requests;
  std::string why;
};

struct LoadForecast {
  std::vector<ForecastWorkload> workloads;
  Duration slot{};  // the length of one
  std::vector<ForecastSlot> slots;
  ForecastPeak pods, cpu, memory;
  std::vector<ForecastGroup> groups;
  std::vector<std::string> daemon_sets;  // left out: as many pods as there are nodes
  std::vector<ForecastUnfit> unfit;      // shapes that no node can ever hold
  bool is_cut = false;                   // kMostPods were looked at, and more would come

  static constexpr std::uint64_t kMostPods = 50'000'000;
};

LoadForecast forecast(const Scenario& scenario, LoadPlan plan);

// Pods that a run certainly creates, if it is not broken off: what arrives before its end, those of
// DaemonSets and rollouts left out, but no more than the controllers' write limits let through.
double pods_created(const Scenario& scenario, const LoadPlan& plan);

}  // namespace casim::sim
