#include "sim/scheduler/candidates.h"

#include <map>
#include <memory>
#include <optional>

#include "src/core/random.h"
#include "tests/catch.h"
#include "tests/scheduler/builders.h"
#include "tests/scheduler/plain.h"

namespace casim::sim {
namespace {

struct Dice {
  std::uint64_t roll(std::uint64_t count) { return random.index("test", 0, n++, count); }

  Random random;
  std::uint64_t n = 0;
};

LabelSelector app(const std::string& name) {
  return {{"app", LabelRequirement::Operator::kIn, {name}}};
}

const std::string& random_key(Dice& dice) {
  static const std::string kKeys[] = {"kubernetes.io/hostname", "topology.kubernetes.io/zone",
                                      "rack"};
  return kKeys[dice.roll(3)];
}

TopologySpread random_spread(Dice& dice) {
  TopologySpread spread;
  spread.topology_key = random_key(dice);
  spread.max_skew = static_cast<int>(1 + dice.roll(3));
  spread.do_not_schedule = dice.roll(2) == 0;
  spread.selector = app("w" + std::to_string(dice.roll(3)));
  spread.min_domains = static_cast<int>(1 + dice.roll(3));
  spread.honor_node_taints = dice.roll(3) == 0;
  spread.honor_node_affinity = dice.roll(3) != 0;
  return spread;
}

PodAffinityTerm random_term(Dice& dice) {
  PodAffinityTerm term{app("w" + std::to_string(dice.roll(3))), random_key(dice), {}};
  if (dice.roll(4) == 0) term.namespaces = {"default", "other"};
  return term;
}

// What the pod asks of other pods.
void add_topology(Dice& dice, PodSpec& spec) {
  const std::uint64_t what = dice.roll(9);
  if (what < 2) spec.topology_spread.push_back(random_spread(dice));
  if (what == 1) spec.topology_spread.push_back(random_spread(dice));
  if (what == 2) spec.pod_affinity.push_back(random_term(dice));
  if (what == 3) spec.pod_anti_affinity.push_back(random_term(dice));
  if (what == 4) spec.preferred_pod_affinity.push_back({10, random_term(dice)});
  if (what == 4 || what == 5) spec.preferred_pod_anti_affinity.push_back({7, random_term(dice)});
  if (what == 5) spec.pod_affinity.push_back(random_term(dice));
}

PodSpec random_spec(Dice& dice) {
  PodSpec spec = make_pod({static_cast<std::int64_t>(200 + 100 * dice.roll(4)), 256});
  spec.labels["app"] = "w" + std::to_string(dice.roll(3));
  if (dice.roll(5) == 0) spec.namespace_name = "other";
  spec.priority = static_cast<std::int32_t>(dice.roll(3));
  if (dice.roll(3) == 0) spec.owner = OwnerKind::kReplicaSet;
  if (dice.roll(2) == 0) add_topology(dice, spec);
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
  if (dice.roll(3) != 0) node.labels["rack"] = "r" + std::to_string(dice.roll(5));
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
    if (what == 7) {
      nodes.nominate(node, PodId(next_pod++), specs[dice.roll(specs.size())]);
    }
    if (what == 8 && !nodes[node].nominated.empty()) {
      nodes.take_back_nomination(node, nodes[node].nominated.front().id);
    }
    if (what == 6 && !nodes[node].pods.empty()) {
      nodes.update_pod(node, nodes[node].pods.back().id, {.is_terminating = true});
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
  const auto seed = GENERATE(range(0, 8));
  CAPTURE(seed);
  RandomWorld world(static_cast<std::uint64_t>(seed));
  WindowScorer scorer(world.nodes);
  std::map<ClassId, std::unique_ptr<ClassCandidates>> kept;
  for (int step = 0; step < 200; ++step) {
    const std::size_t i = world.dice.roll(world.specs.size());
    world.classes.learn(world.nodes.affinity_terms());
    const ClassId id = world.classes.of(world.specs[i]);
    const PodClass& pod_class = world.classes[id];
    auto& candidates = kept[id];
    if (!candidates) {
      candidates = std::make_unique<ClassCandidates>(world.nodes, scorer, pod_class);
    }
    Plain plain{world.nodes, pod_class};
    const std::size_t start = world.dice.roll(world.nodes.size());
    const std::size_t want = 1 + world.dice.roll(world.nodes.size());
    const Choice expected = plain.choose(start, want);
    const Choice choice = candidates->choose(start, want);
    CAPTURE(step, start, want);
    REQUIRE(choice.node == expected.node);
    REQUIRE(choice.examined == expected.examined);
    if (choice.node.is_valid()) {
      world.nodes.add_pod(choice.node, PodId(world.next_pod++), world.specs[i]);
    }
    world.disturb();
  }
}

TEST_CASE("a node that changes its kind raises no bound on those of its old kind", "[scheduler]") {
  NodeTable nodes;
  PodClasses classes;
  WindowScorer scorer(nodes);
  const PodClass& pod_class = classes[classes.of(share(make_pod({500, 128})))];
  ClassCandidates candidates(nodes, scorer, pod_class);
  for (std::uint32_t i = 0; i < 3; ++i) nodes.put(share(make_node(i, {1000, 1024})));
  CHECK(candidates.choose(0, 3).node == NodeId(0));
  // The first has more room than the others now, and a taint that weighs more than the room.
  Node roomy = make_node(0, {8000, 8192});
  roomy.taints.push_back(soft_taint());
  nodes.put(share(roomy));
  CHECK(candidates.choose(0, 3).node == Plain{nodes, pod_class}.choose(0, 3).node);
}

TEST_CASE("a refusal names its reasons, and its message changes with the counts", "[scheduler]") {
  NodeTable nodes;
  PodClasses classes;
  WindowScorer scorer(nodes);
  const ClassId id = classes.of(share(make_pod({2000, 128})));
  ClassCandidates candidates(nodes, scorer, classes[id]);
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
  CHECK(candidates.refusal().message == first.message);  // it names no taint
  nodes.put(share(make_node(2, {1000, 64})));
  CHECK_FALSE(candidates.choose(0, 3).node.is_valid());
  CHECK(candidates.refusal().reasons == first.reasons);
  const Refusal second = candidates.refusal();
  CHECK(second.message != first.message);
  // The same counts, though the pod would now fit the empty node.
  const PodSpecPtr full = share(make_pod({2000, 64}));
  nodes.put(share(make_node(2, {2000, 64})));
  nodes.add_pod(NodeId(2), PodId(0), full);
  CHECK_FALSE(candidates.choose(0, 3).node.is_valid());
  CHECK(candidates.refusal().message == second.message);
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
