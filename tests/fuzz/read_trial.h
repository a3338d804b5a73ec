// The first half of a trial, for the second.
#pragma once

#include <optional>

#include "sim/scenario/load_scenario.h"
#include "tests/fuzz/trial.h"

namespace casim::fuzz {

struct ReadTrial {
  Trial trial;
  std::optional<sim::LoadedScenario> loaded;  // if it is good
};

ReadTrial read_trial(std::string_view text, config::Format format);

}  // namespace casim::fuzz
