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
#include "tests/provider/quiet.h"

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

  // What is wrong once the world is quiet; empty: nothing.
  std::string find_fault() { return provider::find_fault(provider().slots(), ec2); }

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
                                       world.random, world.kernel.executor()}) {}

    Ec2Machines machines;
    Provider provider;
  };

  std::unique_ptr<Running> running_;
};

}  // namespace casim::provider
