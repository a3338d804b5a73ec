// What the provider costs: a pass of the reconciler over many machines, and a burst of launches.
// Virtual time stands still or jumps, so only its own work counts, and that of the little EC2 and
// store beneath it.

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "sim/kernel/kernel.h"
#include "src/async/task_scope.h"
#include "src/provider/ec2_machines.h"
#include "src/provider/memory_store.h"
#include "src/provider/placeholder.h"
#include "src/provider/provider.h"

namespace casim::provider {
namespace {

constexpr int kMostSlots = 100'000;

Config config_of_bench() {
  GroupConfig group;
  group.id = "general";
  group.max_size = kMostSlots;
  group.instance_types = {"m6i.large", "m5.large"};
  group.zones = {"us-east-1a", "us-east-1b", "us-east-1c"};
  Config config;
  config.cluster = "bench";
  config.groups = {group};
  return config;
}

// Has the machines that it is given.
class GivenMachines : public Machines {
 public:
  explicit GivenMachines(std::vector<Machine> machines) : machines_(std::move(machines)) {}

  Awaitable<void> launch(const GroupConfig&, std::vector<LaunchItem>, LaunchSink&) override {
    co_return;
  }

  Awaitable<Result<std::vector<Machine>>> list() override { co_return machines_; }

  Awaitable<Result<void>> remove(std::vector<std::string>) override { co_return Result<void>(); }

 private:
  std::vector<Machine> machines_;
};

// Accepts every launch at once, and forgets it: no token is replayed here.
class WillingEc2 : public ec2::Api {
 public:
  Awaitable<ec2::Attempt<ec2::AnyReply>> call(ec2::AnyRequest request) override {
    if (const auto* run = std::get_if<ec2::RunInstancesRequest>(&request)) {
      ec2::RunInstancesReply reply;
      for (int i = 0; i < run->max_count; ++i) {
        ec2::Instance instance;
        instance.id = "i-" + std::to_string(++launched_);
        instance.zone = run->zone;
        instance.ami_launch_index = i;
        reply.instances.push_back(std::move(instance));
      }
      co_return ec2::to_any<ec2::RunInstancesRequest>(std::move(reply));
    }
    co_return ec2::to_any<ec2::DescribeInstancesRequest>({});
  }

  int launched() const { return launched_; }

 private:
  int launched_ = 0;
};

std::vector<Slot> joined_slots(int count) {
  std::vector<Slot> slots;
  for (int i = 0; i < count; ++i) {
    Slot slot;
    slot.id = SlotId(static_cast<std::uint64_t>(i));
    slot.group = "general";
    slot.state = SlotState::kRunning;
    slot.token = "bench-" + std::to_string(i);
    slot.instance_id = "i-" + std::to_string(i);
    slot.provider_id = make_provider_id("us-east-1a", slot.instance_id);
    slots.push_back(std::move(slot));
  }
  return slots;
}

std::vector<Machine> machines_of(const std::vector<Slot>& slots) {
  std::vector<Machine> machines;
  for (const Slot& slot : slots) {
    machines.push_back({.instance_id = slot.instance_id,
                        .provider_id = slot.provider_id,
                        .token = slot.token,
                        .group = slot.group,
                        .state = MachineState::kRunning,
                        .failure = std::nullopt});
  }
  return machines;
}

// One pass over machines that are all as they should be: the list is copied and compared.
void reconcile(benchmark::State& state) {
  const int count = static_cast<int>(state.range(0));
  sim::Kernel kernel{WallTime{}};
  Clock& clock = kernel.clock(sim::Phase::kWorld);
  MemoryStore store(clock, Random(1), {});
  const std::vector<Slot> slots = joined_slots(count);
  store.seed(slots);
  GivenMachines machines(machines_of(slots));
  Observer observer;
  const Random random(1);
  const Config config = config_of_bench();
  Provider provider(config, Ports{clock, store, machines, observer, random, kernel.executor()});
  const Result<void> started = provider.start();
  assert(started);
  kernel.settle();
  for (auto _ : state) kernel.run(kernel.now() + config.reconcile.period, kMostSlots);
  assert(*provider.target_size("general") == count);
  state.SetItemsProcessed(state.iterations() * count);
  provider.cancel();
  kernel.settle();
}

Awaitable<void> order(Provider& provider, int count) {
  const Result<void> ordered = co_await provider.increase_size("general", count, CallId(1));
  assert(ordered);
}

// An order of so many machines until all are durably accepted.
void launch_burst(benchmark::State& state) {
  const int count = static_cast<int>(state.range(0));
  const Config config = config_of_bench();
  const Random random(1);
  Observer observer;
  Ec2Observer ec2_observer;
  for (auto _ : state) {
    sim::Kernel kernel{WallTime{}};
    Clock& clock = kernel.clock(sim::Phase::kWorld);
    MemoryStore store(clock, random, {});
    WillingEc2 ec2;
    Ec2Machines machines(config.cluster, {ec2, clock, random, ec2_observer, kernel.executor()}, {});
    Provider provider(config, Ports{clock, store, machines, observer, random, kernel.executor()});
    const Result<void> started = provider.start();
    assert(started);
    spawn(kernel.executor(), order(provider, count));
    kernel.settle();
    assert(ec2.launched() == count);
    assert(provider.nodes("general")->back().id.find("placeholder") == std::string::npos);
    provider.cancel();
    kernel.settle();
  }
  state.SetItemsProcessed(state.iterations() * count);
}

BENCHMARK(reconcile)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(launch_burst)->Arg(500)->Arg(5'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace casim::provider
