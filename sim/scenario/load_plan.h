// The load of a scenario, read and checked before anything runs: traces in memory, pods resolved.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/load/arrival_series.h"
#include "sim/load/burst.h"
#include "sim/load/controlled_spec.h"
#include "sim/load/scaled_series.h"
#include "sim/load/trace_series.h"
#include "sim/scenario/load_scenario.h"
#include "src/config/problems.h"

namespace casim::sim {

// Pods that are on initial nodes from the start; the burst's times do not count.
struct PlacedSpec {
  BurstSpec burst;  // its first pods are on nodes, in the order of the places
  std::vector<InitialPlace> places;
};

// A Job, or a CronJob's Jobs: what their pods are like, and how they are made.
struct BatchSpec {
  BurstSpec pods;  // its times do not count
  JobSpec job;
  Duration at{};
  std::optional<CronJobSpec> cron;
};

using PlannedWorkload = std::variant<BurstSpec, PlacedSpec, TraceSpec, ArrivalSpec, ScaledSpec,
                                     ControlledSpec, BatchSpec>;

struct LoadPlan {
  std::vector<PlannedWorkload> workloads;     // in the scenario's order
  std::vector<std::string> notes;             // what was changed to make pods of a trace
  std::map<std::string, std::string> sha256;  // of each trace's file, by workload
};

// When the Job is made, or the CronJob's Jobs, suspended and forbidden ones left out, until the end
// of a run that has one.
std::vector<Duration> job_begins(const BatchSpec& batch, const Scenario& scenario);

// How many replicas a Deployment or StatefulSet is meant to have, and from when on.
std::vector<ScalingStep> replica_steps(const ControlledSpec& set);

// Problems of a trace stand at its line, beside those of the scenario.
LoadPlan make_load_plan(const LoadedScenario& loaded, config::Problems& problems);

// As it was run: each trace with the SHA-256 of its file.
Scenario with_hashes(Scenario scenario, const LoadPlan& plan);

}  // namespace casim::sim
