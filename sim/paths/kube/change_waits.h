// Coroutines that wait for a change of an object, or for so long.
#pragma once

#include <cstdint>
#include <exception>
#include <map>
#include <vector>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>

#include "src/async/gate.h"
#include "src/core/asio.h"
#include "src/core/clock.h"

namespace casim::sim {

class ChangeWaits {
 public:
  // Wakes all that wait for it, when the executor is polled next.
  void note(std::uint32_t key) {
    const auto found = gates_.find(key);
    if (found == gates_.end()) return;
    for (Gate& gate : found->second) gate.open();
    gates_.erase(found);
  }

  // The clock outlives the wait.
  Awaitable<void> wait(std::uint32_t key, Clock& clock, Duration longest) {
    using namespace asio::experimental::awaitable_operators;
    const Gate gate(co_await asio::this_coro::executor);
    gates_[key].push_back(gate);
    try {
      co_await (gate.wait() || clock.sleep_for(longest));
    } catch (const asio::multiple_exceptions& both) {
      std::rethrow_exception(both.first_exception());  // cancelled, as one that waits alone says it
    }
  }

 private:
  std::map<std::uint32_t, std::vector<Gate>> gates_;
};

}  // namespace casim::sim
