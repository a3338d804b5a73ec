// Loop cases: a small world, and what the autoscaler did in it, loop by loop. Source:
// cases/README.md, "Loops".
#pragma once

#include <memory>
#include <vector>

#include "oracle/judge/oracle.h"
#include "oracle/loops/little_record.h"
#include "sim/autoscaler/options/options.h"

namespace casim::oracle {

std::unique_ptr<CaseKind> make_loop_kind();

// What the simulator's autoscaler made of a world.
struct LoopRun {
  std::vector<LoopRecord> loops;
  nlohmann::json final;         // the world at the end, in the form of `expect`
  std::vector<Duration> waits;  // from creation to binding, of every pod that was bound
  int launched = 0;             // machines
};

// Runs the world with the autoscaler in it, up to the loop that would start after its end. Throws
// std::runtime_error where `given` is not right, or the world does not come to its end.
LoopRun run_little_world(const nlohmann::json& given, int version = sim::kNewestVersion);

}  // namespace casim::oracle
