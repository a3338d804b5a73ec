#include "sim/workloads/deployment_controller.h"

#include <set>

#include "tests/workloads/workloads_world.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

struct DeploymentWorld : WorkloadsWorld {
  explicit DeploymentWorld(double qps = 0, int burst = 0)
      : WorkloadsWorld(qps, burst),
        deployments(api, {"deployment-controller", qps, burst, Phase::kWorld}, sets, status) {
    start();
  }

  void create(std::uint64_t replicas) {
    Deployment deployment;
    deployment.uid = "d";
    deployment.workload = WorkloadId(0);
    deployment.pod.name_prefix = "web";
    deployment.pod.requests.pods = 1;
    deployment.replicas = replicas;
    deployments.create(std::move(deployment));
  }

  // All that wait run.
  void run_all() {
    std::vector<PodId> pods;
    cluster.for_each_pod([&](const Pod& pod) {
      if (!pod.node.is_valid()) pods.push_back(pod.id);
    });
    for (const PodId pod : pods) run(pod);
  }

  // All that are to be deleted are gone.
  void finish_all() {
    std::vector<PodId> pods;
    cluster.for_each_pod([&](const Pod& pod) {
      if (pod.deletion_timestamp) pods.push_back(pod.id);
    });
    for (const PodId pod : pods) api.finish_deletion(pod);
  }

  DeploymentController deployments;
};

}  // namespace

TEST_CASE("a Deployment makes a ReplicaSet, and is served when its pods are available",
          "[workloads]") {
  DeploymentWorld world;
  world.create(4);
  world.until(1s);
  CHECK(world.facts.made.size() == 4);
  CHECK(world.cluster.find_owner("d/1")->replicas == 4);
  CHECK(world.status.last.open() == 4);
  world.run_all();
  world.until(2s);
  CHECK(world.status.last.open() == 0);
  CHECK(world.deployments.status("d").available == 4);
  CHECK(world.deployments.status("d").progress->reason == ProgressReason::kNewReplicaSetAvailable);
}

TEST_CASE("a Deployment's pods have indexes of their own, over all of its revisions",
          "[workloads]") {
  DeploymentWorld world;
  world.create(4);
  world.until(1s);
  world.run_all();
  world.until(2s);
  world.deployments.set_template("d", "2", PodSpec{});
  CHECK(world.status.last.open() == 4);
  for (int t = 3; t < 10; ++t) {
    world.until(std::chrono::seconds(t));
    world.run_all();
    world.finish_all();
  }
  CHECK(world.status.last.open() == 0);
  std::set<std::uint64_t> indexes;
  for (const auto& [at, fact] : world.facts.made) indexes.insert(fact.index);
  CHECK(world.facts.made.size() == 8);
  CHECK(indexes.size() == 8);
  CHECK(world.cluster.tally().running == 4);
}

TEST_CASE("a Deployment of one pod costs its controller seven writes", "[workloads]") {
  DeploymentWorld world;
  world.create(1);
  world.until(1s);
  world.run_all();
  world.until(1h);
  // ReplicaSet, Event, status, status of an old version, status, replicas, available.
  CHECK(world.deployments.client().stats().requests == 7);
}

TEST_CASE("a Deployment that is scaled sizes its ReplicaSet", "[workloads]") {
  DeploymentWorld world;
  world.create(2);
  world.until(1s);
  world.run_all();
  world.deployments.scale("d", 5);
  CHECK(world.deployments.replicas("d") == 5);
  world.until(2s);
  CHECK(world.facts.made.size() == 5);
  world.deployments.scale("d", 1);
  world.until(3s);
  CHECK(world.cluster.find_owner("d/1")->replicas == 1);
}
