// What becomes of the pods of a node that dies and boots again, or is cut off for a while.
#include "sim/cluster/node_condition.h"
#include "tests/kubelet/kubelet_world.h"

using namespace casim;
using namespace casim::sim;

namespace {

struct TroubledNode : KubeletWorld {
  NodeId node = nodes.add_initial_node(machine());
  std::string name = machine().id;
};

}  // namespace

TEST_CASE("pods of a machine that boots again start anew and run their whole time", "[kubelet]") {
  TroubledNode world;
  const PodId pod = world.add_pod(world.node);  // would complete at 63 s
  world.until(30s);
  world.nodes.begin(world.name, NodeTrouble::kDead);
  world.until(100s);
  CHECK(world.cluster.life(pod).phase == PodPhase::kRunning);  // nobody says otherwise
  world.nodes.end(world.name, NodeTrouble::kDead);
  world.until(1h);
  // Boot 20 s, kubelet 2 s, Ready 5 s, start 3 s, 60 s of its own.
  CHECK(world.facts.times<PodEnded>() == std::vector<Duration>{100s + 27s + 3s + 60s});
  CHECK(world.cluster.life(pod).end == PodEnd::kCompleted);
  CHECK(world.facts.times<NodeNotReady>() == std::vector<Duration>{122s});
  CHECK(world.facts.times<NodeReady>() == std::vector<Duration>{0s, 127s});
}

TEST_CASE("a deletion that a dead machine did not hear of is done after its boot", "[kubelet]") {
  TroubledNode world;
  world.add_pod(world.node);
  world.until(30s);
  world.nodes.begin(world.name, NodeTrouble::kDead);
  world.until(40s);
  const PodId pod(0);
  REQUIRE(world.api.delete_pod(pod, PodEnd::kLost, 30s).has_value());
  world.until(100s);
  CHECK(world.facts.times<PodEnded>().empty());
  world.nodes.end(world.name, NodeTrouble::kDead);
  world.until(1h);
  CHECK(world.facts.times<PodEnded>() == std::vector<Duration>{127s});
}

TEST_CASE("what a node did while it was cut off is told afterwards", "[kubelet]") {
  TroubledNode world;
  world.add_pod(world.node);  // completes at 63 s
  world.until(29s);
  world.add_pod(world.node);  // runs at 32 s, completes at 92 s
  world.until(30s);
  world.nodes.begin(world.name, NodeTrouble::kSilent);
  world.until(70s);
  CHECK(world.facts.times<PodEnded>().empty());
  CHECK(world.facts.times<PodRunning>().size() == 1);
  world.nodes.end(world.name, NodeTrouble::kSilent);
  world.until(80s);  // heard again within 10 s
  const auto running = world.facts.times<PodRunning>();
  REQUIRE(running.size() == 2);
  CHECK(running[1] > 70s);
  CHECK(world.facts.times<PodEnded>() == std::vector<Duration>{running[1]});
  world.until(1h);
  CHECK(world.facts.times<PodEnded>().back() == Duration(92s));
  CHECK_FALSE(world.cluster.broken_invariant());
}

TEST_CASE("what was asked of a node while it was cut off is done afterwards", "[kubelet]") {
  TroubledNode world;
  world.run_for = std::nullopt;
  const PodId old = world.add_pod(world.node);
  world.until(30s);
  world.nodes.begin(world.name, NodeTrouble::kSilent);
  world.until(40s);
  const PodId fresh = world.add_pod(world.node);
  REQUIRE(world.api.delete_pod(old, PodEnd::kLost, 30s).has_value());
  world.until(5min);
  CHECK(world.cluster.life(old).phase == PodPhase::kRunning);
  CHECK(world.cluster.life(fresh).phase == PodPhase::kStarting);
  world.nodes.end(world.name, NodeTrouble::kSilent);
  world.until(5min + 10s + 3s);
  CHECK(world.cluster.life(old).phase == PodPhase::kEnded);
  CHECK(world.cluster.life(fresh).phase == PodPhase::kRunning);
}

TEST_CASE("a machine that ends in trouble does not come back", "[kubelet]") {
  const NodeTrouble trouble = GENERATE(NodeTrouble::kDead, NodeTrouble::kSilent);
  TroubledNode world;
  world.add_pod(world.node);
  world.until(30s);
  world.nodes.begin(world.name, trouble);
  world.until(40s);
  world.nodes.on_terminating(KubeletWorld::machine());
  world.nodes.end(world.name, trouble);
  world.until(50s);
  world.nodes.on_terminated(KubeletWorld::machine());
  world.nodes.end(world.name, trouble);
  world.until(1h);
  CHECK(world.facts.times<PodEnded>().empty());
  CHECK_FALSE(world.heartbeats.find(world.node)->lasting_period().has_value());
}

TEST_CASE("what a kubelet could not say in an outage of the API is not told after newer things",
          "[kubelet]") {
  TroubledNode world;
  world.add_pod(world.node);  // completes at 63 s
  world.api.outages().begin({.from = kTimeZero, .to = kTimeZero + 160s});
  world.until(99s);
  const PodId late = world.add_pod(world.node);  // completes at 162 s
  world.until(120s);
  world.nodes.begin(world.name, NodeTrouble::kNotReady);
  world.until(160s);
  world.nodes.end(world.name, NodeTrouble::kNotReady);
  world.until(1h);
  CHECK(ready_status(*world.cluster.node(world.node)) == ReadyStatus::kTrue);
  CHECK(world.facts.times<PodRunning>().size() == 2);  // also the one that has ended meanwhile
  CHECK(world.facts.times<PodEnded>().size() == 2);
  CHECK(world.cluster.life(late).end == PodEnd::kCompleted);
}

TEST_CASE("a kubelet that waits to register tries once, also after a silence", "[kubelet]") {
  const bool ends = GENERATE(false, true);
  KubeletWorld world;
  const ec2::Instance machine = KubeletWorld::machine();
  world.api.outages().begin({.from = kTimeZero, .to = kTimeZero + 100s});
  world.nodes.on_running(machine);
  world.until(30s);  // its kubelet came at 22 s
  world.nodes.begin(machine.id, NodeTrouble::kSilent);
  world.until(40s);
  world.nodes.end(machine.id, NodeTrouble::kSilent);
  world.until(60s);
  if (ends) {
    world.nodes.on_terminating(machine);
    world.nodes.on_terminated(machine);
  }
  world.until(1h);
  CHECK(world.facts.times<NodeRegistered>().size() == (ends ? 0 : 1));
}

TEST_CASE("a node that is cut off just before it can run pods again does not tell of them",
          "[kubelet]") {
  TroubledNode world;
  world.run_for = std::nullopt;
  const PodId old = world.add_pod(world.node);
  world.until(30s);
  world.nodes.begin(world.name, NodeTrouble::kDead);
  world.nodes.end(world.name, NodeTrouble::kDead);  // back at 52 s, able at 57 s
  world.until(54s);
  const PodId fresh = world.add_pod(world.node);
  world.nodes.begin(world.name, NodeTrouble::kSilent);
  world.until(5min);
  CHECK(world.cluster.life(fresh).phase == PodPhase::kStarting);
  world.nodes.end(world.name, NodeTrouble::kSilent);
  world.until(10min);
  CHECK(world.cluster.life(fresh).phase == PodPhase::kRunning);
  CHECK(world.cluster.life(old).phase == PodPhase::kRunning);
}
