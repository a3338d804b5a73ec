#include "sim/world/fault_trial.h"

#include <algorithm>
#include <stdexcept>

#include "sim/scenario/load_plan.h"

namespace casim::sim {
namespace {

constexpr std::uint64_t kSliceEvents = 5'000;

bool has_recurrent(const Scenario& scenario) {
  return std::ranges::any_of(scenario.faults,
                             [](const Fault& fault) { return fault.every.has_value(); });
}

void run_through(World& world, bool ends_at_rest, const TrialOptions& options, FaultTrial& trial) {
  while (!world.is_over()) {
    if (options.goes_on && !options.goes_on()) {
      trial.is_cut_short = true;
      return world.stop("interrupt");
    }
    if (world.events_run() >= options.event_limit) {
      trial.failure = "the run does not end: the limit of events is reached";
      return world.stop("event limit");
    }
    world.run(kSliceEvents);
  }
  if (!ends_at_rest) return;
  const auto unrest = world.unrest();
  if (!unrest) return;
  trial.failure = "no rest at the end: " + *unrest;
  trial.is_restless = true;
}

}  // namespace

FaultTrial try_faults(const LoadedScenario& loaded, const TrialOptions& options) {
  config::Problems problems;
  LoadPlan plan = make_load_plan(loaded, problems);
  if (problems.has_errors()) throw std::runtime_error(problems.text());
  FaultTrial trial;
  WorldOptions checked;
  checked.check_invariants = true;
  checked.listener = options.listener;
  World world(loaded.scenario, std::move(plan), checked, nullptr);
  if (options.on_world) options.on_world(world);
  const bool ends_at_rest = options.ends_at_rest && !has_recurrent(loaded.scenario);
  try {
    run_through(world, ends_at_rest, options, trial);
  } catch (const std::exception& e) {
    trial.failure = e.what();
    world.stop("exception", e.what());
  }
  trial.digest = world.summary().digest;
  trial.events = world.events_run();
  trial.at = world.state();
  try {
    world.shut_down();
  } catch (const std::exception& e) {
    if (trial.failure.empty()) trial.failure = std::string("at the end: ") + e.what();
  }
  if (options.on_end) options.on_end();
  return trial;
}

}  // namespace casim::sim
