// Runs tasks side by side, as goroutines under a WaitGroup.
#pragma once

#include <cstddef>
#include <vector>

#include "src/core/asio.h"

namespace casim {

// Runs the tasks on the caller's executor and ends when all have ended. They start in their order,
// at most `limit` at a time (0: all); a single one runs inside the caller. No task outlives the
// call: cancelling the caller cancels them and waits until they have unwound, and so does an
// exception that leaves one of them, which leaves the call too. So they may refer to whatever
// outlives the caller's co_await.
Awaitable<void> run_all(std::vector<Awaitable<void>> tasks, std::size_t limit = 0);

}  // namespace casim
