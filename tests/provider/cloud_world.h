// A provider on top of the EC2 of fake_ec2.h, which can crash at any event. Store and EC2 survive.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "sim/kernel/kernel.h"
#include "src/provider/ec2_machines.h"
#include "tests/provider/fake_ec2.h"
#include "tests/provider/provider_world.h"

namespace casim::provider {

class CloudWorld {
 public:
  explicit CloudWorld(MemoryStoreOptions options = {})
      : store(clock, Random(1), std::move(options)) {
    start();
  }

  ~CloudWorld() { stop(); }

  void start() {
    if (running_) return;
    running_ = std::make_unique<Running>(*this);
    const Result<void> started = running_->provider.start();
    assert(started);
    (void)started;
  }

  void crash() {
    store.crash();
    stop();
  }

  void stop() {
    if (!running_) return;
    running_->provider.cancel();
    kernel.settle();
    running_.reset();
  }

  Provider& provider() { return running_->provider; }

  void advance(Duration d) { kernel.run(kernel.now() + d, 10'000'000); }

  // So many events; false when the world came to `until` before.
  bool step(std::uint64_t events, TimePoint until) {
    return kernel.run(until, events) == sim::Kernel::Stop::kEventLimit;
  }

  // An answer that may never come: the caller does not wait.
  Pending<void> begin(Awaitable<Result<void>> call) {
    auto pending = std::make_shared<std::optional<Result<void>>>();
    spawn(kernel.executor(), keep_answer<void>(std::move(call), pending));
    return pending;
  }

  // What is wrong once the world is quiet; empty: nothing leaked, nothing doubled, every slot of
  // the target has its machine or its failure.
  std::string find_fault() {
    std::map<std::string, int> live;  // by token of the slot
    for (const auto& [id, instance] : ec2.instances) {
      if (is_live(id)) ++live[slot_token_of(instance)];
    }
    for (const Slot& slot : provider().slots()) {
      const std::string name = "slot " + std::to_string(slot.id.value());
      switch (slot.state) {
        case SlotState::kCreating:
        case SlotState::kRunning:
          if (live[slot.token] != 1) {
            return name + " has " + std::to_string(live[slot.token]) + " machines";
          }
          live.erase(slot.token);
          if (!is_live(slot.instance_id)) return name + " has lost " + slot.instance_id;
          break;
        case SlotState::kFailed:
          if (!slot.failure) return name + " failed without a reason";
          if (!slot.instance_id.empty()) live.erase(slot.token);
          break;
        case SlotState::kRequested:
          return name + " is still requested";
        case SlotState::kDeleting:
          return name + " is still deleting";
        case SlotState::kCancelled:
          return name + " is still cancelled";
      }
    }
    for (const auto& [token, count] : live) {
      if (count > 0) return "leaked: token " + token;
    }
    return {};
  }

  bool is_live(const std::string& id) const {
    const auto instance = ec2.instances.find(id);
    return instance != ec2.instances.end() &&
           instance->second.state != ec2::InstanceState::kTerminated;
  }

  sim::Kernel kernel{WallTime{}};
  Clock& clock = kernel.clock(sim::Phase::kWorld);
  Random random{5};
  ScriptedStore store;
  FakeEc2 ec2{clock, kernel.executor()};
  Recorder observer;
  Ec2Observer ec2_observer;
  Config config = small_config();

 private:
  struct Running {
    explicit Running(CloudWorld& world)
        : machines(
              world.config.cluster,
              {world.ec2, world.clock, world.random, world.ec2_observer, world.kernel.executor()},
              {}),
          provider(world.config, Ports{world.clock, world.store, machines, world.observer,
                                       world.kernel.executor()}) {}

    Ec2Machines machines;
    Provider provider;
  };

  std::unique_ptr<Running> running_;
};

}  // namespace casim::provider
