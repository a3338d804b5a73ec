#include "sim/scheduler/scores.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "sim/scheduler/heap_root.h"
#include "sim/scheduler/topology.h"
#include "tests/catch.h"
#include "tests/scheduler/builders.h"

namespace casim::sim {
namespace {

int score_on(Size node, Size used, Size pod) {
  NodeTable nodes;
  PodClasses classes;
  nodes.put(share(make_node(0, node)));
  if (used.cpu_m > 0 || used.memory_mib > 0) {
    nodes.add_pod(NodeId(0), PodId(0), share(make_pod(used)));
  }
  const ClassId id = classes.of(share(make_pod(pod)));
  return base_score(classes[id], nodes[NodeId(0)]);
}

ClassTopology topology_of(NodeTable& nodes, const PodClass& pod_class) {
  ClassTopology topology(nodes, pod_class);
  for (const NodeId node : nodes.order()) topology.update(node);
  return topology;
}

}  // namespace

TEST_CASE("base score: least allocated plus balance", "[scheduler]") {
  struct Row {
    const char* name;
    Size node, used, pod;
    int expected;
  };

  const Row row = GENERATE(values<Row>({
      // (4000-1000)*100/4000 = 75, (4096-1024)/4096 = 75; balanced before and after: 50 + 25.
      {"quarter of an empty node", {4000, 4096}, {}, {1000, 1024}, 75 + 75},
      // cpu 50, memory 87: 68. Deviations 0 -> (0.5 - 0.125) / 2: 100 -> 81; 50 + (50 - 19) / 2.
      {"out of balance", {4000, 4096}, {}, {2000, 512}, 68 + 65},
      // cpu 25, memory 75: 50. 0.25 -> 0.25 to 0.75 to 0.25: 100 -> 75; 50 + 25 / 2.
      {"beside another", {4000, 4096}, {1000, 1024}, {2000, 0}, 47 + 62},
      // Defaults 100m and 200 MiB: 97 and 95; no balance for a pod without requests.
      {"best effort", {4000, 4096}, {}, {0, 0}, 96},
  }));
  CAPTURE(row.name);
  CHECK(score_on(row.node, row.used, row.pod) == row.expected);
}

TEST_CASE("a soft-tainted node is 300 points behind, preferences weigh double", "[scheduler]") {
  NodeTable nodes;
  PodClasses classes;
  WindowScorer scorer(nodes);
  for (std::uint32_t i = 0; i < 3; ++i) nodes.put(share(make_node(i, {4000, 4096})));
  PodSpec spec = make_pod({100, 100});
  spec.preferred_node_affinity.push_back({10, {{"x", LabelRequirement::Operator::kExists, {}}}});
  const ClassId id = classes.of(share(std::move(spec)));
  std::vector<ScoredNode> window = {
      {NodeId(0), 0, 0, 10}, {NodeId(1), 0, 2, 5}, {NodeId(2), 0, 1, 0}};
  ClassTopology topology = topology_of(nodes, classes[id]);
  scorer.score(classes[id], topology, window.size(), window);
  CHECK(window[0].total == 300 + 200);
  CHECK(window[1].total == 0 + 100);
  CHECK(window[2].total == 150 + 0);
}

TEST_CASE("an image weighs by its size and by how many nodes have it", "[scheduler]") {
  struct Row {
    std::int64_t mib;
    std::uint32_t nodes_with;
    std::int32_t points;
  };

  // (size * share - 23) * 100 / (1000 - 23), from 0 to 100.
  const Row row = GENERATE(values<Row>(
      {{300, 1, 5}, {300, 2, 12}, {300, 4, 28}, {20, 4, 0}, {5000, 4, 100}, {100, 2, 2}}));
  CAPTURE(row.mib, row.nodes_with);
  NodeTable nodes;
  PodClasses classes;
  WindowScorer scorer(nodes);
  for (std::uint32_t i = 0; i < 4; ++i) {
    Node node = make_node(i, {4000, 4096});
    if (i < row.nodes_with) node.images.push_back({"web:latest", Bytes(row.mib << 20)});
    nodes.put(share(node));
  }
  nodes.summarize_images();
  PodSpec spec = make_pod({100, 100});
  spec.images.push_back({"web", Bytes(0)});
  const PodClass& pod_class = classes[classes.of(share(spec))];
  ClassTopology topology = topology_of(nodes, pod_class);
  std::vector<ScoredNode> window = {{NodeId(0)}, {NodeId(3)}};
  scorer.score(pod_class, topology, window.size(), window);
  CHECK(window[0].total == 300 + row.points);
  CHECK(window[1].total == 300 + (row.nodes_with == 4 ? row.points : 0));
}

TEST_CASE("a node's images are counted when the node last changed", "[scheduler]") {
  NodeTable nodes;
  const auto put = [&](std::uint32_t id, std::int64_t mib) {
    Node node = make_node(id, {4000, 4096});
    node.images.push_back({"web:1", Bytes(mib << 20)});
    nodes.put(share(std::move(node)));
  };
  const auto seen = [&](std::uint32_t id) {
    nodes.summarize_images();
    return nodes[NodeId(id)].images.at(0).nodes;
  };
  put(0, 300);
  CHECK(seen(0) == 1);
  put(1, 500);
  CHECK(seen(1) == 2);
  CHECK(nodes[NodeId(1)].images[0].size == std::int64_t{300} << 20);  // as the first one said
  CHECK(seen(0) == 1);
  const PodSpecPtr pod = share(make_pod({100, 100}));
  nodes.add_pod(NodeId(0), PodId(0), pod);
  CHECK(seen(0) == 2);
  nodes.remove(NodeId(1));
  CHECK(seen(0) == 2);
  nodes.remove_pod(NodeId(0), PodId(0));
  CHECK(seen(0) == 1);
  put(0, 700);  // the only one that has it
  nodes.summarize_images();
  CHECK(nodes[NodeId(0)].images[0].size == std::int64_t{700} << 20);
}

TEST_CASE("pods of a ReplicaSet are spread over hosts by default", "[scheduler]") {
  NodeTable nodes;
  PodClasses classes;
  WindowScorer scorer(nodes);
  PodSpec web = make_pod({100, 100});
  web.owner = OwnerKind::kReplicaSet;
  web.labels["app"] = "web";
  PodSpec other = web;
  other.labels["app"] = "other";
  const PodSpecPtr own = share(std::move(web));
  const PodSpecPtr foreign = share(std::move(other));
  for (std::uint32_t i = 0; i < 3; ++i) nodes.put(share(make_node(i, {4000, 4096})));
  nodes.add_pod(NodeId(0), PodId(0), own);
  nodes.add_pod(NodeId(1), PodId(1), foreign);
  nodes.add_pod(NodeId(2), PodId(2), own);
  nodes.add_pod(NodeId(2), PodId(3), own);
  nodes.update_pod(NodeId(2), PodId(3), {.is_terminating = true});
  const ClassId id = classes.of(own);
  std::vector<ScoredNode> window = {{NodeId(0)}, {NodeId(1)}, {NodeId(2)}};
  ClassTopology topology = topology_of(nodes, classes[id]);
  scorer.score(classes[id], topology, window.size(), window);
  // Raw: count * ln(3 + 2) + 2, rounded: 4, 2, 4. 100 * (4 + 2 - raw) / 4 = 50, 100, 50.
  CHECK(window[0].total == 300 + 2 * 50);
  CHECK(window[1].total == 300 + 2 * 100);
  CHECK(window[2].total == 300 + 2 * 50);  // a terminating pod does not count
}

TEST_CASE("the root of the heap over equal nodes goes through them in pre-order", "[scheduler]") {
  std::vector<std::uint32_t> order(8);
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [](std::uint32_t a, std::uint32_t b) { return heap_preorder(a) < heap_preorder(b); });
  CHECK(order == std::vector<std::uint32_t>{0, 1, 3, 7, 4, 2, 5, 6});
}

TEST_CASE("walking a heap in pre-order visits what sorting by pre-order gives", "[scheduler]") {
  const std::uint32_t size = GENERATE(1U, 2U, 3U, 6U, 7U, 100U, 500U);
  CAPTURE(size);
  std::uint32_t visited = 0;
  std::uint64_t last = 0;
  for (std::uint32_t i = 0; i < size; i = heap_next(i, size)) {
    CHECK((visited == 0 || heap_preorder(i) > last));
    last = heap_preorder(i);
    ++visited;
  }
  CHECK(visited == size);
}

}  // namespace casim::sim
