#include "sim/scheduler/candidates.h"

#include <optional>

#include "src/core/random.h"
#include "tests/catch.h"
#include "tests/scheduler/builders.h"

namespace casim::sim {
namespace {

// The rules of algorithm 5.2, written down without any cache.
struct Plain {
  Choice choose(std::size_t start, std::size_t want) {
    const std::vector<NodeId>& order = nodes.order();
    std::vector<ScoredNode> window;
    std::size_t examined = 0;
    for (; examined < order.size() && window.size() < want; ++examined) {
      const NodeId id = order[(start + examined) % order.size()];
      const ObjectVerdict object = judge_object(pod_class, *nodes[id].node);
      if (object.reasons != 0 || judge_room(pod_class, nodes[id]) != 0) continue;
      window.push_back(
          {id, base_score(pod_class, nodes[id]), object.soft_taints, object.preferred});
    }
    if (window.empty()) return {NodeId(), examined};
    scorer.score(class_id, pod_class, window.size(), window);
    // A heap as Go builds it: sift down from the middle to the root.
    const auto sift = [&](std::size_t i) {
      for (;;) {
        std::size_t child = 2 * i + 1;
        if (child >= window.size()) return;
        if (child + 1 < window.size() && window[child + 1].total > window[child].total) ++child;
        if (window[child].total <= window[i].total) return;
        std::swap(window[i], window[child]);
        i = child;
      }
    };
    for (std::size_t i = window.size() / 2; i-- > 0;) sift(i);
    return {window[0].node, examined};
  }

  NodeTable& nodes;
  ClassId class_id;
  const PodClass& pod_class;
  WindowScorer scorer{nodes};
};

struct Dice {
  std::uint64_t roll(std::uint64_t count) { return random.index("test", 0, n++, count); }

  Random random;
  std::uint64_t n = 0;
};

PodSpec random_spec(Dice& dice) {
  PodSpec spec = make_pod({static_cast<std::int64_t>(200 + 100 * dice.roll(4)), 256});
  if (dice.roll(3) == 0) {
    spec.owner = OwnerKind::kReplicaSet;
    spec.labels["app"] = "w" + std::to_string(dice.roll(2));
  }
  if (dice.roll(3) == 0) spec.node_selector["disk"] = "ssd";
  if (dice.roll(3) == 0) {
    spec.tolerations.push_back({"t", Toleration::Operator::kExists, "", std::nullopt});
  }
  return spec;
}

Node random_node(Dice& dice, std::uint32_t id) {
  static const char* const kZones[] = {"", "a", "b"};
  Node node = make_node(id, {static_cast<std::int64_t>(1000 + 1000 * dice.roll(3)), 4096},
                        kZones[dice.roll(3)]);
  if (dice.roll(2) == 0) node.labels["disk"] = "ssd";
  if (dice.roll(5) == 0) node.taints.push_back(hard_taint("t"));
  if (dice.roll(6) == 0) node.taints.push_back(soft_taint());
  if (dice.roll(9) == 0) node.unschedulable = true;
  return node;
}

// One world in which anything may happen to nodes and pods.
struct RandomWorld {
  explicit RandomWorld(std::uint64_t seed) : dice{Random(seed)} {
    for (int i = 0; i < 4; ++i) specs.push_back(share(random_spec(dice)));
    const std::uint64_t size = 1 + dice.roll(300);
    for (std::uint64_t i = 0; i < size; ++i) add_node();
  }

  void add_node() { nodes.put(share(random_node(dice, next_node++))); }

  void disturb() {
    const std::uint64_t what = dice.roll(10);
    const NodeId node = nodes.order()[dice.roll(nodes.size())];
    if (what == 0) add_node();
    if (what == 1 && nodes.size() > 1) nodes.remove(node);
    if (what == 2) nodes.put(share(random_node(dice, node.value())));
    if (what >= 3 && what < 6 && !nodes[node].pods.empty()) {
      nodes.remove_pod(node, nodes[node].pods.front().id);
    }
  }

  Dice dice;
  NodeTable nodes;
  PodClasses classes;
  std::vector<PodSpecPtr> specs;
  std::uint32_t next_node = 0;
  std::uint32_t next_pod = 0;
};

}  // namespace

TEST_CASE("what is kept per class gives the same choices as looking at every node", "[scheduler]") {
  const auto seed = GENERATE(range(0, 60));
  CAPTURE(seed);
  RandomWorld world(static_cast<std::uint64_t>(seed));
  WindowScorer scorer(world.nodes);
  std::vector<std::optional<ClassCandidates>> kept(world.specs.size());
  for (int step = 0; step < 300; ++step) {
    const std::size_t i = world.dice.roll(world.specs.size());
    const ClassId id = world.classes.of(world.specs[i]);
    const PodClass& pod_class = world.classes[id];
    if (!kept[i]) kept[i].emplace(world.nodes, scorer, id, pod_class);
    Plain plain{world.nodes, id, pod_class};
    const std::size_t start = world.dice.roll(world.nodes.size());
    const std::size_t want = 1 + world.dice.roll(world.nodes.size());
    const Choice expected = plain.choose(start, want);
    const Choice choice = kept[i]->choose(start, want);
    CAPTURE(step, start, want);
    REQUIRE(choice.node == expected.node);
    REQUIRE(choice.examined == expected.examined);
    if (choice.node.is_valid()) {
      world.nodes.add_pod(choice.node, PodId(world.next_pod++), world.specs[i]);
    }
    world.disturb();
  }
}

TEST_CASE("a refusal names its reasons, and its message changes with the counts", "[scheduler]") {
  NodeTable nodes;
  PodClasses classes;
  WindowScorer scorer(nodes);
  const ClassId id = classes.of(share(make_pod({2000, 128})));
  ClassCandidates candidates(nodes, scorer, id, classes[id]);
  Node tainted = make_node(1, {4000, 4096});
  tainted.taints.push_back(hard_taint("a"));
  nodes.put(share(make_node(0, {1000, 64})));
  nodes.put(share(tainted));
  CHECK_FALSE(candidates.choose(0, 2).node.is_valid());
  const Refusal first = candidates.refusal();
  CHECK(first.reasons == (kCpu | kMemory | kTaint));
  CHECK_FALSE(candidates.choose(0, 2).node.is_valid());
  CHECK(candidates.refusal().message == first.message);
  tainted.taints[0].key = "b";
  nodes.put(share(tainted));
  CHECK_FALSE(candidates.choose(0, 2).node.is_valid());
  CHECK(candidates.refusal().reasons == first.reasons);
  CHECK(candidates.refusal().message != first.message);
  nodes.put(share(make_node(2, {1000, 64})));
  CHECK_FALSE(candidates.choose(0, 3).node.is_valid());
  CHECK(candidates.refusal().reasons == first.reasons);
}

TEST_CASE("specs are of one class when scheduling cannot tell them apart", "[scheduler]") {
  PodClasses classes;
  PodSpec a = make_pod({100, 100});
  a.labels["app"] = "a";
  PodSpec b = a;
  b.labels["app"] = "b";
  b.workload = "other";
  CHECK(classes.of(share(a)) == classes.of(share(b)));
  a.owner = b.owner = OwnerKind::kReplicaSet;  // spread by their labels
  CHECK(classes.of(share(a)) != classes.of(share(b)));
  PodSpec c = a;
  c.tolerations.push_back({"x", Toleration::Operator::kExists, "", std::nullopt});
  CHECK(classes.of(share(a)) != classes.of(share(c)));
  CHECK(classes.of(share(a)) == classes.of(share(a)));
}

}  // namespace casim::sim
