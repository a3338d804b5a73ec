#include "sim/kernel/kernel.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <string>
#include <utility>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>

#include "sim/kernel/event_queue.h"
#include "sim/kernel/free_time.h"
#include "sim/kernel/ready_queue.h"

namespace casim::sim {
namespace {

// Ends an instant without end: tasks that wake each other, a Pollable that is busy for ever. Both
// are far above what a real instant needs.
constexpr std::uint64_t kMostWorkInAnInstant = 100'000'000;
constexpr std::uint64_t kMostIdlePolls = 10'000'000;

// What a sleeping task's event calls. Small enough to stand inside the queue's handler.
struct Wake {
  bool* aborting;  // set by the cancellation just before the call
  Clock::Handler handler;

  void operator()() {
    boost::system::error_code error;
    if (std::exchange(*aborting, false)) error = asio::error::operation_aborted;
    std::move(handler)(error);
  }
};

}  // namespace

struct Kernel::State {
  // A Clock whose events have one phase.
  class VirtualClock final : public Clock, public FreeTime {
   public:
    VirtualClock(State& state, Phase phase) : state_(state), phase_(phase) {}

    TimePoint now() const override { return state_.now; }

    WallTime wall_now() const override { return state_.start + state_.now.time_since_epoch(); }

    void arm(TimePoint when, Handler handler) override { state_.arm(when, phase_, handler); }

    TimePoint free_until() const override { return state_.free_until(); }

   private:
    State& state_;
    Phase phase_;
  };

  // Stands in a sleeping task's cancellation slot. Finishing the sleep right here would replace
  // this object while it runs, hence the detour over the ready work.
  struct CancelSleep {
    State* state;
    EventHandle event;

    void operator()(asio::cancellation_type_t) const { state->abort_sleep(event); }
  };

  explicit State(WallTime s) : start(s) {}

  // Destroying handlers and work destroys coroutines, whose destructors may schedule again.
  ~State() {
    while (queue.size() > 0 || !ready.empty()) {
      queue.clear();
      ready.clear();
    }
  }

  void arm(TimePoint when, Phase phase, Clock::Handler& handler);
  void abort_sleep(EventHandle event);
  void settle();
  bool poll_all();
  bool is_any_busy() const;
  TimePoint free_until();
  void run_next(TimePoint when);
  [[noreturn]] void fail_stuck(const char* what) const;

