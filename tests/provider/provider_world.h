// A provider on virtual time with scripted machines and a store in memory. Calls run to their
// answer; time moves only by them and by advance().
#pragma once

#include <cassert>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/kernel/kernel.h"
#include "src/async/task_scope.h"
#include "src/provider/provider.h"
#include "tests/provider/fake_machines.h"
#include "tests/provider/scripted_store.h"

namespace casim::provider {

// The facts, one letter and the slot's number each: "accepted 3".
class Recorder : public Observer {
 public:
  void on_started(std::uint64_t epoch) override { note("started", epoch); }

  void on_increase_committed(const std::string& group, CallId call,
                             std::span<const Slot> slots) override {
    facts.push_back("increased " + group + " by " + std::to_string(slots.size()));
    calls.push_back(call);
  }

  void on_launch_requested(const Slot& slot) override { note("requested", slot.id.value()); }

  void on_launch_accepted(const Slot& slot) override { note("accepted", slot.id.value()); }

  void on_slot_failed(const Slot& slot) override { note("failed", slot.id.value()); }

  void on_joined(const Slot& slot) override { note("joined", slot.id.value()); }

  void on_deleting(const Slot& slot, CallId call) override {
    note("deleting", slot.id.value());
    calls.push_back(call);
  }

  void on_cancelled(const Slot& slot, CallId call) override {
    note("cancelled", slot.id.value());
    calls.push_back(call);
  }

  void on_slot_gone(const Slot& slot) override { note("gone", slot.id.value()); }

  std::vector<std::string> facts;
  std::vector<CallId> calls;

 private:
  void note(const char* what, std::uint64_t number) {
    facts.push_back(std::string(what) + " " + std::to_string(number));
  }
};

inline GroupConfig small_group(std::string id, int max_size = 10) {
  GroupConfig group;
  group.id = std::move(id);
  group.max_size = max_size;
  group.instance_types = {"m6i.large", "m5.large"};
  group.zones = {"us-east-1a", "us-east-1b"};
  group.node_template.allocatable.cpu = MilliCpu(2000);
  group.node_template.allocatable.memory = Bytes(std::int64_t{8} << 30);
  group.node_template.allocatable.pods = 29;
  group.price = Price{96000};
  return group;
}

inline Config small_config() {
  Config config;
  config.cluster = "test";
  config.groups = {small_group("a"), small_group("b-c")};
  config.terminate_window = {};
  return config;
}

// A call under way; the answer is there once it came.
template <class T>
using Pending = std::shared_ptr<std::optional<Result<T>>>;

template <class T>
Awaitable<void> keep_answer(Awaitable<Result<T>> call, Pending<T> pending) {
  Result<T> answer = co_await std::move(call);
  *pending = std::move(answer);
}

class ProviderWorld {
 public:
  explicit ProviderWorld(Config c = small_config(), MemoryStoreOptions options = {})
      : kernel(WallTime(std::chrono::hours(24 * 365))),
        clock(kernel.clock(sim::Phase::kWorld)),
        store(clock, Random(1), std::move(options)),
        machines(clock),
        config(std::move(c)) {
    start();
  }

  ~ProviderWorld() { stop(); }

  void start() {
    assert(!provider);
    provider = std::make_unique<Provider>(
        config, Ports{clock, store, machines, observer, random, kernel.executor()});
    const Result<void> started = provider->start();
    assert(started);
    (void)started;
    kernel.settle();
  }

  // As production dies: what the store had not committed is lost with the coroutines.
  void crash() {
    store.crash();
    stop();
  }

  void stop() {
    if (!provider) return;
    provider->cancel();
    kernel.settle();
    provider.reset();
  }

  template <class T>
  Pending<T> begin(Awaitable<Result<T>> call) {
    auto pending = std::make_shared<std::optional<Result<T>>>();
    spawn(kernel.executor(), keep_answer<T>(std::move(call), pending));
    kernel.settle();
    return pending;
  }

  // Runs the world until the answer is there.
  template <class T>
  Result<T> call(Awaitable<Result<T>> task) {
    const Pending<T> pending = begin<T>(std::move(task));
    while (!*pending) step();
    return std::move(**pending);
  }

  void step() { kernel.run(kTimeNever, 1); }

  void advance(Duration d) { kernel.run(kernel.now() + d, 10'000'000); }

  Result<void> increase(const std::string& group, int delta) {
    return call<void>(provider->increase_size(group, delta, CallId(7)));
  }

  Result<void> decrease(const std::string& group, int delta) {
    return call<void>(provider->decrease_target_size(group, delta, CallId(8)));
  }

  Result<void> remove(const std::string& group, const std::vector<std::string>& provider_ids) {
    std::vector<NodeRef> nodes;
    for (const std::string& id : provider_ids) nodes.push_back({id, "node-of-" + id, {}, {}});
    return call<void>(provider->delete_nodes(group, nodes, CallId(9)));
  }

  Result<void> refresh() { return call<void>(provider->refresh(CallId())); }

  // The autoscaler asks for the group of a node that registered with this provider id.
  std::string join(const std::string& provider_id) {
    const NodeRef node{provider_id, "node-of-" + provider_id, {}, {}};
    const auto group = call<const GroupConfig*>(provider->group_for_node(node, CallId(10)));
    assert(group);
    return *group == nullptr ? "" : (*group)->id;
  }

  std::string group_of(const std::string& provider_id) const {
    const GroupConfig* group = provider->find_group({provider_id, provider_id, {}, {}});
    return group == nullptr ? "" : group->id;
  }

  int target(const std::string& group) const { return *provider->target_size(group); }

  std::vector<Instance> nodes(const std::string& group) const { return *provider->nodes(group); }

  Slot slot(std::uint64_t id) const {
    for (const Slot& each : provider->slots()) {
      if (each.id == SlotId(id)) return each;
    }
    return {};
  }

  std::vector<std::string> ids(const std::string& group) const {
    std::vector<std::string> all;
    for (const Instance& instance : nodes(group)) all.push_back(instance.id);
    return all;
  }

  sim::Kernel kernel;
  Clock& clock;
  Random random{5};
  ScriptedStore store;
  FakeMachines machines;
  Recorder observer;
  Config config;
  std::unique_ptr<Provider> provider;
};

}  // namespace casim::provider
