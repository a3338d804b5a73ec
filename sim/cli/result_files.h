// The files of one result, written when its run is over.
#pragma once

#include <string>

#include "sim/report/report_input.h"
#include "sim/report/result_folder.h"
#include "sim/requirements/ec2_use.h"
#include "sim/scenario/load_scenario.h"
#include "sim/world/world.h"
#include "src/core/result.h"

namespace casim::sim {

// Files that are written on request only.
struct ResultExtras {
  bool pods = false;    // pods.csv
  bool report = false;  // report.html
  bool trace = false;   // trace.json
};

struct FinishedRun {
  const World& world;
  const Summary& summary;
  const LoadedScenario& loaded;
  std::string meta;    // meta.json
  std::string replay;  // the command that runs it again
  const Ec2Use* ec2;   // null where report.html is not asked for
};

Result<void> write_result(const ResultFolder& folder, const FinishedRun& run,
                          const ResultExtras& extras);

// What report.html and trace.json of a run are made of. `world` and `summary` outlive it.
// `ec2`: null leaves out what EC2 must satisfy.
ReportInput report_input(const World& world, const Summary& summary, const Scenario& scenario,
                         const std::string& replay, const Ec2Use* ec2);

// kUnknown: that file could not be written.
std::unexpected<Error> unwritable(const std::string& file);

}  // namespace casim::sim
