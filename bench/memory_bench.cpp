// Memory that a run holds, as what the allocator has handed out: of one more pod that lives, of one
// more that has finished, of one more node. Each as the difference between two worlds.
#include <malloc.h>

#include <benchmark/benchmark.h>

#include "sim/scenario/load_plan.h"
#include "sim/world/world.h"

namespace casim::sim {
namespace {

constexpr Duration kEnd = std::chrono::minutes(30);

struct Held {
  int nodes = 0;
  int pods = 0;
  Duration run_for{};
};

// Pods of one burst on nodes of 737 places, at rest long before the end.
Scenario scenario_of(const Held& held) {
  Scenario s;
  s.description = "memory";
  s.start = WallTime(std::chrono::seconds(1'767'600'000));
  s.duration = kEnd;
  NodeGroupConfig group;
  group.name = "g";
  group.min = held.nodes;
  group.max = held.nodes;
  group.initial = held.nodes;
  group.instance_types = {"m6i.24xlarge"};
  s.node_groups = {group};
  s.scheduler.api = {5000, 10'000};
  s.controllers.api = {5000, 10'000};
  s.ec2.vcpu_quota = 100'000'000;
  BurstWorkload burst;
  burst.count = held.pods;
  burst.at = std::chrono::seconds(30);
  burst.run_for = held.run_for;
  burst.pod.resources.requests.cpu = MilliCpu(1);
  s.workloads = {{"p", burst}};
  return s;
}

std::size_t bytes_at_end(const Held& held) {
  const Scenario scenario = scenario_of(held);
  config::Problems problems;
  const LoadedScenario loaded{"memory", scenario, config::Document(config::Value())};
  const std::size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
  World world(scenario, make_load_plan(loaded, problems), {.check_invariants = false}, nullptr);
  while (!world.is_over()) world.run(1'000'000);
  const std::size_t after = mallinfo2().uordblks + mallinfo2().hblkhd;
  world.shut_down();
  return after - before;
}

// Vectors double: between powers of two that fill them, half of what is held is room to grow.
void report(benchmark::State& state, const Held& few, const Held& many) {
  double difference = 0;
  bytes_at_end({1, 1, kEnd});  // what is made once
  for (auto _ : state) {
    const auto with_few = static_cast<double>(bytes_at_end(few));
    difference = static_cast<double>(bytes_at_end(many)) - with_few;
  }
  const double more = many.pods - few.pods + many.nodes - few.nodes;
  state.counters["bytes_each"] = difference / more;
}

void live_pod(benchmark::State& state) {
  const int n = static_cast<int>(state.range(0));
  const Duration for_ever = 10 * kEnd;
  report(state, {64, n, for_ever}, {64, 2 * n, for_ever});
}

void finished_pod(benchmark::State& state) {
  const int n = static_cast<int>(state.range(0));
  const Duration short_while = std::chrono::seconds(10);
  report(state, {64, n, short_while}, {64, 2 * n, short_while});
}

void node(benchmark::State& state) {
  const int n = static_cast<int>(state.range(0));
  report(state, {n, 0, kEnd}, {2 * n, 0, kEnd});
}

BENCHMARK(live_pod)->Arg(16'384)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(finished_pod)->Arg(16'384)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(node)->Arg(256)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace casim::sim
