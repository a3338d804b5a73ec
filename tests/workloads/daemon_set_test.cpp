#include "sim/workloads/daemon_set_controller.h"

#include "tests/workloads/workloads_world.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

struct DaemonWorld : WorkloadsWorld {
  DaemonWorld() : daemons(api, {"daemonset-controller"}, random) {
    informer.add(static_cast<Watcher&>(daemons));
    informer.add(static_cast<WorkloadController&>(daemons));
  }

  static DaemonSet set_of(const std::string& uid = "agent") {
    DaemonSet set;
    set.owner.kind = OwnerKind::kDaemonSet;
    set.owner.uid = uid;
    set.workload = WorkloadId(0);
    set.pod.name_prefix = uid;
    set.pod.requests.pods = 1;
    return set;
  }

  // Binds and runs what waits, where it must go.
  void run_all() {
    std::vector<std::pair<PodId, NodeId>> pods;
    cluster.for_each_pod([&](const Pod& pod) {
      if (!pod.node.is_valid()) pods.emplace_back(pod.id, cluster.find_node(pod.target_node));
    });
    for (const auto& [pod, on] : pods) run(pod, on);
  }

  DaemonSetController daemons;
};

}  // namespace

TEST_CASE("a DaemonSet has a pod on each eligible node, of its own index", "[workloads]") {
  DaemonWorld world;
  world.start();
  world.daemons.create(DaemonWorld::set_of());
  world.until(1s);
  REQUIRE(world.facts.made.size() == 1);
  CHECK(world.facts.made[0].second.daemon_set);
  CHECK(world.cluster.pod(PodId(0)).target_node == "big");
  world.add_node("second");
  world.until(2s);
  REQUIRE(world.facts.made.size() == 2);
  CHECK(world.facts.made[1].second.index == 1);
  CHECK(world.cluster.find_owner("agent")->daemon_spec->owner == OwnerKind::kDaemonSet);
  world.run_all();
  world.until(3s);
  CHECK(world.daemons.ready() == 2);
  CHECK(world.daemons.status("agent").ready == 2);
}

TEST_CASE("a pod of a DaemonSet is replaced when it is gone", "[workloads]") {
  DaemonWorld world;
  world.start();
  world.daemons.create(DaemonWorld::set_of());
  world.until(1s);
  world.run_all();
  world.until(2s);
  REQUIRE(world.api.delete_pod(PodId(0), PodEnd::kEvicted, 30s).has_value());
  world.until(3s);
  CHECK(world.facts.made.size() == 1);
  world.api.finish_deletion(PodId(0));
  world.until(4s);
  REQUIRE(world.facts.made.size() == 2);
  CHECK(world.facts.made[1].second.replaces == PodId(0));
  CHECK(world.facts.made[1].second.index == 0);
}

TEST_CASE("taints and labels decide where a DaemonSet's pods are", "[workloads]") {
  struct Row {
    const char* key;
    TaintEffect effect;
    bool should_run;
    bool may_stay;
  };

  const auto row = GENERATE(values<Row>({
      {"node.kubernetes.io/not-ready", TaintEffect::kNoSchedule, false, true},
      {"node.kubernetes.io/not-ready", TaintEffect::kNoExecute, true, true},
      {"node.kubernetes.io/unschedulable", TaintEffect::kNoSchedule, true, true},
      {"ToBeDeletedByClusterAutoscaler", TaintEffect::kNoSchedule, false, true},
      {"x", TaintEffect::kPreferNoSchedule, true, true},
      {"x", TaintEffect::kNoExecute, false, false},
  }));
  CAPTURE(row.key);
  PodSpec pod;
  pod.tolerations = daemon_tolerations({});
  Node node;
  node.taints = {{row.key, "", row.effect}};
  CHECK(daemon_eligibility(pod, node) == DaemonEligibility{row.should_run, row.may_stay});
  pod.node_selector = {{"d", "y"}};
  CHECK(daemon_eligibility(pod, node) == DaemonEligibility{});
  node.labels = {{"d", "y"}};
  CHECK(daemon_eligibility(pod, node).should_run == row.should_run);
}

TEST_CASE("a failed pod of a DaemonSet goes at once, and again after the back-off of its node",
          "[workloads]") {
  DaemonWorld world;
  world.start();
  world.daemons.create(DaemonWorld::set_of());
  world.until(1s);
  std::vector<Duration> made;
  for (int i = 0; i < 4; ++i) {
    world.run_all();
    world.api.finish(world.facts.made.back().second.pod, false);
    const std::size_t before = world.facts.made.size();
    const Duration failed = world.kernel.now() - kTimeZero;
    while (world.facts.made.size() == before) {
      world.until(world.kernel.now() - kTimeZero + 100ms);
    }
    made.push_back(world.facts.made.back().first - kTimeZero - failed);
  }
  CHECK(made == std::vector<Duration>{0s, 1s, 2s, 4s});
}

TEST_CASE("a rollout of a DaemonSet takes as many as may be unavailable", "[workloads]") {
  DaemonNodes nodes;
  for (std::uint32_t i = 0; i < 6; ++i) {
    const std::string name = "n" + std::to_string(i);
    nodes.put_node(name, {true, true});
    DaemonPod pod;
    pod.id = PodId(i);
    pod.bound = pod.ready = true;
    nodes.put_pod(name, pod);
  }
  const auto by_name = [](const std::string& name) { return hash_bytes(name); };
  CHECK(nodes.old_pods() == 6);
  CHECK(nodes.roll(0, 2, by_name).remove.size() == 2);
  CHECK(nodes.roll(3, 0, by_name).create.size() == 3);
  DaemonPod broken;
  broken.id = PodId(0);
  nodes.put_pod("n0", broken);
  // A broken old one goes beside those.
  CHECK(nodes.roll(0, 2, by_name).remove.size() == 3);
  DaemonPod fresh;
  fresh.id = PodId(9);
  fresh.updated = true;
  nodes.remove_pod("n0", PodId(0));
  nodes.put_pod("n0", fresh);
  CHECK(nodes.roll(0, 1, by_name).empty());  // until the new one is Ready
}
