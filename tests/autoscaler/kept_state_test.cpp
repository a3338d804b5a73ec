// What is kept from loop to loop, against the same computed anew.
#include <map>

#include "sim/autoscaler/cluster/labelled_nodes.h"
#include "sim/autoscaler/clusterstate/node_set.h"
#include "sim/autoscaler/scaledown/candidates.h"
#include "sim/autoscaler/scaledown/recently_unremovable.h"
#include "sim/autoscaler/simulator/snapshot_cache.h"
#include "sim/cluster/kept_check.h"
#include "src/core/random.h"
#include "tests/autoscaler/support.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

NodePtr node_with_id(std::uint32_t id, const std::string& name, std::uint64_t version = 1) {
  auto node = std::make_shared<Node>(*make_node(name, 1000));
  node->id = NodeId(id);
  node->resource_version = version;
  return node;
}

std::string names_in_order(const Snapshot& snapshot) {
  std::string text;
  for (const Slot slot : snapshot.order()) text += snapshot.info(slot).node->name + " ";
  return text;
}

}  // namespace

TEST_CASE("nodes of one name have one number, by id and by name", "[autoscaler]") {
  NodeNumbers numbers;
  const NodePtr a = node_with_id(7, "a");
  const NodePtr b = make_node("b", 1000);
  CHECK(numbers.of(*a) == 0);
  CHECK(numbers.of(*b) == 1);
  CHECK(numbers.of("a") == 0);
  CHECK(numbers.of(*node_with_id(9, "a")) == 0);  // it has registered again
  CHECK(numbers.of(*node_with_id(1, "c")) == 2);
  CHECK(numbers.of(*a) == 0);
  CHECK(numbers.name(2) == "c");
}

TEST_CASE("marks go at once, and are of names", "[autoscaler]") {
  NodeMarks marks;
  marks.insert(*node_with_id(1, "a"));
  CHECK(marks.contains(*node_with_id(2, "a")));
  CHECK_FALSE(marks.contains(*node_with_id(3, "b")));
  marks.clear();
  CHECK(marks.empty());
  marks.insert(*node_with_id(3, "b"));
  CHECK_FALSE(marks.contains(*node_with_id(1, "a")));
}

TEST_CASE("a set of nodes is the same in any order, and another one with another node",
          "[autoscaler]") {
  const NodePtr a = node_with_id(1, "a");
  const NodePtr b = node_with_id(2, "b");
  const NodePtr c = node_with_id(3, "c");
  NodeSet set;
  CHECK_FALSE(set.update({a, b}));
  CHECK(set.update({b, a}));
  CHECK_FALSE(set.update({a, c}));
  CHECK_FALSE(set.update({a, b}));  // as it once was, but not in the last loop
  CHECK_FALSE(set.update({a}));
  CHECK_FALSE(set.update({a, make_node("no id", 1000)}));
  CHECK_FALSE(set.update({a, make_node("no id", 1000)}));
}

TEST_CASE("a label is looked up anew for a new version of a node", "[autoscaler]") {
  LabelledNodes nodes;
  auto node = std::make_shared<Node>(*node_with_id(4, "a"));
  CHECK_FALSE(nodes.has(*node, "gpu"));
  node->labels["gpu"] = "true";
  CHECK_FALSE(nodes.has(*node, "gpu"));  // so a version has to be another one when it differs
  node->resource_version = 2;
  CHECK(nodes.has(*node, "gpu"));
  CHECK_FALSE(nodes.has(*node, "other"));
  CHECK(nodes.has(*node, "gpu"));
}

TEST_CASE("the order of a snapshot hangs on nobody having asked for it", "[autoscaler]") {
  const auto seed = GENERATE(range(0, 200));
  CAPTURE(seed);
  const Random random(static_cast<std::uint64_t>(seed));
  const OrderPolicy policy = OrderPolicy::seeded(random);
  Snapshot asked(policy);
  Snapshot unasked(policy);
  for (Snapshot* snapshot : {&asked, &unasked}) {
    std::vector<NodeInfoPtr> infos;
    for (std::uint32_t i = 0; i < 20; ++i) {
      auto info = std::make_shared<NodeInfo>();
      info->node = i % 3 == 0 ? make_node("n" + std::to_string(i), 1000)
                              : node_with_id(i, "n" + std::to_string(i));
      infos.push_back(std::move(info));
    }
    snapshot->reset(std::move(infos), LoopId(3));
    std::size_t forks = 0;
    for (std::uint64_t step = 0; step < 30; ++step) {
      const std::uint64_t what = random.index("what", step, 0, 6);
      const std::string name = "m" + std::to_string(step);
      if (what == 0) {
        snapshot->fork(name);
        ++forks;
      } else if (what == 1 && forks > 0) {
        snapshot->revert();
        --forks;
      } else if (what == 2 && forks > 0) {
        snapshot->commit();
        --forks;
      } else if (what == 3) {
        const std::string gone = "n" + std::to_string(random.index("gone", step, 0, 20));
        if (const std::optional<Slot> slot = snapshot->find(gone)) snapshot->remove(*slot);
      } else if (what == 4) {
        snapshot->add(make_info(name, 1000));
      } else {
        snapshot->add_unnamed(make_info("template", 1000));
      }
      if (snapshot == &asked) names_in_order(asked);
    }
  }
  CHECK(names_in_order(asked) == names_in_order(unasked));
}

