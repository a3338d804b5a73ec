// A sleep on the virtual clock: suspend, event, resume. Against the least that such a thing can
// cost: a bare coroutine_handle in the same event queue. 1,000 tasks sleep at any time.

#include <benchmark/benchmark.h>

#include <coroutine>
#include <cstdint>
#include <exception>
#include <vector>

#include "sim/kernel/event_queue.h"
#include "sim/kernel/kernel.h"
#include "src/async/task_scope.h"
#include "src/core/random.h"

namespace casim::sim {
namespace {

constexpr std::uint64_t kTasks = 1000;
constexpr std::uint64_t kEventsPerRound = 10'000;

class Delays {
 public:
  Delays() : delays_(1 << 16) {
    const Random random(1);
    for (std::size_t i = 0; i < delays_.size(); ++i) {
      delays_[i] = Duration(1 + random.index("delay", 0, i, 1'000'000'000));
    }
  }

  Duration next() { return delays_[n_++ % delays_.size()]; }

 private:
  std::vector<Duration> delays_;
  std::size_t n_ = 0;
};

struct BareTask {
  struct promise_type {
    BareTask get_return_object() {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }

    std::suspend_never initial_suspend() noexcept { return {}; }

    std::suspend_always final_suspend() noexcept { return {}; }

    void return_void() {}

    void unhandled_exception() { std::terminate(); }
  };

  std::coroutine_handle<promise_type> handle;
};

struct BareSleep {
  EventQueue& queue;
  TimePoint when;

  bool await_ready() const noexcept { return false; }

  void await_suspend(std::coroutine_handle<> handle) const {
    queue.push(when, Phase::kWorld, [handle] { handle.resume(); });
  }

  void await_resume() const noexcept {}
};

BareTask sleep_bare(EventQueue& queue, const TimePoint& now, Delays& delays) {
  for (;;) co_await BareSleep{queue, now + delays.next()};
}

void bare_awaiter(benchmark::State& state) {
  Delays delays;
  EventQueue queue;
  TimePoint now = kTimeZero;
  std::vector<BareTask> tasks;
  for (std::uint64_t i = 0; i < kTasks; ++i) tasks.push_back(sleep_bare(queue, now, delays));
  for (auto _ : state) {
    for (std::uint64_t i = 0; i < kEventsPerRound; ++i) {
      now = queue.next_time();
      queue.pop()();
    }
  }
  queue.clear();
  for (const BareTask& task : tasks) task.handle.destroy();
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kEventsPerRound));
}

Awaitable<void> sleep_for_ever(Clock& clock, Delays& delays) {
  for (;;) co_await clock.sleep_for(delays.next());
}

void run_rounds(benchmark::State& state, Kernel& kernel) {
  for (auto _ : state) kernel.run(kTimeNever, kEventsPerRound);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kEventsPerRound));
}

void sleep(benchmark::State& state) {
  Delays delays;
  Kernel kernel{WallTime{}};
  for (std::uint64_t i = 0; i < kTasks; ++i) {
    spawn(kernel.executor(), sleep_for_ever(kernel.clock(Phase::kWorld), delays));
  }
  run_rounds(state, kernel);
}

void sleep_in_scope(benchmark::State& state) {
  Delays delays;
  Kernel kernel{WallTime{}};
  TaskScope scope(kernel.executor());
  for (std::uint64_t i = 0; i < kTasks; ++i) {
    scope.spawn(sleep_for_ever(kernel.clock(Phase::kWorld), delays));
  }
  run_rounds(state, kernel);
  scope.cancel();
  kernel.settle();
}

Awaitable<void> sleep_once(Clock& clock, Delays& delays) {
  co_await clock.sleep_for(delays.next());
}

// A task's whole life: spawn, one sleep, end. 100 at a time.
void spawn_in_scope(benchmark::State& state) {
  Delays delays;
  Kernel kernel{WallTime{}};
  TaskScope scope(kernel.executor());
  for (auto _ : state) {
    for (int i = 0; i < 100; ++i) scope.spawn(sleep_once(kernel.clock(Phase::kWorld), delays));
    kernel.run(kTimeNever, UINT64_MAX);
  }
  state.SetItemsProcessed(state.iterations() * 100);
}

// An event that makes no work ready: what the run loop adds to the queue.
struct Tick {
  Kernel& kernel;
  Delays& delays;

  void operator()() const { kernel.after(delays.next(), Phase::kWorld, Tick{kernel, delays}); }
};

void plain_event(benchmark::State& state) {
  Delays delays;
  Kernel kernel{WallTime{}};
  for (std::uint64_t i = 0; i < kTasks; ++i) Tick{kernel, delays}();
  run_rounds(state, kernel);
}

BENCHMARK(bare_awaiter);
BENCHMARK(plain_event);
BENCHMARK(sleep);
BENCHMARK(sleep_in_scope);
BENCHMARK(spawn_in_scope);

}  // namespace
}  // namespace casim::sim
