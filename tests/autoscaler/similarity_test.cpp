#include "sim/autoscaler/simulator/similarity.h"

#include "tests/autoscaler/support.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

NodeInfo info_of(const Node& node) {
  NodeInfo info;
  info.node = std::make_shared<const Node>(node);
  return info;
}

// Two templates, the second with one change.
template <class Change>
bool are_similar_after(Change change, const SimilarityRules& rules = {}) {
  const Node a = *make_node("a", 4000, 16000);
  Node b = *make_node("b", 4000, 16000);
  change(b);
  return are_similar(info_of(a), info_of(b), rules);
}

}  // namespace

TEST_CASE("capacity must be equal, memory within 1.5 percent of the larger", "[autoscaler]") {
  CHECK(are_similar_after([](Node&) {}));
  CHECK_FALSE(are_similar_after([](Node& b) { b.capacity.cpu = MilliCpu(4001); }));
  CHECK_FALSE(are_similar_after([](Node& b) { b.capacity.pods = 109; }));
  CHECK_FALSE(are_similar_after([](Node& b) { b.capacity.extended["nvidia.com/gpu"] = 0; }));
  CHECK(are_similar_after([](Node& b) { b.capacity.memory = Bytes(15760LL << 20); }));
  CHECK_FALSE(are_similar_after([](Node& b) { b.capacity.memory = Bytes(15759LL << 20); }));
}

TEST_CASE("allocatable and free resources may differ by 5 percent", "[autoscaler]") {
  CHECK(are_similar_after([](Node& b) { b.allocatable.cpu = MilliCpu(3800); }));
  CHECK_FALSE(are_similar_after([](Node& b) { b.allocatable.cpu = MilliCpu(3799); }));
  NodeInfo a = info_of(*make_node("a", 4000));
  NodeInfo b = info_of(*make_node("b", 4000));
  a.add(make_pod(1, make_spec("agent", 200)));
  CHECK(are_similar(a, b, {}));
  a.add(make_pod(2, make_spec("agent", 1)));
  CHECK_FALSE(are_similar(a, b, {}));
}

TEST_CASE("labels must be equal but for host, zone, region and kops' group", "[autoscaler]") {
  CHECK(are_similar_after([](Node& b) { b.labels["topology.kubernetes.io/zone"] = "z"; }));
  CHECK(are_similar_after([](Node& b) { b.labels["kops.k8s.io/instancegroup"] = "g"; }));
  CHECK_FALSE(are_similar_after([](Node& b) { b.labels["pool"] = "p"; }));
}

TEST_CASE("balancing labels alone decide, and must be there", "[autoscaler]") {
  SimilarityRules rules;
  rules.labels = {"pool"};
  Node a = *make_node("a", 4000);
  Node b = *make_node("b", 500);
  CHECK_FALSE(are_similar(info_of(a), info_of(b), rules));
  a.labels["pool"] = "p";
  b.labels["pool"] = "p";
  CHECK(are_similar(info_of(a), info_of(b), rules));
}

// Read in the source of each version (builder/autoscaler.go, main.go), not measured before 1.37.
TEST_CASE("the other balancing flags reach externalgrpc up to 1.36", "[autoscaler]") {
  AutoscalerOptions options;
  options.balancing_ignore_labels = {"pool"};
  options.memory_difference_ratio = 0.5;
  const auto change = [](Node& b) {
    b.labels["pool"] = "p";
    b.capacity.memory = Bytes(10000LL << 20);
  };
  for (const int version : {34, 35, 36}) {
    options.version = version;
    CHECK(are_similar_after(change, SimilarityRules(options)));
  }
  options.version = 37;
  CHECK_FALSE(are_similar_after(change, SimilarityRules(options)));
}

}  // namespace casim::sim
