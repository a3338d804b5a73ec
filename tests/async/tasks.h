// Coroutines on virtual time that note what they do, with the second at which they do it.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "sim/kernel/kernel.h"
#include "src/async/task_scope.h"

namespace casim {

struct Tasks {
  sim::Kernel kernel{WallTime{}};
  Clock& clock = kernel.clock(sim::Phase::kWorld);
  std::vector<std::string> log;

  sim::Kernel::Stop run() { return kernel.run(kTimeZero + std::chrono::hours(1), 1'000'000); }

  void note(std::string what) {
    const auto s = std::chrono::floor<std::chrono::seconds>(kernel.now() - kTimeZero).count();
    log.push_back(std::to_string(s) + " " + std::move(what));
  }
};

using Log = std::vector<std::string>;

inline Awaitable<void> sleep_twice(Tasks& t, std::string name, Duration d) {
  t.note(name + " starts");
  co_await t.clock.sleep_for(d);
  t.note(name + " half");
  co_await t.clock.sleep_for(d);
  t.note(name + " ends");
}

// Says that its frame is gone.
struct Tombstone {
  Tasks& t;
  std::string name;

  ~Tombstone() { t.note(name + " is gone"); }
};

inline Awaitable<void> sleep_in_depth(Tasks& t, std::string name, int depth) {
  const Tombstone tombstone{t, name + std::to_string(depth)};
  if (depth > 0) {
    co_await sleep_in_depth(t, name, depth - 1);
  } else {
    co_await t.clock.sleep_for(std::chrono::hours(1));
  }
  t.note("not reached");
}

inline Awaitable<void> fail_after(Tasks& t, Duration d) {
  co_await t.clock.sleep_for(d);
  throw std::runtime_error("task failed");
}

}  // namespace casim
