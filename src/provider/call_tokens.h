// Which slots share a RunInstances call, and the tokens that say so.
#pragma once

#include <vector>

#include "src/core/time.h"
#include "src/provider/types.h"

namespace casim::provider {

// Tokens for slots of one group that nobody has asked for yet: those of a zone share calls of
// config.launch_batch. Every slot has its placeholder. `now` makes them other tokens than they had.
void give_tokens(std::vector<Slot>& slots, const Config& config, WallTime now);
// New tokens serve them better than those that they have: fewer calls would do, or a call asks for
// slots that are not among them.
bool could_share_calls(const std::vector<Slot>& slots, const Config& config);

}  // namespace casim::provider