  WallTime start;
  TimePoint now = kTimeZero;
  TimePoint end = kTimeZero;  // of the current run()
  bool running = false;
  bool aborting_sleep = false;
  std::atomic<bool> stop_requested = false;
  std::uint64_t events_run = 0;
  std::vector<Pollable*> pollables;
  EventQueue queue;
  ReadyQueue ready;
  std::array<VirtualClock, kPhaseCount> clocks{VirtualClock(*this, Phase::kWorld),
                                               VirtualClock(*this, Phase::kScheduler),
                                               VirtualClock(*this, Phase::kAutoscaler)};
};

void Kernel::State::arm(TimePoint when, Phase phase, Clock::Handler& handler) {
  asio::cancellation_slot slot = asio::get_associated_cancellation_slot(handler);
  const EventHandle event =
      queue.push(std::max(when, now), phase, Wake{&aborting_sleep, std::move(handler)});
  if (slot.is_connected()) slot.emplace<CancelSleep>(this, event);
}

void Kernel::State::abort_sleep(EventHandle event) {
  EventQueue::Handler wake = queue.cancel(event);
  if (!wake) return;
  ready.push([this, wake = std::move(wake)]() mutable {
    aborting_sleep = true;
    wake();
  });
}

bool Kernel::State::poll_all() {
  bool progress = false;
  for (std::size_t i = 0; i < pollables.size(); ++i) {
    if (pollables[i]->poll()) progress = true;
  }
  return progress;
}

bool Kernel::State::is_any_busy() const {
  return std::ranges::any_of(pollables, [](const Pollable* p) { return p->is_busy(); });
}

TimePoint Kernel::State::free_until() {
  const bool may_move =
      running && !stop_requested.load(std::memory_order_relaxed) && ready.empty() && !is_any_busy();
  return may_move ? std::min(end, queue.next_time() - Duration(1)) : now - Duration(1);
}

void Kernel::State::settle() {
  const ReadyQueue::Inside inside(ready);
  std::uint64_t work = 0;
  std::uint64_t idle_polls = 0;
  do {
    work += ready.drain(kMostWorkInAnInstant);
    idle_polls = poll_all() ? 0 : idle_polls + 1;
    if (work >= kMostWorkInAnInstant) fail_stuck("no end of ready work");
    if (idle_polls >= kMostIdlePolls) fail_stuck("a Pollable stays busy without work");
  } while (!ready.empty() || idle_polls == 0 || is_any_busy());
}

void Kernel::State::run_next(TimePoint when) {
  now = when;
  ++events_run;
  queue.pop()();
}

void Kernel::State::fail_stuck(const char* what) const {
  throw EndlessInstant(std::string(what) + " at " + std::to_string(to_seconds(now)) + " s");
}

Kernel::Kernel(WallTime start) : state_(std::make_unique<State>(start)) {}

Kernel::~Kernel() = default;

TimePoint Kernel::now() const { return state_->now; }

WallTime Kernel::wall(TimePoint t) const { return state_->start + t.time_since_epoch(); }

EventHandle Kernel::at(TimePoint when, Phase phase, Handler handler) {
  assert(when >= state_->now);
  return state_->queue.push(when, phase, std::move(handler));
}

EventHandle Kernel::after(Duration delay, Phase phase, Handler handler) {
  assert(delay >= Duration::zero());
  const TimePoint from = state_->now;
  const TimePoint when = delay < kTimeNever - from ? from + delay : kTimeNever;
  return state_->queue.push(when, phase, std::move(handler));
}

bool Kernel::cancel(EventHandle handle) { return static_cast<bool>(state_->queue.cancel(handle)); }

Clock& Kernel::clock(Phase phase) { return state_->clocks[static_cast<std::size_t>(phase)]; }

asio::any_io_executor Kernel::executor() { return state_->ready.executor(); }

void Kernel::add(Pollable& pollable) { state_->pollables.push_back(&pollable); }

void Kernel::remove(Pollable& pollable) { std::erase(state_->pollables, &pollable); }

Kernel::Stop Kernel::run(TimePoint until, std::uint64_t event_limit) {
  State& s = *state_;
  assert(!s.running);
  assert(until >= s.now);

  struct Running {
    State& state;

    ~Running() { state.running = false; }
  } const guard{s};

  s.running = true;
  s.end = until;
  const ReadyQueue::Inside inside(s.ready);
  for (std::uint64_t left = event_limit;; --left) {
    s.settle();
    // A plain load first: the exchange would lock the bus for each event.
    if (s.stop_requested.load(std::memory_order_relaxed)) {
      s.stop_requested = false;
      return Stop::kRequested;
    }
    const TimePoint next = s.queue.next_time();
    if (next == kTimeNever) return Stop::kDry;
    if (next > until) {
      s.now = until;
      return Stop::kUntil;
    }
    if (left == 0) return Stop::kEventLimit;
    s.run_next(next);
  }
}

void Kernel::request_stop() { state_->stop_requested.store(true, std::memory_order_relaxed); }

void Kernel::settle() { state_->settle(); }

TimePoint Kernel::next_event_time() { return state_->queue.next_time(); }

bool Kernel::try_advance_to(TimePoint when) {
  State& s = *state_;
  assert(when >= s.now);
  if (!s.running || when > s.end || s.stop_requested.load(std::memory_order_relaxed)) return false;
  if (!s.ready.empty() || s.is_any_busy() || s.queue.next_time() <= when) return false;
  s.now = when;
  return true;
}

void Kernel::advance_to(TimePoint when) {
  State& s = *state_;
  assert(!s.running);
  assert(when >= s.now);
  assert(s.queue.next_time() > when);
  s.now = when;
}

std::uint64_t Kernel::events_run() const { return state_->events_run; }

}  // namespace casim::sim
