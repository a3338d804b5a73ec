// The files of one result, written when its run is over.
#pragma once

#include <string>

#include "sim/report/result_folder.h"
#include "sim/scenario/load_scenario.h"
#include "sim/world/world.h"
#include "src/core/result.h"

namespace casim::sim {

// Files that are written on request only.
struct ResultExtras {
  bool pods = false;    // pods.csv
  bool report = false;  // report.html
};

struct FinishedRun {
  const World& world;
  const Summary& summary;
  const LoadedScenario& loaded;
  std::string meta;    // meta.json
  std::string replay;  // the command that runs it again
};

Result<void> write_result(const ResultFolder& folder, const FinishedRun& run,
                          const ResultExtras& extras);

// report.html of a run.
std::string report_of(const World& world, const Summary& summary, const Scenario& scenario,
                      const std::string& replay);

// kUnknown: that file could not be written.
std::unexpected<Error> unwritable(const std::string& file);

}  // namespace casim::sim
