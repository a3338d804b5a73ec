#include "sim/kernel/paced_run.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <memory>
#include <type_traits>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "src/core/round.h"

namespace casim::sim {
namespace {

// A world that catches up looks this often how far it is behind.
constexpr std::uint64_t kSliceEvents = 256;

// A wait on the real clock. A signal may be emitted only while what it cancels is not over.
struct Alarm {
  asio::cancellation_signal cancel;
  bool is_over = false;
};

}  // namespace

// While the world runs, or what has come to it.
struct PacedRun::Inside {
  explicit Inside(PacedRun& r) : run(r), was_inside(r.is_inside_) { run.is_inside_ = true; }

  ~Inside() { run.is_inside_ = was_inside; }  // as before: skip() is called from inside

  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

  PacedRun& run;
  const bool was_inside;
};

// The io_context's executor with arrive() around each piece of work. As in the kernel's own,
// dispatch() from inside the run runs inline: what sockets and timers complete is dispatched, too.
class PacedRun::Executor {
 public:
  Executor(PacedRun& run, bool may_run_inline) : run_(&run), may_run_inline_(may_run_inline) {}

  asio::execution_context& query(asio::execution::context_t) const noexcept { return run_->io_; }

  asio::execution::blocking_t query(asio::execution::blocking_t) const noexcept {
    using asio::execution::blocking;
    return may_run_inline_ ? asio::execution::blocking_t(blocking.possibly)
                           : asio::execution::blocking_t(blocking.never);
  }

  Executor require(asio::execution::blocking_t::possibly_t) const noexcept { return {*run_, true}; }

  Executor require(asio::execution::blocking_t::never_t) const noexcept { return {*run_, false}; }

  template <class Function>
  void execute(Function&& function) const {
    std::decay_t<Function> work(std::forward<Function>(function));
    if (may_run_inline_ && run_->is_running_here()) {
      run_->arrive(work);
      return;
    }
    asio::post(run_->io_, [run = run_, work = std::move(work)]() mutable { run->arrive(work); });
  }

  bool operator==(const Executor&) const noexcept = default;

 private:
  PacedRun* run_;
  bool may_run_inline_;
};

PacedRun::PacedRun(Kernel& kernel, asio::io_context& io, Clock& real, double speed)
    : kernel_(kernel), io_(io), real_(real), speed_(speed) {
  assert(speed > 0);
}

asio::any_io_executor PacedRun::executor() { return Executor(*this, true); }

bool PacedRun::is_running_here() const { return thread_.load() == std::this_thread::get_id(); }

TimePoint PacedRun::virtual_now() const {
  const auto passed = static_cast<double>((real_.now() - real_start_).count());
  const Duration gone(round_to<std::int64_t>(passed * speed_));
  return gone < until_ - virtual_start_ ? virtual_start_ + gone : until_;
}

// The first instant at which virtual_now() is `when` or later.
TimePoint PacedRun::real_time_of(TimePoint when) const {
  const auto ahead = static_cast<double>((when - virtual_start_).count());
  const Duration wait(round_to<std::int64_t>(std::ceil(ahead / speed_)));
  return wait < kTimeNever - real_start_ ? real_start_ + wait : kTimeNever;
}

// Does a piece of work. If it comes from outside of the world, all that is due runs before it.
template <class Work>
void PacedRun::arrive(Work& work) {
  if (!is_running_here() || is_inside_) return std::move(work)();
  catch_up();
  const Inside inside(*this);
  std::move(work)();
}

void PacedRun::catch_up() { run_to(virtual_now()); }

void PacedRun::skip(Duration d) {
  assert(is_running_here() && d >= Duration{});
  catch_up();
  const TimePoint from = kernel_.now();
  const TimePoint to = d < until_ - from ? from + d : until_;
  run_to(to);
  virtual_start_ += to - from;
}

void PacedRun::run_to(TimePoint to) {
  const Inside inside(*this);
  while (!is_stopped_) {
    note_lag();
    switch (kernel_.run(to, kSliceEvents)) {
      case Kernel::Stop::kEventLimit:
        continue;
      case Kernel::Stop::kRequested:
        is_stopped_ = true;
        return;
      case Kernel::Stop::kDry:
        kernel_.advance_to(to);
        return;
      case Kernel::Stop::kUntil:
        return;
    }
  }
}

void PacedRun::note_lag() {
  const TimePoint due = kernel_.next_event_time();
  const TimePoint now = virtual_now();
  if (due > now) return;
  lag_ = Duration(round_to<std::int64_t>(static_cast<double>((now - due).count()) / speed_));
  longest_lag_ = std::max(longest_lag_, lag_);
}

// Until the next event is due or something arrives, whichever is first.
void PacedRun::wait() {
  const auto alarm = std::make_shared<Alarm>();
  real_.arm(real_time_of(std::min(until_, kernel_.next_event_time())),
            asio::bind_cancellation_slot(alarm->cancel.slot(), [alarm](boost::system::error_code) {
              alarm->is_over = true;
            }));
  if (io_.run_one() == 0) is_stopped_ = true;  // the io_context was stopped
  if (!alarm->is_over) alarm->cancel.emit(asio::cancellation_type::all);
}

Kernel::Stop PacedRun::run(TimePoint until) {
  assert(!is_running_here());
  assert(until >= kernel_.now());

  struct Running {
    PacedRun& run;

    ~Running() { run.thread_ = std::thread::id(); }
  } const guard{*this};

  thread_ = std::this_thread::get_id();
  until_ = until;
  virtual_start_ = kernel_.now();
  real_start_ = real_.now();
  is_stopped_ = false;
  const asio::executor_work_guard<asio::io_context::executor_type> work(io_.get_executor());
  io_.restart();
  for (;;) {
    catch_up();
    if (is_stopped_) return Kernel::Stop::kRequested;
    if (kernel_.now() == until_) return Kernel::Stop::kUntil;
    if (io_.poll_one() == 0) wait();
  }
}

void PacedRun::request_stop() {
  kernel_.request_stop();
  asio::post(io_, [] {});  // wakes it
}

}  // namespace casim::sim
