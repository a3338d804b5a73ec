// One run of the little world with the autoscaler in it.
#include <optional>
#include <stdexcept>

#include "oracle/loops/kube_placing.h"
#include "oracle/loops/little_provider.h"
#include "oracle/loops/loop_cases.h"
#include "sim/autoscaler/cluster/pod_trigger.h"
#include "sim/autoscaler/core/autoscaler.h"
#include "src/async/task_scope.h"

namespace casim::oracle {
namespace {

// A whole second of wall time; which one does not matter.
constexpr WallTime kStart{std::chrono::seconds(1767571200)};
constexpr std::uint64_t kLoopEventLimit = 50'000'000;

sim::AutoscalerOptions options_of(const sim::Flags& flags, int version) {
  auto parsed = sim::parse_flags(flags, version);
  if (parsed) return parsed->options;
  const sim::FlagProblem& first = parsed.error().front();
  throw std::runtime_error("flag " + first.flag + ": " + first.message);
}

Json final_of(const LittleWorld& world) {
  Json final;
  final["created"] = world.counts().created;
  final["completed"] = world.counts().completed;
  final["deleted"] = world.counts().deleted;
  final["evicted"] = world.counts().evicted;
  final["lost"] = world.counts().lost;
  final["pending"] = world.pending();
  final["running"] = world.running();
  final["nodes"] = world.node_count();
  final["targets"] = Json::object();
  for (const auto& [id, group] : world.groups()) final["targets"][id] = group.target;
  return final;
}

struct Run {
  Run(const Json& json, int version)
      : given(parse_little_case(json)),
        options(options_of(given.flags, version)),
        kernel(kStart),
        clock(kernel.clock(sim::Phase::kAutoscaler)),
        world(given, kernel),
        record(world, kernel),
        rpc(given, world, record, clock),
        api(world, record),
        provider(rpc, clock, kernel.executor(), given.grpc_timeout),
        order(sim::OrderPolicy::by_name()),
        signal(kernel.executor()),
        trigger(view, signal, clock),
        autoscaler(options,
                   {provider, view, api, clock, compute_time, order, record, kernel.executor()}),
        driver(autoscaler.timing(), autoscaler, signal, clock) {}

  // Who places the pods also says how the autoscaler learns of those that do not fit.
  void watch_world() {
    if (given.scheduler_qps) {
      world.add_watcher(trigger);
      world.add_watcher(placing.emplace(kernel, world, *given.scheduler_qps));
    } else {
      world.add_watcher(view);
      world.on_unschedulable = [this] { signal.raise(); };
    }
  }

  // By reference to a member of this object, which outlives the task.
  Awaitable<void> drive() {
    co_await driver.run(given.end);
    final = final_of(world);
    autoscaler.cancel();
    kernel.request_stop();
  }

  LittleCase given;
  sim::AutoscalerOptions options;
  sim::Kernel kernel;
  Clock& clock;
  sim::ClusterView view;
  LittleWorld world;
  LittleRecord record;
  LittleProvider rpc;
  LittleApi api;
  sim::CloudProvider provider;
  sim::NoComputeTime compute_time;
  sim::OrderPolicy order;
  sim::UnschedulableSignal signal;
  sim::PodTrigger trigger;
  std::optional<KubePlacing> placing;
  sim::Autoscaler autoscaler;
  sim::LoopDriver driver;
  Json final;
};

}  // namespace

LoopRun run_little_world(const Json& given, int version) {
  Run run(given, version);
  if (run.given.priority_expander) {
    run.view.set_config_map("cluster-autoscaler-priority-expander", "priorities",
                            *run.given.priority_expander);
  }
  run.watch_world();
  run.world.start();
  run.autoscaler.start();
  spawn(run.kernel.executor(), run.drive());
  const sim::Kernel::Stop stop = run.kernel.run(kTimeNever, kLoopEventLimit);
  run.kernel.settle();
  if (stop == sim::Kernel::Stop::kEventLimit) throw std::runtime_error("event limit reached");
  if (run.final.is_null()) throw std::runtime_error("the loops stopped before the end");
  return LoopRun{run.record.take(), std::move(run.final), run.world.waits(), run.world.launched()};
}

}  // namespace casim::oracle
