// A new store beside machines that are there: without slots they would count as nobody's, and be
// terminated.
#pragma once

#include <vector>

#include "src/core/asio.h"
#include "src/core/result.h"
#include "src/provider/ports.h"

namespace casim::live {

// Of machines that live; each waits to join.
std::vector<provider::Slot> slots_of(const std::vector<provider::Machine>& machines);

// For a store that has never been loaded: writes slots for the machines (`adopts`), or refuses with
// FAILED_PRECONDITION where there are any. Also refuses when EC2 cannot tell. The number of slots.
Awaitable<Result<int>> settle_new_store(provider::Machines& machines, provider::Store& store,
                                        bool adopts);

}  // namespace casim::live
