// Rules of PodTopologySpread and InterPodAffinity one by one; all together are compared with a
// plain search in candidates_test.
#include "sim/scheduler/topology.h"

#include "sim/scheduler/candidates.h"
#include "sim/scheduler/hints.h"
#include "tests/catch.h"
#include "tests/scheduler/builders.h"

namespace casim::sim {
namespace {

const std::string kZone = "topology.kubernetes.io/zone";
const std::string kHost = "kubernetes.io/hostname";

LabelSelector app_selector(const std::string& name) {
  return {{"app", LabelRequirement::Operator::kIn, {name}}};
}

PodSpec web() {
  PodSpec spec = make_pod({100, 100});
  spec.labels["app"] = "web";
  return spec;
}

PodSpec spread_over(const std::string& key, int max_skew) {
  PodSpec spec = web();
  TopologySpread one;
  one.topology_key = key;
  one.max_skew = max_skew;
  one.selector = app_selector("web");
  spec.topology_spread = {one};
  return spec;
}

// Nodes 0 and 1 in zone a, 2 in b, 3 without a zone.
struct Zones {
  Zones() {
    const char* const zones[] = {"a", "a", "b", ""};
    for (std::uint32_t i = 0; i < 4; ++i) nodes.put(share(make_node(i, {4000, 4096}, zones[i])));
  }

  PodId add(std::uint32_t node, const PodSpec& spec, bool is_terminating = false) {
    nodes.add_pod(NodeId(node), PodId(next), share(spec), {.is_terminating = is_terminating});
    return PodId(next++);
  }

  std::vector<Reasons> refuse(const PodSpec& spec) {
    classes.learn(nodes.affinity_terms());
    const PodClass& pod_class = classes[classes.of(share(spec))];
    ClassTopology topology(nodes, pod_class);
    std::vector<Reasons> reasons;
    for (const NodeId node : nodes.order()) topology.update(node);
    ClassTopology::Place place;
    for (std::uint32_t i = 0; i < 4; ++i) {
      topology.place_of(NodeId(i), place);
      reasons.push_back(topology.refuse(place));
    }
    return reasons;
  }

