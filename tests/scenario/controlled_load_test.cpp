// Deployments, StatefulSets and DaemonSets of a scenario, in whole worlds.
#include <map>

#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

PodTemplate pod_of(std::int64_t cpu_m) {
  PodTemplate pod;
  pod.resources.requests.cpu = MilliCpu(cpu_m);
  return pod;
}

// Nodes with some 7.9 cores: five pods of 1.5 cores each.
Scenario with(std::vector<Workload> workloads) {
  Scenario s = small_scenario(1);
  s.workloads = std::move(workloads);
  return s;
}

DeploymentWorkload web(int replicas) {
  DeploymentWorkload deployment;
  deployment.replicas = replicas;
  deployment.pod = pod_of(1500);
  return deployment;
}

// Of scenarios/rollout.json with one thing changed.
std::string problems_with(const std::string& override) {
  config::Problems problems;
  static_cast<void>(load_scenario({"scenarios/rollout.json", {override}}, problems));
  return problems.text();
}

// By workload.
std::map<std::uint32_t, int> pods_made(const Ran& ran) {
  std::map<std::uint32_t, int> made;
  for (const PodRecord& pod : ran.pods) ++made[pod.workload.value()];
  return made;
}

}  // namespace

TEST_CASE("a Deployment's replicas follow its schedule, and the nodes follow them", "[scenario]") {
  DeploymentWorkload deployment = web(4);
  deployment.scale = {{2min, 25}, {15min, 3}};
  const Ran ran = run_whole(with({{"web", deployment}}));
  const auto moved = static_cast<std::size_t>(ran.summary.pods.evicted);  // as nodes go again
  CHECK(ran.pods.size() == 25 + moved);
  CHECK(ran.summary.pods.running == 3);
  CHECK(ran.summary.pods.deleted == 22);
  CHECK(facts_named(ran.facts, "NodeRegistered").size() >= 5);
}

TEST_CASE("without a duration a run waits for all changes, and for the last rollout",
          "[scenario]") {
  DeploymentWorkload deployment = web(4);
  deployment.scale = {{5min, 6}};
  deployment.rollouts = {{10min, std::nullopt}};
  Scenario s = with({{"web", deployment}});
  s.duration.reset();
  s.linger = 1min;
  const Ran ran = run_whole(s);
  CHECK(ran.summary.stopped_by == "idle");
  CHECK(ran.summary.end > kTimeZero + 11min);
  CHECK(ran.summary.end < kTimeZero + 30min);
  CHECK(ran.pods.size() == 12);
  CHECK(ran.summary.pods.running == 6);
}

TEST_CASE("a DaemonSet is on every node, takes its share of new ones, and is no latency",
          "[scenario]") {
  DaemonSetWorkload agent;
  agent.pod = pod_of(1500);
  // It is there before the node is Ready and others come.
  agent.pod.tolerations = {{"", Toleration::Operator::kExists, "", std::nullopt}};
  DeploymentWorkload deployment = web(2);
  deployment.scale = {{2min, 18}};
  const Ran with_agent = run_whole(with({{"agent", agent}, {"web", deployment}}));
  const Ran without = run_whole(with({{"web", deployment}}));
  const std::size_t nodes = facts_named(with_agent.facts, "NodeRegistered").size();
  // Four of five places are left on each node: five nodes instead of four.
  CHECK(nodes == 5);
  CHECK(facts_named(without.facts, "NodeRegistered").size() == 4);
  CHECK(pods_made(with_agent) == std::map<std::uint32_t, int>{{0, 5}, {1, 18}});
  CHECK(with_agent.summary.pods.running == 23);
  CHECK(with_agent.summary.latency.pod_latency.count == 18);
}

TEST_CASE("a StatefulSet's lost pod comes back under its ordinal", "[scenario]") {
  StatefulSetWorkload db;
  db.replicas = 3;
  db.pod = pod_of(1500);
  db.rollouts = {{10min, std::nullopt}};
  const Ran ran = run_whole(with({{"db", db}}));
  REQUIRE(ran.pods.size() == 6);
  CHECK(ran.summary.pods.running == 3);
  for (std::uint64_t i = 0; i < 3; ++i) {
    CHECK(ran.pods[i].index == i);
    CHECK(ran.pods[i + 3].index == 2 - i);
  }
}

TEST_CASE("on the wire and from memory a world of such workloads is the same", "[scenario]") {
  DaemonSetWorkload agent;
  agent.pod = pod_of(300);
  agent.rollouts = {{20min, std::nullopt}};
  DeploymentWorkload deployment = web(4);
  deployment.scale = {{2min, 20}};
  deployment.rollouts = {{12min, pod_of(1400)}};
  StatefulSetWorkload db;
  db.replicas = 3;
  db.pod = pod_of(500);
  Scenario s = troubled_scenario();
  s.workloads = {{"agent", agent}, {"web", deployment}, {"db", db}};
  WorldOptions wire;
  wire.rpc_on_wire = true;
  CHECK(run_whole(s).summary.digest == run_whole(s, wire).summary.digest);
}

TEST_CASE("what a controlled workload says wrongly is found, and where", "[scenario]") {
  struct Row {
    const char* override;
    const char* problem;
  };

  const auto row = GENERATE(values<Row>({
      {"workloads.web.replicas=-1", "replicas"},
      {"workloads.web.kind=deploiment", "\"deployment\""},
      {"workloads.web.max_surge=\"25\"", "a count or a percentage such as 3 or \"25%\""},
      {"workloads.web.max_surge=-1", "a count or a percentage"},
      {"workloads.web.strategy=recreate", "\"Recreate\""},
      {"workloads.web.scale=[{\"at\":\"5m\",\"replicas\":2},{\"at\":\"1m\",\"replicas\":3}]",
       "their times must rise"},
      {"workloads.web.at=20m", "their times must rise"},
      {"workloads.db.pod_management=parallel", "\"Parallel\""},
      {"workloads.db.max_surge=1", "max_surge"},
      {"workloads.db.kind=daemon_set", "replicas"},
  }));
  CAPTURE(row.override);
  const std::string problems = problems_with(row.override);
  CAPTURE(problems);
  CHECK(problems.find(row.problem) != std::string::npos);
}
