// A load with its controllers on one big node; the tests play scheduler and kubelet by hand.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/load/arrivals.h"
#include "sim/load/load_completion.h"
#include "sim/load/workload_table.h"
#include "sim/workloads/pod_informer.h"
#include "tests/catch.h"

namespace casim::sim {

struct KeptFacts final : FactSink {
  void on_fact(TimePoint at, const Fact& fact) override {
    if (const auto* created = std::get_if<PodCreated>(&fact)) made.emplace_back(at, *created);
  }

  std::vector<std::pair<TimePoint, PodCreated>> made;
};

struct LoadWorld {
  explicit LoadWorld(WorkloadTable::WhyNeverFits why = [](const PodSpec&) { return std::string(); })
      : LoadWorld(0, 0, std::move(why)) {}

  // Controllers that may not write faster.
  LoadWorld(
      double qps, int burst,
      WorkloadTable::WhyNeverFits why = [](const PodSpec&) { return std::string(); })
      : workloads(cluster, std::move(why)),
        jobs(api, {{"job-controller", qps, burst, Phase::kWorld}, {"ttl"}, {"garbage"}},
             completion),
        sets(api, {"replicaset-controller", qps, burst, Phase::kWorld}, completion),
        arrivals(kernel, workloads, {sets, jobs, bare, qps, burst}, completion) {
    informer.add(jobs);
    informer.add(sets);
    informer.add(bare);
    completion.when_changed(
        [this](bool is_done) { changes.emplace_back(kernel.now() - kTimeZero, is_done); });
    NewNode big;
    big.node.name = "big";
    big.node.allocatable.cpu = MilliCpu(1'000'000);
    big.node.allocatable.pods = 1000;
    big.node.ready = true;
    node = api.create_node(std::move(big));
  }

  ~LoadWorld() { CHECK_FALSE(cluster.broken_invariant()); }

  template <class Spec>
  WorkloadId add(Spec spec) {
    const WorkloadId id = workloads.add(std::move(spec));
    arrivals.add(id);
    return id;
  }

  void start() {
    arrivals.start();
    informer.start({});
    completion.start();
  }

  void until(Duration t) {
    kernel.at(kTimeZero + t, Phase::kWorld, [] {});
    kernel.run(kTimeZero + t, 1'000'000);
  }

  void run(PodId pod) {
    REQUIRE(api.bind(pod, node).has_value());
    api.set_running(pod);
  }

  std::vector<Duration> creations() const {
    std::vector<Duration> times;
    for (const auto& [at, fact] : facts.made) times.push_back(at - kTimeZero);
    return times;
  }

  using Changes = std::vector<std::pair<Duration, bool>>;

  Kernel kernel{WallTime{}};
  Cluster cluster;
  KeptFacts facts;
  Random random{1};
  ApiServer api{kernel, cluster, facts, Random(1), {}};
  WorkloadTable workloads;
  LoadCompletion completion{workloads};
  JobController jobs;
  ReplicaSetController sets;
  BarePods bare{api, {"load", 0, 0, Phase::kWorld}, completion};
  PodInformer informer{api};
  Arrivals arrivals;
  Changes changes;  // when the load became done, or undone
  NodeId node;
};

inline BurstSpec burst_of(std::uint64_t count, Duration at = {}, Duration over = {},
                          std::optional<Duration> run_for = std::nullopt) {
  BurstSpec burst;
  burst.name = "web";
  burst.count = count;
  burst.at = at;
  burst.over = over;
  burst.run_for = run_for;
  burst.pod.requests.cpu = MilliCpu(500);
  return burst;
}

// Rows 1 to n of one core, one second apart, each running for 100 s.
inline Trace trace_of(std::uint32_t rows) {
  Trace trace;
  Resources core;
  core.cpu = MilliCpu(1000);
  core.pods = 1;
  trace.shapes.push_back(core);
  for (std::uint32_t i = 0; i < rows; ++i) {
    trace.rows.push_back({"row-" + std::to_string(i + 1), i + 1, 0,
                          i * Duration(std::chrono::seconds(1)), std::chrono::seconds(100)});
  }
  return trace;
}

// Its rows from the second on are of a second shape, of four cores.
inline Trace two_shapes_of(std::uint32_t rows) {
  Trace trace = trace_of(rows);
  trace.shapes.push_back(trace.shapes[0]);
  trace.shapes[1].cpu = MilliCpu(4000);
  for (std::uint32_t i = 1; i < rows; ++i) trace.rows[i].shape = 1;
  return trace;
}

inline TraceSpec jobs_of(Trace trace) {
  TraceSpec spec;
  spec.name = "jobs";
  spec.trace = std::move(trace);
  return spec;
}

}  // namespace casim::sim
