// Coroutines that wait for a change of an object, or for so long.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <utility>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/this_coro.hpp>

#include "src/async/one_shot.h"
#include "src/core/asio.h"
#include "src/core/clock.h"

namespace casim::sim {

class ChangeWaits {
 public:
  // Wakes all that wait for it, when the executor is polled next.
  void note(std::uint32_t key) {
    const auto found = lines_.find(key);
    if (found == lines_.end()) return;
    for (const WaitPtr& wait : std::exchange(found->second, {})) {
      wait->timer.emit(asio::cancellation_type::terminal);
      wait->answer();
    }
  }

  // The clock outlives the wait, and so does this.
  Awaitable<void> wait(std::uint32_t key, Clock& clock, Duration longest) {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    Line& line = lines_[key];
    const auto begin = [&line, &clock, longest](const WaitPtr& wait) {
      wait->place = line.insert(line.end(), wait);
      clock.arm(clock.now() + longest, TimeOut{wait, line});
    };
    const auto leave = [&line](const WaitPtr& wait) {
      line.erase(wait->place);
      wait->timer.emit(asio::cancellation_type::terminal);
    };
    co_await wait_for_answer<Wait>(executor, begin, leave);
  }

 private:
  struct Wait;
  using WaitPtr = std::shared_ptr<Wait>;
  using Line = std::list<WaitPtr>;  // in order of waiting

  struct Wait : OneShot<> {
    using OneShot<>::OneShot;

    asio::cancellation_signal timer;
    Line::iterator place{};
  };

  struct TimeOut {
    using cancellation_slot_type = asio::cancellation_slot;

    WaitPtr wait;
    Line& line;

    cancellation_slot_type get_cancellation_slot() const noexcept { return wait->timer.slot(); }

    void operator()(boost::system::error_code ec) const {
      if (ec) return;
      line.erase(wait->place);
      wait->answer();
    }
  };

  std::map<std::uint32_t, Line> lines_;
};

}  // namespace casim::sim
