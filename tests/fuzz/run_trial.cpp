#include "sim/scenario/load_plan.h"
#include "sim/world/world.h"
#include "tests/fuzz/read_trial.h"

namespace casim::fuzz {

Trial try_running(std::string_view text, std::uint64_t event_limit) {
  const ReadTrial read = read_trial(text, config::Format::kJson);
  if (!read.loaded) return read.trial;
  config::Problems problems;
  sim::LoadPlan plan = sim::make_load_plan(*read.loaded, problems);
  if (problems.has_errors()) return {Verdict::kRefused, problems.text()};
  sim::World world(read.loaded->scenario, std::move(plan), {.check_invariants = true}, nullptr);
  world.run(event_limit);
  if (!world.is_over()) world.stop("event limit");
  world.summary();
  world.shut_down();
  return read.trial;
}

}  // namespace casim::fuzz