  NodeTable nodes;
  PodClasses classes;
  std::uint32_t next = 0;
};

using All = std::vector<Reasons>;

}  // namespace

TEST_CASE("hard spreading: the fuller domain waits for the emptier", "[scheduler]") {
  Zones zones;
  PodSpec spec = spread_over(kZone, 1);
  CHECK(zones.refuse(spec) == All{0, 0, 0, kSpreadLabel});
  zones.add(0, web());
  CHECK(zones.refuse(spec) == All{kSpread, kSpread, 0, kSpreadLabel});
  zones.add(2, web(), true);  // terminating: does not count
  CHECK(zones.refuse(spec) == All{kSpread, kSpread, 0, kSpreadLabel});
  PodSpec other = web();
  other.namespace_name = "other";
  zones.add(2, other);
  CHECK(zones.refuse(spec) == All{kSpread, kSpread, 0, kSpreadLabel});
  zones.add(2, web());
  CHECK(zones.refuse(spec) == All{0, 0, 0, kSpreadLabel});
  zones.add(0, web());
  spec.topology_spread[0].max_skew = 2;
  CHECK(zones.refuse(spec) == All{0, 0, 0, kSpreadLabel});
}

TEST_CASE("hard spreading: pods that do not match themselves, and too few domains", "[scheduler]") {
  Zones zones;
  zones.add(0, web());
  PodSpec guest = spread_over(kZone, 1);
  guest.labels["app"] = "guest";
  CHECK(zones.refuse(guest) == All{0, 0, 0, kSpreadLabel});  // one more than the least is allowed
  PodSpec spec = spread_over(kZone, 1);
  zones.add(2, web());
  CHECK(zones.refuse(spec) == All{0, 0, 0, kSpreadLabel});
  spec.topology_spread[0].min_domains = 3;  // there are two: the least counts as none
  CHECK(zones.refuse(spec) == All{kSpread, kSpread, kSpread, kSpreadLabel});
}

TEST_CASE("hard spreading: which nodes count", "[scheduler]") {
  Zones zones;
  Node tainted = make_node(2, {4000, 4096}, "b");
  tainted.taints.push_back(hard_taint("t"));
  zones.nodes.put(share(tainted));
  zones.add(0, web());
  PodSpec spec = spread_over(kZone, 1);
  CHECK(zones.refuse(spec) == All{kSpread, kSpread, 0, kSpreadLabel});  // b counts all the same
  spec.topology_spread[0].honor_node_taints = true;
  CHECK(zones.refuse(spec)[0] == 0);
  spec.topology_spread[0].honor_node_taints = false;
  spec.node_selector[kZone] = "a";  // then a is all there is
  CHECK(zones.refuse(spec)[0] == 0);
  spec.topology_spread[0].honor_node_affinity = false;
  CHECK(zones.refuse(spec)[0] == kSpread);
}

// By its name, as the pods of DaemonSets: matchFields are node affinity, too.
TEST_CASE("hard spreading of a pod for one node counts no other", "[scheduler]") {
  Zones zones;
  WindowScorer scorer(zones.nodes);
  const auto judge = [&](const PodSpec& spec, std::uint32_t node) {
    const PodClass& pod_class = zones.classes[zones.classes.of(share(spec))];
    return ClassCandidates(zones.nodes, scorer, pod_class).judge_target(NodeId(node));
  };
  zones.add(0, web());
  zones.add(1, web());
  PodSpec spec = spread_over(kZone, 1);
  REQUIRE(zones.refuse(spec) == All{kSpread, kSpread, 0, kSpreadLabel});
  CHECK(judge(spec, 0) == 0);
  CHECK(judge(spec, 2) == 0);
  CHECK(judge(spec, 3) == kSpreadLabel);
  spec.topology_spread[0].min_domains = 2;  // there is one: the least counts as none
  CHECK(judge(spec, 0) == kSpread);
  CHECK(judge(spec, 2) == 0);
  spec.topology_spread[0].min_domains = 1;
  spec.topology_spread[0].honor_node_affinity = false;
  CHECK(judge(spec, 0) == kSpread);
}

TEST_CASE("pod affinity draws to where such pods are, the first anywhere", "[scheduler]") {
  Zones zones;
  PodSpec spec = web();
  spec.pod_affinity.push_back({app_selector("web"), kZone, {}});
  CHECK(zones.refuse(spec) == All{0, 0, 0, kPodAffinity});  // the first of its kind
  PodSpec guest = spec;
  guest.labels["app"] = "guest";
  CHECK(zones.refuse(guest) == All{kPodAffinity, kPodAffinity, kPodAffinity, kPodAffinity});
  zones.add(2, web());
  CHECK(zones.refuse(spec) == All{kPodAffinity, kPodAffinity, 0, kPodAffinity});
  CHECK(zones.refuse(guest) == All{kPodAffinity, kPodAffinity, 0, kPodAffinity});
  guest.pod_affinity[0].namespaces = {"other"};
  CHECK(zones.refuse(guest)[2] == kPodAffinity);
}

TEST_CASE("anti-affinity keeps away, whoever has it, terminating pods too", "[scheduler]") {
  Zones zones;
  PodSpec shy = web();
  shy.pod_anti_affinity.push_back({app_selector("web"), kHost, {}});
  zones.add(0, web(), true);
  CHECK(zones.refuse(shy) == All{kPodAntiAffinity, 0, 0, 0});
  PodSpec zonal = web();
  zonal.labels["app"] = "zonal";
  zonal.pod_anti_affinity.push_back({app_selector("web"), kZone, {}});
  zones.add(2, zonal);
  CHECK(zones.refuse(web()) == All{0, 0, kOthersAntiAffinity, 0});
  CHECK(zones.refuse(zonal) == All{kPodAntiAffinity, kPodAntiAffinity, 0, 0});
  zones.add(3, zonal);  // without the key it keeps nobody away
  CHECK(zones.refuse(web()) == All{0, 0, kOthersAntiAffinity, 0});
}

TEST_CASE("preferred affinity counts both ways, from least to most", "[scheduler]") {
  Zones zones;
  PodSpec spec = web();
  spec.preferred_pod_affinity.push_back({10, {app_selector("db"), kZone, {}}});
  PodSpec db = make_pod({100, 100});
  db.labels["app"] = "db";
  zones.add(0, db);
  PodSpec shy = make_pod({100, 100});
  shy.preferred_pod_anti_affinity.push_back({30, {app_selector("web"), kHost, {}}});
  zones.add(1, shy);
  PodSpec drawn = make_pod({100, 100});
  drawn.pod_affinity.push_back({app_selector("web"), kHost, {}});  // of weight 1
  zones.add(3, drawn);
  zones.classes.learn(zones.nodes.affinity_terms());
  const PodClass& pod_class = zones.classes[zones.classes.of(share(spec))];
  ClassTopology topology(zones.nodes, pod_class);
  std::vector<ScoredNode> window;
  for (const NodeId node : zones.nodes.order()) topology.update(node);
  for (std::uint32_t i = 0; i < 4; ++i) window.push_back({NodeId(i)});
  topology.score(4, window);
  // Raw: 10, 10 - 30, 0, 1. 100 * (raw + 20) / 30, weight 2.
  CHECK(window[0].total == 200);
  CHECK(window[1].total == 0);
  CHECK(window[2].total == 2 * 66);
  CHECK(window[3].total == 2 * 70);
}

TEST_CASE("soft spreading leaves nodes without the key out", "[scheduler]") {
  Zones zones;
  PodSpec spec = spread_over(kZone, 1);
  spec.topology_spread[0].do_not_schedule = false;
  for (int i = 0; i < 3; ++i) zones.add(0, web());
  zones.add(2, web());
  const PodClass& pod_class = zones.classes[zones.classes.of(share(spec))];
  ClassTopology topology(zones.nodes, pod_class);
  std::vector<ScoredNode> window;
  for (const NodeId node : zones.nodes.order()) topology.update(node);
  for (std::uint32_t i = 0; i < 4; ++i) window.push_back({NodeId(i)});
  topology.score(4, window);
  // Raw: pods * ln(2 + 2), rounded: 4, 4, 1. 100 * (4 + 1 - raw) / 4, weight 2.
  CHECK(window[0].total == 2 * 25);
  CHECK(window[1].total == 2 * 25);
  CHECK(window[2].total == 2 * 100);
  CHECK(window[3].total == 0);
}

TEST_CASE("a nominated pod keeps others away only where some such term counts already",
          "[scheduler]") {
  Zones zones;
  WindowScorer scorer(zones.nodes);
  PodSpec shy = make_pod({100, 100});
  shy.pod_anti_affinity.push_back({app_selector("web"), kHost, {}});
  const auto judge = [&] {
    zones.classes.learn(zones.nodes.affinity_terms());
    const PodClass& pod_class = zones.classes[zones.classes.of(share(web()))];
    return ClassCandidates(zones.nodes, scorer, pod_class).judge_one(NodeId(0));
  };
  zones.nodes.nominate(NodeId(0), PodId(50), share(shy));
  CHECK(judge() == 0);
  zones.add(2, shy);
  CHECK(judge() == kOthersAntiAffinity);
}

TEST_CASE("what wakes a pod that others keep away", "[scheduler]") {
  PodClasses classes;
  PodSpec spec = spread_over(kZone, 1);
  spec.pod_anti_affinity.push_back({app_selector("web"), kHost, {}});
  spec.pod_affinity.push_back({app_selector("db"), kZone, {}});
  const PodClass& pod_class = classes[classes.of(share(spec))];
  PodSpec db = make_pod({1, 1});
  db.labels["app"] = "db";
  PodSpec shy = db;
  shy.pod_anti_affinity.push_back({app_selector("web"), kHost, {}});
  PodSpec elsewhere = web();
  elsewhere.namespace_name = "other";
  // The end of a pod.
  CHECK(helps_pod_gone(web(), pod_class, kSpread));
  CHECK_FALSE(helps_pod_gone(elsewhere, pod_class, kSpread));
  CHECK_FALSE(helps_pod_gone(db, pod_class, kSpread));
  CHECK(helps_pod_gone(web(), pod_class, kPodAntiAffinity));
  CHECK_FALSE(helps_pod_gone(db, pod_class, kPodAntiAffinity));
  CHECK(helps_pod_gone(shy, pod_class, kOthersAntiAffinity));
  // A binding.
  CHECK(helps_pod_bound(db, pod_class, kPodAffinity));
  CHECK_FALSE(helps_pod_bound(web(), pod_class, kPodAffinity));
  CHECK(helps_pod_bound(web(), pod_class, kSpread));
  CHECK_FALSE(helps_pod_bound(db, pod_class, kCpu));
  // Nodes.
  const auto wakes = [&](const NodePtr& old, const NodePtr& node, Reasons reasons) {
    return helps(node_event(old, node), pod_class, reasons, "");
  };
  const NodePtr bare = share(make_node(0, {1000, 1000}));
  const NodePtr in_a = share(make_node(0, {1000, 1000}, "a"));
  const NodePtr in_b = share(make_node(0, {1000, 1000}, "b"));
  Node soft = *in_a;
  soft.taints.push_back(soft_taint());
  CHECK(wakes(nullptr, in_a, kSpread));
  CHECK_FALSE(wakes(nullptr, bare, kSpread));
  CHECK(wakes(bare, in_a, kSpread));
  CHECK(wakes(in_a, in_b, kSpread));
  CHECK(wakes(in_a, share(soft), kSpread));
  CHECK(wakes(nullptr, bare, kPodAntiAffinity));
  CHECK(wakes(in_a, in_b, kPodAffinity));
  CHECK_FALSE(wakes(in_a, bare, kPodAffinity));
  CHECK(helps_node_gone(*in_a, pod_class, kSpread));
  CHECK_FALSE(helps_node_gone(*bare, pod_class, kSpread));
  CHECK_FALSE(helps_node_gone(*in_a, pod_class, kPodAntiAffinity));
}

}  // namespace casim::sim
