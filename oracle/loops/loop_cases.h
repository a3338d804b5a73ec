// Closed-loop cases: a small world, and what the autoscaler did in it, loop by loop. Source:
// loops/README.md.
#pragma once

#include <memory>
#include <vector>

#include "oracle/judge/oracle.h"
#include "oracle/loops/little_record.h"
#include "sim/autoscaler/options/options.h"

namespace casim::oracle {

std::unique_ptr<CaseKind> make_loop_kind();

struct LoopRun {
  std::vector<LoopRecord> loops;
  nlohmann::json final;
  std::vector<Duration> waits;  // from creation to binding, of every pod that was bound
  int launched = 0;             // machines
};

// Runs the world with the autoscaler in it, up to the loop that would start after its end.
LoopRun run_little_world(const nlohmann::json& given, int version = sim::kNewestVersion);

}  // namespace casim::oracle
