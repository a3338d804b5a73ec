#include "tests/kubelet/kubelet_world.h"

using namespace casim;
using namespace casim::sim;

namespace {

struct OneNode : KubeletWorld {
  NodeId node = nodes.add_initial_node(machine());
};

}  // namespace

TEST_CASE("a bound pod starts, runs its time and completes, to the nanosecond", "[kubelet]") {
  OneNode world;
  world.until(1s);
  const PodId pod = world.add_pod(world.node);
  world.until(1h);
  CHECK(world.facts.times<PodRunning>() == std::vector<Duration>{4s});
  CHECK(world.facts.times<PodEnded>() == std::vector<Duration>{64s});
  CHECK(world.cluster.life(pod).end == PodEnd::kCompleted);
  CHECK_FALSE(world.cluster.broken_invariant());
}

TEST_CASE("a pod without a run time runs on", "[kubelet]") {
  OneNode world;
  world.run_for = std::nullopt;
  const PodId pod = world.add_pod(world.node);
  world.until(24h);
  CHECK(world.cluster.life(pod).phase == PodPhase::kRunning);
}

TEST_CASE("graceful deletion ends with the containers or the grace period", "[kubelet]") {
  struct Row {
    Duration grace;
    Duration ends;
  };

  const auto row = GENERATE(values<Row>({{30s, 10400ms + 4s}, {2s, 10400ms + 2s}, {0s, 10400ms}}));
  CAPTURE(row.grace);
  OneNode world;
  const PodId pod = world.add_pod(world.node);
  world.until(10400ms);
  REQUIRE(world.api.delete_pod(pod, PodEnd::kEvicted, row.grace).has_value());
  world.until(1h);
  CHECK(world.facts.times<PodEnded>() == std::vector<Duration>{row.ends});
  CHECK(world.cluster.life(pod).end == PodEnd::kEvicted);
}

TEST_CASE("a pod that is deleted while it starts never runs", "[kubelet]") {
  OneNode world;
  const PodId pod = world.add_pod(world.node);
  world.until(2s);
  REQUIRE(world.api.delete_pod(pod, PodEnd::kPreempted, 30s).has_value());
  world.until(1h);
  CHECK(world.facts.times<PodRunning>().empty());
  CHECK(world.facts.times<PodEnded>() == std::vector<Duration>{6s});
  CHECK(world.cluster.life(pod).end == PodEnd::kPreempted);
}

TEST_CASE("a deletion that comes twice ends once", "[kubelet]") {
  OneNode world;
  const PodId pod = world.add_pod(world.node);
  world.until(10s);
  REQUIRE(world.api.delete_pod(pod, PodEnd::kEvicted, 30s).has_value());
  world.until(12s);
  REQUIRE(world.api.delete_pod(pod, PodEnd::kDeleted, 0s).has_value());
  world.until(1h);
  CHECK(world.facts.times<PodEnded>() == std::vector<Duration>{14s});
}

TEST_CASE("nothing ends on a machine that is off, not even a deletion", "[kubelet]") {
  OneNode world;
  const PodId deleted = world.add_pod(world.node);
  const PodId running = world.add_pod(world.node);
  world.until(10s);
  REQUIRE(world.api.delete_pod(deleted, PodEnd::kEvicted, 30s).has_value());
  world.until(11s);
  world.pods.stop_node(world.node);
  world.until(1h);
  CHECK(world.facts.times<PodEnded>().empty());
  CHECK(world.cluster.life(running).phase == PodPhase::kRunning);
}

TEST_CASE("pods start on nodes that are no machine of a group", "[kubelet]") {
  KubeletWorld world;
  NewNode fixed;
  fixed.node.name = "control-plane";
  fixed.node.allocatable.pods = 10;
  fixed.node.ready = true;
  const NodeId node = world.api.create_node(std::move(fixed));
  world.add_pod(node);
  world.until(1h);
  CHECK(world.facts.times<PodRunning>() == std::vector<Duration>{3s});
}

TEST_CASE("start latency hangs on workload, index and incarnation alone", "[kubelet]") {
  const auto start_of_last = [](int pods_before) {
    KubeletWorld world(KubeletWorld::nodes_config(), PodRunnerConfig{});
    const NodeId node = world.nodes.add_initial_node(KubeletWorld::machine());
    for (int i = 0; i < pods_before; ++i) {
      world.next_pod = 100 + static_cast<std::uint64_t>(i);
      world.add_pod(node);
    }
    world.next_pod = 7;
    const PodId pod = world.add_pod(node);
    world.until(1h);
    Duration at{};
    for (const auto& [when, fact] : world.facts.entries) {
      const auto* running = std::get_if<PodRunning>(&fact);
      if (running != nullptr && running->pod == pod) at = when;
    }
    return at;
  };
  CHECK(start_of_last(0) == start_of_last(5));
  CHECK(start_of_last(0) > Duration(0s));
}
