// Which faults of a scenario can befall a live session: those of EC2, of machines and of the
// provider's process. The autoscaler, its connection and the API server are real ones.
#pragma once

#include <string_view>
#include <vector>

#include "sim/faults/fault.h"

namespace casim::sim {

struct FaultChoice {
  std::vector<Fault> kept;                 // in the scenario's order
  std::vector<std::string_view> left_out;  // their kinds, each once
};

FaultChoice live_faults(const std::vector<Fault>& faults);

}  // namespace casim::sim
