// One run of the search for what breaks: every invariant at every event, and rest at the end.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "sim/scenario/load_scenario.h"
#include "sim/world/world.h"

namespace casim::sim {

struct FaultTrial {
  std::string failure;  // empty: nothing broke
  std::string digest;
  std::uint64_t events = 0;
  WorldState at;              // where it ended
  bool is_cut_short = false;  // by the caller
};

struct TrialOptions {
  // Whether the run must be at rest when it is over. Not asked of one with faults that come again
  // and again.
  bool ends_at_rest = true;
  std::uint64_t event_limit = 20'000'000;  // beyond it the run does not end
  // Asked now and then; false cuts it short.
  std::function<bool()> goes_on = {};
  // Told of the world as soon as it is there, and before it goes.
  std::function<void(const World&)> on_world = {};
  std::function<void()> on_end = {};
};

FaultTrial try_faults(const LoadedScenario& loaded, const TrialOptions& options);

}  // namespace casim::sim
