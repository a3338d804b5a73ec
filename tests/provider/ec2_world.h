// EC2 machines on the EC2 of fake_ec2.h, without a provider above them.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "src/provider/ec2_machines.h"
#include "src/provider/launch_token.h"
#include "tests/provider/fake_ec2.h"
#include "tests/provider/provider_world.h"
#include "tests/provider/quiet.h"

namespace casim::provider {

class Answers : public LaunchSink {
 public:
  explicit Answers(Clock& clock) : clock_(clock) {}

  void on_answer(LaunchAnswer answer) override {
    at.push_back(clock_.now() - kTimeZero);
    all.push_back(std::move(answer));
  }

  bool is_wanted(SlotId slot) const override { return !cancelled.contains(slot); }

  std::vector<LaunchAnswer> all;
  std::vector<Duration> at;
  std::set<SlotId> cancelled;

 private:
  Clock& clock_;
};

// How long the client waited, and why.
class Waits : public Ec2Observer {
 public:
  void on_wait(const Ec2Wait& wait) override { all.push_back(wait); }

  int count(Ec2Wait::Why why) const {
    return static_cast<int>(std::ranges::count(all, why, &Ec2Wait::why));
  }

  std::vector<Ec2Wait> all;
};

struct Ec2World {
  explicit Ec2World(Ec2MachinesOptions options = {})
      : machines("blue", {ec2, clock, random, waits, kernel.executor()}, std::move(options)) {}

  ~Ec2World() {
    scope.cancel();
    kernel.settle();
  }

  static Awaitable<void> run_launch(Ec2World& world, std::vector<LaunchItem> items) {
    co_await world.machines.launch(world.group, std::move(items), world.answers);
    world.launched = true;
  }

  // Slots of one call, in the first zone.
  void launch_together(int slots) {
    std::vector<LaunchItem> items;
    for (int i = 0; i < slots; ++i) {
      const LaunchToken token{.call = call_token("t", slots), .size = slots, .place = i};
      items.push_back(
          {SlotId(static_cast<std::uint64_t>(i)), slot_token(token), group.zones.front()});
    }
    scope.spawn(run_launch(*this, std::move(items)));
  }

  void launch(int slots) {
    std::vector<LaunchItem> items;
    for (int i = 0; i < slots; ++i) {
      items.push_back({SlotId(static_cast<std::uint64_t>(i)), "t" + std::to_string(i),
                       group.zones[static_cast<std::size_t>(i) % 2]});
    }
    scope.spawn(run_launch(*this, std::move(items)));
  }

  template <class T>
  Result<T> call(Awaitable<Result<T>> task) {
    auto pending = std::make_shared<std::optional<Result<T>>>();
    scope.spawn(keep_answer<T>(std::move(task), pending));
    kernel.run(kTimeNever, 1'000'000);
    return std::move(**pending);
  }

  void run() { kernel.run(kTimeNever, 1'000'000); }

  sim::Kernel kernel{WallTime{}};
  Clock& clock = kernel.clock(sim::Phase::kWorld);
  Random random{5};
  FakeEc2 ec2{clock, kernel.executor()};
  Waits waits;
  GroupConfig group = small_group("a");
  Answers answers{clock};
  bool launched = false;
  TaskScope scope{kernel.executor()};
  Ec2Machines machines;
};

inline const std::vector<std::pair<std::string, std::string>> kPoolsOfSlot0{
    {"m6i.large", "us-east-1a"},
    {"m5.large", "us-east-1a"},
    {"m6i.large", "us-east-1b"},
    {"m5.large", "us-east-1b"}};

}  // namespace casim::provider
