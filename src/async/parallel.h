// Runs tasks side by side, as CA's goroutines, and waits for all of them.
#pragma once

#include <vector>

#include "src/async/task_scope.h"
#include "src/core/asio.h"

namespace casim::sim {

// The tasks belong to `scope`; each starts in order. Ends when the last one has ended, also when
// the scope was cancelled. At most `limit` run at a time (0: all).
Awaitable<void> run_all(TaskScope& scope, std::vector<Awaitable<void>> tasks,
                        std::size_t limit = 0);

}  // namespace casim::sim
