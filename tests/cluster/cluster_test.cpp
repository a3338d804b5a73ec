#include "sim/cluster/cluster.h"

#include "tests/catch.h"

namespace casim::sim {
namespace {

PodSpecPtr spec_of(std::int64_t cpu_m) {
  PodSpec spec;
  spec.name_prefix = "web";
  spec.requests.cpu = MilliCpu(cpu_m);
  spec.requests.pods = 1;
  return std::make_shared<const PodSpec>(spec);
}

Node node_of(const std::string& name, std::int64_t cpu_m) {
  Node node;
  node.name = name;
  node.allocatable.cpu = MilliCpu(cpu_m);
  node.allocatable.pods = 10;
  return node;
}

NewPod pod_of(const PodSpecPtr& spec, std::uint64_t index) {
  NewPod pod;
  pod.spec = spec;
  pod.workload = WorkloadId(1);
  pod.index = index;
  return pod;
}

}  // namespace

TEST_CASE("pods are conserved whatever becomes of them", "[cluster]") {
  Cluster cluster;
  const PodSpecPtr spec = spec_of(100);
  const NodeId node = cluster.create_node(node_of("a", 4000), WallTime{});
  std::vector<PodId> pods;
  for (std::uint64_t i = 0; i < 8; ++i) pods.push_back(cluster.create_pod(pod_of(spec, i), {}));
  for (std::size_t i = 1; i < 8; ++i) cluster.bind(pods[i], node);
  for (std::size_t i = 2; i < 8; ++i) cluster.start(pods[i]);
  constexpr PodEnd kEnds[] = {PodEnd::kCompleted, PodEnd::kDeleted, PodEnd::kEvicted,
                              PodEnd::kPreempted, PodEnd::kLost};
  for (std::size_t i = 0; i < 5; ++i) cluster.end(pods[3 + i], kEnds[i]);
  const PodTally expected{8, 1, 1, 1, 1, 1, 1, 1, 1};
  CHECK(cluster.tally() == expected);
  CHECK(cluster.tally().adds_up());
  CHECK(cluster.requested(node).cpu == MilliCpu(200));
  CHECK(cluster.pods_on(node) == std::vector<PodId>{pods[1], pods[2]});
  CHECK(cluster.broken_invariant() == std::nullopt);
}

TEST_CASE("a finished pod leaves its record and no object", "[cluster]") {
  Cluster cluster;
  const PodSpecPtr spec = spec_of(100);
  NewPod first = pod_of(spec, 7);
  first.incarnation = 2;
  const PodId pod = cluster.create_pod(std::move(first), {});
  CHECK(cluster.pod(pod).name == "web-7-r2");
  CHECK(cluster.pod(pod).spec == spec);
  cluster.end(pod, PodEnd::kDeleted);
  CHECK(cluster.find_pod(pod) == nullptr);
  CHECK(cluster.life(pod).index == 7);
  CHECK(cluster.life(pod).end == PodEnd::kDeleted);
  const PodId next = cluster.create_pod(pod_of(spec, 8), {});
  CHECK(next != pod);
  CHECK(cluster.pod(next).name == "web-8");
  CHECK(spec.use_count() == 2);  // ours and that of the one live pod
}

TEST_CASE("every write gives a new version", "[cluster]") {
  Cluster cluster;
  const NodeId node = cluster.create_node(node_of("a", 1000), WallTime{});
  const PodId pod = cluster.create_pod(pod_of(spec_of(100), 0), {});
  const std::uint64_t node_version = cluster.node(node)->resource_version;
  const std::uint64_t pod_version = cluster.pod(pod).resource_version;
  CHECK(pod_version > node_version);
  cluster.bind(pod, node);
  CHECK(cluster.pod(pod).resource_version > pod_version);
  const NodePtr old = cluster.node(node);
  Node next = *old;
  next.name = "another";  // a name never changes
  next.unschedulable = true;
  cluster.update_node(node, std::move(next));
  CHECK(cluster.node(node)->resource_version > cluster.pod(pod).resource_version);
  CHECK(cluster.node(node)->name == "a");
  CHECK_FALSE(old->unschedulable);  // who holds a version keeps it
}

TEST_CASE("a name is free again when its node is gone; ids are not", "[cluster]") {
  Cluster cluster;
  const NodeId first = cluster.create_node(node_of("a", 1000), WallTime{});
  const PodId pod = cluster.create_pod(pod_of(spec_of(100), 0), {});
  cluster.bind(pod, first);
  cluster.remove_node(first);
  CHECK(cluster.node(first) == nullptr);
  CHECK_FALSE(cluster.find_node("a").is_valid());
  const NodeId second = cluster.create_node(node_of("a", 1000), WallTime{});
  CHECK(second != first);
  CHECK(cluster.find_node("a") == second);
  CHECK(cluster.node_count() == 1);
  CHECK(cluster.pods_on(first) == std::vector<PodId>{pod});  // until it is ended
  cluster.end(pod, PodEnd::kLost);
  CHECK(cluster.pods_on(first).empty());
  CHECK(cluster.broken_invariant() == std::nullopt);
}

TEST_CASE("lowering the allocatable under its pods is no overcommit of ours", "[cluster]") {
  Cluster cluster;
  const NodeId node = cluster.create_node(node_of("a", 1000), WallTime{});
  const PodId pod = cluster.create_pod(pod_of(spec_of(800), 0), {});
  cluster.bind(pod, node);
  Node smaller = *cluster.node(node);
  smaller.allocatable.cpu = MilliCpu(500);
  cluster.update_node(node, std::move(smaller));
  CHECK(cluster.broken_invariant() == std::nullopt);
}

}  // namespace casim::sim
