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
  bool pods = false;  // pods.csv
};

struct FinishedRun {
  const World& world;
  const Summary& summary;
  const LoadedScenario& loaded;
  std::string meta;  // meta.json
};

Result<void> write_result(const ResultFolder& folder, const FinishedRun& run,
                          const ResultExtras& extras);

// kUnknown: that file could not be written.
std::unexpected<Error> unwritable(const std::string& file);

}  // namespace casim::sim
