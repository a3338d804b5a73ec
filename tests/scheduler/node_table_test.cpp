#include "sim/scheduler/node_table.h"

#include "tests/catch.h"
#include "tests/scheduler/builders.h"

namespace casim::sim {
namespace {

std::vector<std::uint32_t> order_of(NodeTable& nodes) {
  std::vector<std::uint32_t> ids;
  for (const NodeId node : nodes.order()) ids.push_back(node.value());
  return ids;
}

using Ids = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("nodes are listed zone by zone in turn, oldest first", "[scheduler]") {
  NodeTable nodes;
  for (const std::uint32_t id : {0U, 1U, 2U}) nodes.put(share(make_node(id, {1000, 1000}, "a")));
  for (const std::uint32_t id : {3U, 4U}) nodes.put(share(make_node(id, {1000, 1000}, "b")));
  nodes.put(share(make_node(5, {1000, 1000}, "c")));
  CHECK(order_of(nodes) == Ids{0, 3, 5, 1, 4, 2});
  nodes.remove(NodeId(0));
  CHECK(order_of(nodes) == Ids{1, 3, 5, 2, 4});
  nodes.remove(NodeId(5));
  nodes.put(share(make_node(3, {1000, 1000}, "c")));  // moved: the youngest of a new zone
  CHECK(order_of(nodes) == Ids{1, 4, 3, 2});
  for (std::uint32_t i = 0; i < 4; ++i) CHECK(nodes[nodes.order()[i]].position == i);
}

TEST_CASE("a node that moves keeps its place until another comes or goes", "[scheduler]") {
  NodeTable nodes;
  for (const std::uint32_t id : {0U, 1U, 2U}) nodes.put(share(make_node(id, {1000, 1000}, "a")));
  CHECK(order_of(nodes) == Ids{0, 1, 2});
  nodes.put(share(make_node(2, {1000, 1000}, "b")));
  CHECK(order_of(nodes) == Ids{0, 1, 2});
  nodes.put(share(make_node(3, {1000, 1000}, "a")));
  CHECK(order_of(nodes) == Ids{0, 2, 1, 3});
  nodes.put(share(make_node(0, {1000, 1000}, "b")));  // and back: behind 1 and 3 from now on
  nodes.put(share(make_node(2, {1000, 1000}, "a")));
  nodes.put(share(make_node(0, {1000, 1000}, "a")));
  CHECK(order_of(nodes) == Ids{0, 2, 1, 3});
  nodes.put(share(make_node(4, {1000, 1000}, "a")));
  CHECK(order_of(nodes) == Ids{1, 3, 2, 0, 4});
}

TEST_CASE("growing in one zone keeps the order's version", "[scheduler]") {
  NodeTable nodes;
  nodes.put(share(make_node(0, {1000, 1000})));
  const std::uint64_t version = nodes.order_version();
  nodes.put(share(make_node(1, {1000, 1000})));
  CHECK(order_of(nodes) == Ids{0, 1});
  CHECK(nodes.order_version() == version);
  nodes.remove(NodeId(0));
  CHECK(order_of(nodes) == Ids{1});
  CHECK(nodes.order_version() != version);
}

TEST_CASE("sums follow the pods", "[scheduler]") {
  NodeTable nodes;
  nodes.put(share(make_node(0, {1000, 1000}, "a")));
  PodSpec labelled = make_pod({300, 0});
  labelled.labels["app"] = "web";
  const PodSpecPtr web = share(std::move(labelled));
  const LabelGroup group = nodes.group_of(web);
  nodes.add_pod(NodeId(0), PodId(1), web);
  nodes.add_pod(NodeId(0), PodId(2), web);
  CHECK(nodes[NodeId(0)].requested.cpu == MilliCpu(600));
  CHECK(nodes[NodeId(0)].nonzero_memory == std::int64_t{400} << 20);
  REQUIRE(nodes[NodeId(0)].groups.size() == 1);
  const GroupCount& count = nodes[NodeId(0)].groups.front();
  CHECK((count.group == group && count.live == 2 && count.all == 2));
  for (int i = 0; i < 2; ++i) nodes.update_pod(NodeId(0), PodId(1), {.is_terminating = true});
  CHECK((count.live == 1 && count.all == 2));
  CHECK(nodes[NodeId(0)].requested.cpu == MilliCpu(600));  // the mark frees nothing
  nodes.remove_pod(NodeId(0), PodId(1));
  nodes.remove_pod(NodeId(0), PodId(2));
  CHECK(nodes[NodeId(0)].requested == Resources{});
  CHECK(nodes[NodeId(0)].groups.empty());
}

}  // namespace casim::sim
