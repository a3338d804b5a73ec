// The provider's ports with a PortWatch in front, and two that are wrong on purpose.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "src/async/task_scope.h"
#include "src/provider/ports.h"
#include "tests/provider/port_calls.h"

namespace casim::provider {

// Tells sleeps by their length, where nobody has said what they are for.
class WatchedClock : public Clock {
 public:
  using SiteOf = std::function<std::optional<CallSite>(Duration)>;

  WatchedClock(Clock& inner, PortWatch& watch, SiteOf site_of)
      : inner_(inner), watch_(watch), site_of_(std::move(site_of)) {}

  TimePoint now() const override { return inner_.now(); }

  WallTime wall_now() const override { return inner_.wall_now(); }

  void arm(TimePoint when, Handler handler) override {
    const Duration length = when - now();
    std::optional<CallSite> site = watch_.take_expected();
    if (!site) site = site_of_(length);
    if (site) {
      watch_.begin_sleep(*site, now(), when);
    } else {
      watch_.note_stranger(length);
    }
    inner_.arm(when, std::move(handler));
  }

 private:
  Clock& inner_;
  PortWatch& watch_;
  SiteOf site_of_;
};

// The client says what its waits are for just before them.
class WatchedWaits : public Ec2Observer {
 public:
  explicit WatchedWaits(PortWatch& watch) : watch_(watch) {}

  void on_wait(const Ec2Wait& wait) override {
    switch (wait.why) {
      case Ec2Wait::Why::kRetry:
        return watch_.expect(CallSite::kRetry);
      case Ec2Wait::Why::kAgain:
        return watch_.expect(CallSite::kRelaunch);
      case Ec2Wait::Why::kTurn:
        return watch_.expect(CallSite::kTurn);
      case Ec2Wait::Why::kLimiter:  // told afterwards
        return;
    }
  }

 private:
  PortWatch& watch_;
};

class WatchedStore : public Store {
 public:
  WatchedStore(Store& inner, PortWatch& watch) : inner_(inner), watch_(watch) {}

  Result<StoredState> load() override { return inner_.load(); }

  Awaitable<Result<void>> commit(Batch batch) override {
    const std::uint64_t call = watch_.begin(CallSite::kCommit);
    co_await watch_.pass(call, Moment::kBefore);
    for (const Slot& slot : batch.put) slots_.insert(slot.id);
    co_await watch_.pass(call, Moment::kDuring);
    Result<void> done = co_await inner_.commit(std::move(batch));
    co_await watch_.pass(call, Moment::kAfter);
    co_return done;
  }

  // That anybody ever asked to store.
  std::size_t slots_ever() const { return slots_.size(); }

 private:
  Store& inner_;
  PortWatch& watch_;
  std::set<SlotId> slots_;
};

class WatchedMachines : public Machines {
 public:
  WatchedMachines(Machines& inner, PortWatch& watch) : inner_(inner), watch_(watch) {}

  Awaitable<void> launch(const GroupConfig& group, std::vector<LaunchItem> items,
                         LaunchSink& sink) override {
    const std::uint64_t call = watch_.begin(CallSite::kLaunch);
    co_await watch_.pass(call, Moment::kBefore);
    co_await watch_.pass(call, Moment::kDuring);
    co_await inner_.launch(group, std::move(items), sink);
    co_await watch_.pass(call, Moment::kAfter);
  }

  Awaitable<Result<std::vector<Machine>>> list() override {
    const std::uint64_t call = watch_.begin(CallSite::kList);
    co_await watch_.pass(call, Moment::kBefore);
    co_await watch_.pass(call, Moment::kDuring);
    Result<std::vector<Machine>> machines = co_await inner_.list();
    co_await watch_.pass(call, Moment::kAfter);
    co_return machines;
  }

  Awaitable<Result<void>> remove(std::vector<std::string> instance_ids) override {
    const std::uint64_t call = watch_.begin(CallSite::kRemove);
    co_await watch_.pass(call, Moment::kBefore);
    co_await watch_.pass(call, Moment::kDuring);
    Result<void> done = co_await inner_.remove(std::move(instance_ids));
    co_await watch_.pass(call, Moment::kAfter);
    co_return done;
  }

 private:
  Machines& inner_;
  PortWatch& watch_;
};

class WatchedApi : public ec2::Api {
 public:
  // `site`: from where it is called.
  WatchedApi(ec2::Api& inner, PortWatch& watch, CallSite site)
      : inner_(inner), watch_(watch), site_(site) {}

  Awaitable<ec2::Attempt<ec2::AnyReply>> call(ec2::AnyRequest request) override {
    const std::uint64_t call = watch_.begin(site_);
    co_await watch_.pass(call, Moment::kBefore);
    co_await watch_.pass(call, Moment::kDuring);
    ec2::Attempt<ec2::AnyReply> answer = co_await inner_.call(std::move(request));
    co_await watch_.pass(call, Moment::kAfter);
    co_return answer;
  }

 private:
  ec2::Api& inner_;
  PortWatch& watch_;
  CallSite site_;
};

// Wrong: acknowledges what is not durable yet.
class HastyStore : public Store {
 public:
  HastyStore(Store& inner, asio::any_io_executor executor)
      : inner_(inner), executor_(std::move(executor)) {}

  Result<StoredState> load() override { return inner_.load(); }

  Awaitable<Result<void>> commit(Batch batch) override {
    spawn(executor_, commit_later(std::move(batch)));
    co_return Result<void>();
  }

 private:
  Awaitable<void> commit_later(Batch batch) { co_await inner_.commit(std::move(batch)); }

  Store& inner_;
  asio::any_io_executor executor_;
};

// Wrong: what is launched again gets a new token.
class ForgetfulMachines : public Machines {
 public:
  // `launches`: of each slot so far, by whatever life of the provider.
  ForgetfulMachines(Machines& inner, std::map<SlotId, int>& launches)
      : inner_(inner), launches_(launches) {}

  Awaitable<void> launch(const GroupConfig& group, std::vector<LaunchItem> items,
                         LaunchSink& sink) override {
    for (LaunchItem& item : items) {
      const int before = launches_[item.slot]++;
      if (before > 0) item.token = "again" + std::to_string(before) + "-" + item.token;
    }
    return inner_.launch(group, std::move(items), sink);
  }

  Awaitable<Result<std::vector<Machine>>> list() override { return inner_.list(); }

  Awaitable<Result<void>> remove(std::vector<std::string> instance_ids) override {
    return inner_.remove(std::move(instance_ids));
  }

 private:
  Machines& inner_;
  std::map<SlotId, int>& launches_;
};

}  // namespace casim::provider
