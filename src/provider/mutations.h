// The three orders of an autoscaler, as plans over committed slots. Pure: nothing happens before
// the journal has made the change durable.
#pragma once

#include <string>
#include <vector>

#include "src/core/clock.h"
#include "src/core/result.h"
#include "src/provider/effects.h"
#include "src/provider/slot_table.h"
#include "src/provider/types.h"

namespace casim::provider {

// The new slots, each with its zone and token: those of a zone share calls of config.launch_batch.
// FAILED_PRECONDITION above the group's maximum.
Result<std::vector<Slot>> plan_increase(const GroupConfig& group, int delta, const Config& config,
                                        SlotTable& table, const Clock& clock);

// Takes -delta of what has not joined, newest first. More than there is: all of it (clamp), or
// FAILED_PRECONDITION.
Result<Effects> plan_decrease(const GroupConfig& group, int delta, bool clamp,
                              const SlotTable& table);

// NOT_FOUND, and nothing done, when a node is unknown or of another group. Nodes that are gone
// or going change nothing.
Result<Effects> plan_delete(const GroupConfig& group, const std::vector<NodeRef>& nodes,
                            const SlotTable& table);

}  // namespace casim::provider
