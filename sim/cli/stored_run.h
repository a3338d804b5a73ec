// A run that lies in a result folder, to be run again: its scenario, and what it said at its end.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>

#include "sim/scenario/load_plan.h"
#include "sim/scenario/load_scenario.h"

namespace casim::sim {

struct StoredRun {
  LoadedScenario loaded;  // of scenario.json; its name is that of the scenario that was run
  LoadPlan plan;
  std::string digest;
  std::uint64_t facts = 0;  // that it told
  bool partial = false;     // it was stopped before its end
  std::string stopped_by;
};

// The error says why it cannot be run again: no result, of another version of casim, or a trace
// that is not what it was.
std::expected<StoredRun, std::string> open_run(const std::filesystem::path& folder);

}  // namespace casim::sim
