// EC2 and the nodes on its machines, without anything above them: what faults befall.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/faults/fault.h"
#include "sim/faults/targets.h"
#include "sim/rpc/rpc_conditions.h"
#include "src/provider/ec2_machines.h"
#include "tests/catch.h"
#include "tests/sim_ec2/ec2_world.h"

namespace casim::sim {

class NoProcess final : public CrashableProcess {
 public:
  bool is_up() const override { return true; }

  void crash() override {}

  void start() override {}
};

class NoAutoscaler final : public RecoveringProcess {
 public:
  void crash(std::optional<Duration> /*down_for*/) override {}
};

// Buckets never run dry, unless a test says so. Machines of the groups "general" and "gpu" boot in
// 20 s, register 2 s and are Ready 5 s later.
struct FaultyWorld {
  explicit FaultyWorld(std::vector<Fault> faults, Ec2Config config = without_throttling(),
                       bool client_corrects_clock = false)
      : ec2(std::move(config), conditions) {
    ec2.model.subscribe(machines_to_nodes);
    const FaultTargets targets{{.kernel = ec2.kernel,
                                .random = ec2.random,
                                .facts = ec2.facts,
                                .ec2 = ec2.model,
                                .ec2_conditions = conditions},
                               api,
                               outages,
                               autoscaler,
                               rpc,
                               client_corrects_clock,
                               nodes,
                               boot_conditions};
    arm_all(faults, targets);
  }

  static Ec2Config without_throttling() {
    Ec2Config config = constant_config();
    config.throttle.unlimited = true;
    config.vcpu_quota = 1'000'000;
    return config;
  }

  static NodeLifeConfig node_config() {
    NodeLifeConfig config;
    config.boot = Distribution::constant(20s);
    config.register_after = Distribution::constant(2s);
    config.ready_after = Distribution::constant(5s);
    config.group_tag = provider::kGroupTag;
    return config;
  }

  static std::map<std::string, NodeBlueprint> groups() {
    NodeBlueprint blueprint;
    blueprint.allocatable.pods = 10;
    blueprint.capacity = blueprint.allocatable;
    return {{"general", blueprint}, {"gpu", blueprint}};
  }

  // Launches them now; they run 6 s later.
  void launch(const std::string& group, int count, const std::string& zone = "us-east-1a") {
    ec2::RunInstancesRequest request = of_type("m6i.large", count);
    request.zone = zone;
    request.tags = {{provider::kGroupTag, group}};
    ec2.run(std::move(request));
  }

  // When a fact of this kind happened, in order.
  template <class F>
  std::vector<Duration> times() const {
    std::vector<Duration> result;
    for (const auto& [at, fact] : ec2.facts.all<F>()) result.push_back(at - kTimeZero);
    return result;
  }

  Ec2ConditionSet conditions;
  Ec2World ec2;
  NoProcess process;
  NoAutoscaler autoscaler;
  ProcessOutages outages{ec2.kernel, process};
  RpcConditions rpc;
  Cluster cluster;
  ApiServer api{ec2.kernel, cluster, ec2.facts, Random(1), {}};
  NodeHeartbeats heartbeats{api.outages()};
  PodRunner pods{ec2.kernel, api, ec2.random, [](PodId) { return std::nullopt; }, {}};
  BootConditionSet boot_conditions;
  NodeLife nodes{ec2.kernel, api,      heartbeats,    ec2.random,
                 pods,       groups(), node_config(), boot_conditions};
  ForwardInstances<NodeLife> machines_to_nodes{nodes};
};

template <class Kind>
std::vector<Fault> only(Kind kind) {
  return {Fault{.body = std::move(kind)}};
}

// While 10 s <= t < 20 s.
inline constexpr FaultTimes kTenSeconds{.at = 10s, .length = 10s};

}  // namespace casim::sim
