// One run of the search for what breaks: every invariant at every event, and rest at the end.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "sim/scenario/load_scenario.h"
#include "sim/world/world.h"

namespace casim::sim {

struct FaultTrial {
  std::string failure;       // empty: nothing broke
  bool is_restless = false;  // that was all: it was not at rest at the end
  std::string digest;
  std::uint64_t events = 0;
  WorldState at;              // where it ended
  bool is_cut_short = false;  // by the caller
};

// Far more than the small scenario has.
inline constexpr std::uint64_t kEndlessEvents = 20'000'000;

struct TrialOptions {
  // Whether the run must be at rest when it is over. Not asked of one with faults that come again
  // and again.
  bool ends_at_rest = true;
  std::uint64_t event_limit = kEndlessEvents;  // beyond it the run does not end
  // Asked now and then; false cuts it short.
  std::function<bool()> goes_on = {};
  FactSink* listener = nullptr;  // hears all facts too; outlives the trial
  // Told of the world as soon as it is there, and before it goes.
  std::function<void(const World&)> on_world = {};
  std::function<void()> on_end = {};
};

FaultTrial try_faults(const LoadedScenario& loaded, const TrialOptions& options);

}  // namespace casim::sim
