// One run from a planned scenario to its result folder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/cli/result_files.h"
#include "sim/scenario/load_plan.h"
#include "sim/scenario/load_scenario.h"
#include "sim/study/thresholds.h"
#include "sim/world/world.h"

namespace casim::sim {

// What the command line says.
struct RunArguments {
  ScenarioSource source;
  WorldOptions world;
  std::string out;
  std::uint64_t event_limit = 0;  // 0: none
  bool json = false;
  bool quiet = false;
  ResultExtras extras;
  bool report = false;
  bool no_report = false;
  bool events = false;
  bool check = false;
  int runs = 0;  // 0: one, and no replications
  int run = 0;   // of replications this one alone, from 1; 0: not of replications
  int jobs = 1;
  std::string paths;  // kinds of provider.path with commas; empty: as the scenario says
};

// What is run.
struct PlannedRun {
  LoadedScenario loaded;
  LoadPlan plan;
  std::vector<SummaryThreshold> thresholds;
};

// Answers with the exit code; what went wrong is said on stderr.
int run_job(PlannedRun planned, const RunArguments& run);

}  // namespace casim::sim
