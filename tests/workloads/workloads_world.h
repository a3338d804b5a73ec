// Workload controllers on an API server with one big node; the tests play scheduler and kubelet by
// hand.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/apiserver/api_server.h"
#include "sim/workloads/job_controller.h"
#include "sim/workloads/pod_informer.h"
#include "sim/workloads/replica_set_controller.h"
#include "tests/catch.h"

namespace casim::sim {

struct KeptFacts final : FactSink {
  void on_fact(TimePoint at, const Fact& fact) override {
    if (const auto* created = std::get_if<PodCreated>(&fact)) made.emplace_back(at, *created);
    if (const auto* ended = std::get_if<PodEnded>(&fact)) ended_at.emplace_back(at, *ended);
  }

  std::vector<std::pair<TimePoint, PodCreated>> made;
  std::vector<std::pair<TimePoint, PodEnded>> ended_at;
};

// The newest numbers that were told.
struct KeptStatus final : WorkloadObserver {
  void on_status(const WorkloadStatus& before, const WorkloadStatus& now) override {
    CHECK(before.open() == of[now.workload].open());
    of[now.workload] = last = now;
  }

  std::map<WorkloadId, WorkloadStatus> of;
  WorkloadStatus last;
};

struct WorkloadsWorld {
  explicit WorkloadsWorld(double qps = 0, int burst = 0, Duration write_latency = {})
      : api(kernel, cluster, facts, Random(1),
            {.write_latency = Distribution::constant(write_latency)}),
        jobs(api,
             {{"job-controller", qps, burst, Phase::kWorld},
              {"ttl-after-finished-controller"},
              {"generic-garbage-collector"}},
             status),
        sets(api, {"replicaset-controller", qps, burst, Phase::kWorld}, status) {
    informer.add(jobs);
    informer.add(sets);
    node = add_node("big");
  }

  ~WorkloadsWorld() { CHECK_FALSE(cluster.broken_invariant()); }

  void start() { informer.start({}); }

  NodeId add_node(const std::string& name) {
    NewNode big;
    big.node.name = name;
    big.node.allocatable.cpu = MilliCpu(1'000'000);
    big.node.allocatable.pods = 1000;
    big.node.ready = true;
    return api.create_node(std::move(big));
  }

  void until(Duration t) {
    kernel.at(kTimeZero + t, Phase::kWorld, [] {});
    kernel.run(kTimeZero + t, 1'000'000);
  }

  void run(PodId pod, NodeId on) {
    REQUIRE(api.bind(pod, on).has_value());
    api.set_running(pod);
  }

  void run(PodId pod) { run(pod, node); }

  // The big one, and its pods with it.
  void lose_node() {
    api.delete_node(node);
    const std::vector<PodId> pods = cluster.pods_on(node);
    for (const PodId pod : pods) REQUIRE(api.remove_pod(pod).has_value());
  }

  static PodBlueprint blueprint(OwnerKind kind, const std::string& uid) {
    PodSpec spec;
    spec.name_prefix = "web";
    spec.owner = kind;
    spec.owner_uid = uid;
    spec.requests.cpu = MilliCpu(500);
    spec.requests.pods = 1;
    const WorkloadId workload(kind == OwnerKind::kJob ? 1 : 0);
    return {std::make_shared<const PodSpec>(std::move(spec)), workload, 0};
  }

  static ReplicaSet set_of(std::uint64_t replicas, const std::string& uid = "rs") {
    ReplicaSet set;
    set.owner.kind = OwnerKind::kReplicaSet;
    set.owner.uid = uid;
    set.pods = blueprint(OwnerKind::kReplicaSet, uid);
    set.replicas = replicas;
    return set;
  }

  static Job job_of(std::uint64_t completions, const std::string& uid = "job") {
    Job job;
    job.owner.kind = OwnerKind::kJob;
    job.owner.uid = uid;
    job.pods = blueprint(OwnerKind::kJob, uid);
    job.spec.parallelism = completions;
    job.spec.completions = completions;
    return job;
  }

  std::vector<Duration> creations() const {
    std::vector<Duration> times;
    for (const auto& [at, fact] : facts.made) times.push_back(at - kTimeZero);
    return times;
  }

  Kernel kernel{WallTime{}};
  Cluster cluster;
  KeptFacts facts;
  Random random{1};
  ApiServer api;
  KeptStatus status;
  JobController jobs;
  ReplicaSetController sets;
  PodInformer informer{api};
  NodeId node;
};

}  // namespace casim::sim
