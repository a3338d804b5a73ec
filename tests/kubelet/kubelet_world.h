// A kernel, a cluster and an API server for nodes and pods with constant latencies.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/kubelet/node_life.h"
#include "sim/kubelet/pod_runner.h"
#include "tests/catch.h"

namespace casim::sim {

using namespace std::chrono_literals;

struct KeptFacts final : FactSink {
  void on_fact(TimePoint at, const Fact& fact) override {
    entries.emplace_back(at - kTimeZero, fact);
  }

  // When a fact of this kind happened, in order.
  template <class F>
  std::vector<Duration> times() const {
    std::vector<Duration> result;
    for (const auto& [at, fact] : entries) {
      if (std::holds_alternative<F>(fact)) result.push_back(at);
    }
    return result;
  }

  template <class F>
  const F& last() const {
    for (auto it = entries.rbegin(); it != entries.rend(); ++it) {
      if (const F* fact = std::get_if<F>(&it->second)) return *fact;
    }
    FAIL("no such fact");
    throw 0;
  }

  std::vector<std::pair<Duration, Fact>> entries;
};

// Boot 20 s, registration 2 s, Ready 5 s; a pod starts in 3 s, stops in 4 s, runs 60 s.
struct KubeletWorld {
  static NodeLifeConfig nodes_config() {
    NodeLifeConfig config;
    config.metal_extra = Distribution::constant(18s);
    config.boot = Distribution::constant(20s);
    config.register_after = Distribution::constant(2s);
    config.ready_after = Distribution::constant(5s);
    return config;
  }

  static PodRunnerConfig pods_config() {
    PodRunnerConfig config;
    config.start = Distribution::constant(3s);
    config.stop = Distribution::constant(4s);
    return config;
  }

  static std::map<std::string, NodeBlueprint> one_group() {
    NodeBlueprint blueprint;
    blueprint.labels = {{"team", "a"}};
    blueprint.taints = {{"dedicated", "a", TaintEffect::kNoSchedule}};
    blueprint.allocatable.cpu = MilliCpu(1930);
    blueprint.allocatable.pods = 29;
    blueprint.capacity = blueprint.allocatable;
    blueprint.capacity.cpu = MilliCpu(2000);
    return {{"general", blueprint}};
  }

  explicit KubeletWorld(NodeLifeConfig node = nodes_config(), PodRunnerConfig pod = pods_config())
      : pods(
            kernel, api, random, [this](PodId) { return run_for; }, pod),
        nodes(kernel, api, heartbeats, random, pods, one_group(), std::move(node)) {}

  void until(Duration t) {
    kernel.at(kTimeZero + t, Phase::kWorld, [] {});
    kernel.run(kTimeZero + t, 1'000'000);
  }

  static ec2::Instance machine(std::string group = "general",
                               std::string id = "i-0123456789abcdef0") {
    ec2::Instance instance;
    instance.id = std::move(id);
    instance.type = "m6i.large";
    instance.zone = "us-east-1b";
    instance.state = ec2::InstanceState::kRunning;
    instance.tags = {{"casim:group", std::move(group)}};
    return instance;
  }

  PodId add_pod(NodeId node) {
    auto spec = std::make_shared<PodSpec>();
    spec->workload = "web";
    spec->name_prefix = "web";
    spec->requests.pods = 1;
    spec->images = images;
    NewPod fresh;
    fresh.spec = std::move(spec);
    fresh.workload = WorkloadId(0);
    fresh.index = next_pod++;
    const PodId pod = api.create_pod(std::move(fresh));
    REQUIRE(api.bind(pod, node).has_value());
    return pod;
  }

  Kernel kernel{WallTime{} + 24h * 20000};
  Cluster cluster;
  KeptFacts facts;
  Random random{1};
  ApiServer api{kernel, cluster, facts, Random(1), {}};
  NodeHeartbeats heartbeats;
  std::optional<Duration> run_for = 60s;
  PodRunner pods;
  NodeLife nodes;
  std::uint64_t next_pod = 0;
  std::vector<ContainerImage> images;  // of the pods that come
};

}  // namespace casim::sim
