// Runs tasks side by side and ends when all have ended; cancelling it cancels them and waits for
// them to unwind, so they may refer to whatever outlives the caller's co_await.
#pragma once

#include <vector>

#include "src/core/asio.h"

namespace casim::provider {

Awaitable<void> run_all(asio::any_io_executor executor, std::vector<Awaitable<void>> tasks);

}  // namespace casim::provider