TEST_CASE("a snapshot has a node by its id and by its name, also when it registered again",
          "[autoscaler]") {
  Snapshot snapshot;
  auto info = std::make_shared<NodeInfo>();
  info->node = node_with_id(5, "a");
  snapshot.reset({info});
  CHECK(snapshot.find("a") == Slot{0});
  CHECK(snapshot.find(*node_with_id(5, "a")) == Slot{0});
  CHECK(snapshot.find(*node_with_id(2, "a")) == Slot{0});  // as a hint of an earlier life
  CHECK_FALSE(snapshot.find(*node_with_id(6, "b")));
  snapshot.reset({});
  CHECK_FALSE(snapshot.find("a"));
  CHECK_FALSE(snapshot.find(*node_with_id(5, "a")));
}

TEST_CASE("the infos of nodes are made anew when their pods or they themselves change",
          "[autoscaler]") {
  AutoscalerOptions options;
  SnapshotCache cache(options, true);
  Snapshot snapshot;
  ClusterView view;
  view.on_watch(NodeChanged{node_with_id(1, "a")});
  const auto pods = [&] {
    cache.fill(LoopId(1), snapshot, view.node_list(), view, {});
    return snapshot.info(0).pods.size();
  };
  CHECK(pods() == 0);
  Pod pod = *make_pod(1, make_spec("w", 10));
  pod.node_name = "a";
  view.on_watch(PodChanged{pod});
  CHECK(pods() == 1);
  const NodeInfo* const kept = &snapshot.info(0);
  CHECK(pods() == 1);
  CHECK(&snapshot.info(0) == kept);
  view.on_watch(PodRemoved{pod});
  CHECK(pods() == 0);
  view.on_watch(NodeRemoved{node_with_id(1, "a")});
  view.on_watch(PodChanged{pod});
  view.on_watch(NodeChanged{node_with_id(2, "a")});
  CHECK(pods() == 1);
}

TEST_CASE("the infos of nodes follow their pods, whatever comes and goes", "[autoscaler]") {
  AutoscalerOptions options;
  SnapshotCache kept(options, true);
  Snapshot snapshot;
  Snapshot anew;
  ClusterView view;
  const Random random(7);
  const std::vector<std::string> nodes = {"a", "b", "c"};
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    view.on_watch(NodeChanged{node_with_id(i, nodes[i])});
  }
  const auto draw = [&](const char* what, std::uint64_t step, std::uint64_t of) {
    return random.index(what, step, 0, of);
  };
  const auto spec_of = [&](std::uint64_t step) {
    PodSpec spec = *make_spec("w" + std::to_string(draw("name", step, 30)), 10);
    if (draw("priority", step, 4) == 0) spec.priority = -20;  // expendable
    if (draw("gpu", step, 8) == 0) spec.requests.extended["nvidia.com/gpu"] = 1;
    return std::make_shared<const PodSpec>(std::move(spec));
  };
  std::map<std::uint32_t, Pod> pods;
  for (std::uint32_t step = 0; step < 2'000; ++step) {
    const auto id = static_cast<std::uint32_t>(draw("pod", step, 60));
    const auto known = pods.find(id);
    if (known != pods.end() && draw("end", step, 2) == 0) {
      view.on_watch(PodRemoved{known->second});
      pods.erase(known);
    } else {
      Pod pod = known == pods.end() ? *make_pod(id, spec_of(step)) : known->second;
      if (known == pods.end()) pod.node_name = nodes[draw("node", step, nodes.size())];
      pod.running = true;
      pods.insert_or_assign(id, pod);
      view.on_watch(PodChanged{pod});
    }
    if (draw("look", step, 3) != 0) continue;
    kept.fill(LoopId(step), snapshot, view.node_list(), view, {});
    SnapshotCache(options).fill(LoopId(step), anew, view.node_list(), view, {});
    for (Slot slot = 0; slot < nodes.size(); ++slot) {
      REQUIRE(snapshot.info(slot).pods == anew.info(slot).pods);
      REQUIRE(snapshot.info(slot).requested == anew.info(slot).requested);
    }
  }
}

