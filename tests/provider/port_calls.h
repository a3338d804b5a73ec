// The places at which the provider's code waits at a port, and a watch over them: it counts the
// calls of one life of a provider and says when that life ends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/async/gate.h"
#include "src/core/clock.h"
#include "src/provider/ec2_client.h"

namespace casim::provider {

enum class CallSite : std::uint8_t {
  kAttempt,         // an attempt without a time limit
  kTimedAttempt,    // one with it
  kAttemptTimeout,  // the limit
  kRetry,           // the SDK tries again
  kTurn,            // the provider's own rate
  kLimiter,         // the client's own rate
  kRelaunch,        // the provider makes a launch again
  kVisibility,      // until all that a call gave can be seen
  kCommit,
  kLaunch,
  kWindow,      // orders that go together
  kShareRetry,  // tokens that could not be stored
  kStoreRetry,  // an answer that could not be stored
  kDurable,     // the store in memory
  kAcknowledged,
  kPeriod,  // of the reconciler
  kList,
  kRemove,
  kSend,  // a call without a client
};

// A row of the list: what the source says there, as "receiver.method", or "run_until receiver".
struct CallSiteInfo {
  CallSite site;
  std::string_view id;
  std::string_view file;
  std::string_view call;
};

// In the order of the enum.
inline constexpr CallSiteInfo kCallSites[] = {
    {CallSite::kAttempt, "client.attempt", "src/provider/ec2_client.cpp", "ports_.api.call"},
    {CallSite::kTimedAttempt, "client.timed_attempt", "src/provider/ec2_client.cpp",
     "ports_.api.call"},
    {CallSite::kAttemptTimeout, "client.attempt_timeout", "src/provider/ec2_client.cpp",
     "run_until ports_.clock"},
    {CallSite::kRetry, "client.retry", "src/provider/ec2_client.cpp", "ports_.clock.sleep_for"},
    {CallSite::kTurn, "client.turn", "src/provider/ec2_client.cpp", "ports_.clock.sleep_until"},
    {CallSite::kLimiter, "client.limiter", "src/provider/ec2_client.cpp", "ports_.clock.sleep_for"},
    {CallSite::kRelaunch, "machines.relaunch", "src/provider/ec2_machines.cpp",
     "ports_.clock.sleep_for"},
    {CallSite::kVisibility, "machines.visibility", "src/provider/ec2_machines.cpp",
     "ports_.clock.sleep_for"},
    {CallSite::kCommit, "journal.commit", "src/provider/journal.cpp", "store_.commit"},
    {CallSite::kLaunch, "launcher.launch", "src/provider/launcher.cpp", "parts_.machines.launch"},
    {CallSite::kWindow, "batch_window.end", "src/provider/batch_window.cpp", "clock.sleep_until"},
    {CallSite::kShareRetry, "launcher.share_retry", "src/provider/launcher.cpp",
     "parts_.clock.sleep_for"},
    {CallSite::kStoreRetry, "launcher.store_retry", "src/provider/launcher.cpp",
     "parts_.clock.sleep_for"},
    {CallSite::kDurable, "memory_store.durable", "src/provider/memory_store.cpp",
     "clock_.sleep_until"},
    {CallSite::kAcknowledged, "memory_store.acknowledged", "src/provider/memory_store.cpp",
     "clock_.sleep_for"},
    {CallSite::kPeriod, "reconciler.period", "src/provider/reconciler.cpp",
     "parts_.clock.sleep_for"},
    {CallSite::kList, "reconciler.list", "src/provider/reconciler.cpp", "parts_.machines.list"},
    {CallSite::kRemove, "terminator.remove", "src/provider/terminator.cpp", "machines_.remove"},
    {CallSite::kSend, "api.send", "src/ec2/api.h", "api.call"},
};

inline std::string_view id_of(CallSite site) {
  return kCallSites[static_cast<std::size_t>(site)].id;
}

// A wait on the clock has two ends and no effect between them.
inline bool is_sleep(CallSite site) {
  const std::string_view call = kCallSites[static_cast<std::size_t>(site)].call;
  return call.contains("sleep_") || call.starts_with("run_until");
}

// When in a call the provider dies.
enum class Moment : std::uint8_t {
  kBefore,  // the call is not made any more
  kDuring,  // made, and without an answer
  kAfter,   // the answer is there, and nobody has seen it
};

struct Kill {
  std::uint64_t call = 0;  // of the calls of its life, from 0
  Moment moment = Moment::kBefore;
};

class PortWatch {
 public:
  explicit PortWatch(asio::any_io_executor executor) : executor_(std::move(executor)) {}

  // Counts from 0 again; none: this life does not end here.
  void begin_life(std::optional<Kill> kill) {
    kill_ = kill;
    calls_.clear();
    is_due_ = false;
    due_at_ = kTimeNever;
    expected_.reset();
  }

  // Of this life, in order.
  const std::vector<CallSite>& calls() const { return calls_; }

  bool is_due(TimePoint now) const { return is_due_ || now >= due_at_; }

  // It is due then at the latest; kTimeNever: not that anyone knows.
  TimePoint due_at() const { return due_at_; }

  // Where it was due: the call that it stands in.
  CallSite killed_at() const { return calls_.at(kill_->call); }

  // A call begins. Answers its number.
  std::uint64_t begin(CallSite site) {
    calls_.push_back(site);
    return calls_.size() - 1;
  }

  // Where a task passes by in its call, or stays for ever.
  Awaitable<void> pass(std::uint64_t call, Moment moment) {
    if (!is_it(call, moment)) co_return;
    is_due_ = true;
    if (moment != Moment::kDuring) co_await Gate(executor_).wait();
  }

  void begin_sleep(CallSite site, TimePoint now, TimePoint until) {
    const std::uint64_t call = begin(site);
    if (is_it(call, Moment::kAfter)) due_at_ = std::max(now, until - Duration(1));
    if (is_it(call, Moment::kBefore) || is_it(call, Moment::kDuring)) is_due_ = true;
  }

  // The next sleep is for that.
  void expect(CallSite site) { expected_ = site; }

  std::optional<CallSite> take_expected() { return std::exchange(expected_, std::nullopt); }

  // A sleep that is none of the list.
  void note_stranger(Duration length) { strangers_.push_back(length); }

  const std::vector<Duration>& strangers() const { return strangers_; }

 private:
  bool is_it(std::uint64_t call, Moment moment) const {
    return kill_ && kill_->call == call && kill_->moment == moment;
  }

  asio::any_io_executor executor_;
  std::optional<Kill> kill_;
  std::vector<CallSite> calls_;
  std::vector<Duration> strangers_;
  bool is_due_ = false;
  TimePoint due_at_ = kTimeNever;
  std::optional<CallSite> expected_;
};

}  // namespace casim::provider
