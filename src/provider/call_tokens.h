// Which slots share a RunInstances call, and the tokens that say so.
#pragma once

#include <vector>

#include "src/core/time.h"
#include "src/provider/types.h"

namespace casim::provider {

// Tokens for slots of one group that nobody has asked for yet: those of a zone share calls of
// config.launch_batch. Every slot has its placeholder. `now` makes them other tokens than they had.
void give_tokens(std::vector<Slot>& slots, const Config& config, WallTime now);
// They would need fewer calls with new tokens than with those that they have.
bool could_share_calls(const std::vector<Slot>& slots, const Config& config);

}  // namespace casim::provider