TEST_CASE("empty nodes come first, also after a change of their pods", "[autoscaler]") {
  AutoscalerOptions options;
  CandidateOrder order(options, true);
  Snapshot snapshot;
  NodeMarks none;
  std::uint64_t versions = 0;
  const std::vector<NodePtr> nodes = {node_with_id(1, "a"), node_with_id(2, "b")};
  const auto first_with_pod_on = [&](std::size_t occupied) {
    std::vector<NodeInfoPtr> infos;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      auto info = std::make_shared<NodeInfo>();
      info->node = nodes[i];
      if (i == occupied) info->add(make_pod(1, make_spec("w", 10)));
      info->version = ++versions;
      infos.push_back(std::move(info));
    }
    snapshot.reset(std::move(infos));
    return order.sorted(nodes, snapshot, WallTime(), none).front()->name;
  };
  CHECK(first_with_pod_on(0) == "b");
  CHECK(first_with_pod_on(1) == "a");
  CHECK(first_with_pod_on(0) == "b");
  CHECK(order.sorted(nodes, snapshot, WallTime(), none).front()->name == "b");
}

TEST_CASE("a node that a simulation has put a pod on is not taken for what it was before",
          "[autoscaler]") {
  AutoscalerOptions options;
  CandidateOrder order(options, true);
  Snapshot snapshot;
  NodeMarks none;
  std::vector<NodePtr> nodes;
  std::vector<NodeInfoPtr> infos;
  for (std::uint32_t i = 1; i <= 2; ++i) {
    auto info = std::make_shared<NodeInfo>();
    info->node = node_with_id(i, i == 1 ? "a" : "b");
    info->version = i;
    nodes.push_back(info->node);
    infos.push_back(std::move(info));
  }
  snapshot.reset(infos);
  const auto first = [&] { return order.sorted(nodes, snapshot, WallTime(), none).front()->name; };
  CHECK(first() == "a");
  snapshot.fork();
  snapshot.place(*snapshot.find("a"), make_pod(1, make_spec("w", 10)));
  CHECK(first() == "b");
  snapshot.revert();
  CHECK(first() == "a");
}

TEST_CASE("a pod that was deleted long ago leaves its node empty", "[autoscaler]") {
  AutoscalerOptions options;
  CandidateOrder order(options, true);
  Snapshot snapshot;
  NodeMarks none;
  auto pod = std::make_shared<Pod>(*make_pod(1, make_spec("w", 10)));
  pod->deletion_timestamp = WallTime();
  auto busy = std::make_shared<NodeInfo>();
  busy->node = node_with_id(1, "a");
  busy->add(make_pod(2, make_spec("w", 10)));
  auto ending = std::make_shared<NodeInfo>();
  ending->node = node_with_id(2, "b");
  ending->add(pod);
  busy->version = 1;
  ending->version = 2;
  snapshot.reset({busy, ending});
  const std::vector<NodePtr> nodes = {busy->node, ending->node};
  CHECK(order.sorted(nodes, snapshot, WallTime(), none).front()->name == "a");
  const WallTime late = WallTime() + std::chrono::hours(1);  // nothing else has changed
  CHECK(order.sorted(nodes, snapshot, late, none).front()->name == "b");
}

TEST_CASE("a node is tried again when its time is up, or when it was gone meanwhile",
          "[autoscaler]") {
  RecentlyUnremovable recent;
  const NodePtr a = node_with_id(1, "a");
  auto info = std::make_shared<NodeInfo>();
  info->node = a;
  Snapshot snapshot;
  snapshot.reset({info});
  recent.add(a, kTimeZero + std::chrono::minutes(5));
  recent.update(kTimeZero + std::chrono::minutes(4), snapshot);
  CHECK(recent.contains(*a));
  recent.update(kTimeZero + std::chrono::minutes(5), snapshot);
  CHECK_FALSE(recent.contains(*a));
  recent.add(a, kTimeZero + std::chrono::minutes(10));
  snapshot.reset({});
  recent.update(kTimeZero + std::chrono::minutes(6), snapshot);
  CHECK_FALSE(recent.contains(*a));
}

TEST_CASE("entries are arranged by rank, however many there are", "[autoscaler]") {
  const auto count = GENERATE(2, 3, 10, 257, 5000);
  CAPTURE(count);
  const OrderPolicy policy = OrderPolicy::seeded(Random(5));
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back("node-" + std::to_string(i));
  const OrderKey key{"nodes", LoopId(2)};
  std::map<std::uint64_t, std::string> by_rank;
  for (const std::string& name : names) by_rank[hash_bytes(name, policy.draws(key).seed())] = name;
  std::vector<std::string> expected;
  for (const auto& [rank, name] : by_rank) expected.push_back(name);
  policy.arrange(key, names, [](const std::string& name) { return std::string_view(name); });
  CHECK(names == expected);
}

TEST_CASE("a value that was kept too long is told, with whose it is", "[autoscaler]") {
  check_kept("pods", "node-1", true);
  CHECK_THROWS_AS(check_kept("pods", "node-1", false), StaleValue);
}

}  // namespace casim::sim
