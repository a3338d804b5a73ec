// The six published scalability scenarios of cluster-autoscaler (proposals/scalability_tests.md):
// the end states that they ask for.
#include <map>

#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;

namespace {

// Pods on each node that has any, at the end.
std::map<NodeId, int> load_of(const Ran& ran) {
  std::map<NodeId, int> load;
  for (const PodRecord& pod : ran.pods) {
    if (pod.is_bound() && !pod.has_ended) ++load[pod.node];
  }
  return load;
}

void check_all_run_on_full_nodes(const Ran& ran) {
  CHECK(ran.summary.pods.running == 30000);
  CHECK(ran.summary.pods.evicted == 0);
  CHECK(ran.summary.nodes.ready_at_end == 1000);
  CHECK(ran.summary.nodes.gone == 0);
  const std::map<NodeId, int> load = load_of(ran);
  CHECK(load.size() == 1000);
  for (const auto& [node, pods] : load) {
    CAPTURE(node.value());
    CHECK(pods == 30);
  }
}

}  // namespace

TEST_CASE("ca-scale-1: 30,000 pods fill a thousand nodes", "[scenario][ca-scale]") {
  const Ran ran = run_file("ca-scale-1");
  check_all_run_on_full_nodes(ran);
  CHECK(ran.summary.pods.pending == 0);
}

TEST_CASE("ca-scale-2: a second wave fills the nodes that it adds", "[scenario][ca-scale]") {
  const Ran ran = run_file("ca-scale-2");
  check_all_run_on_full_nodes(ran);
  CHECK(ran.summary.pods.pending == 0);
}

TEST_CASE("ca-scale-3: exactly the empty nodes go", "[scenario][ca-scale]") {
  const Ran ran = run_file("ca-scale-3");
  CHECK(ran.summary.nodes.gone == 300);
  CHECK(ran.summary.nodes.ready_at_end == 700);
  CHECK(ran.summary.pods.running == 14700);
  CHECK(ran.summary.pods.created == 14700);  // nobody was evicted or lost
  CHECK(load_of(ran).size() == 700);
}

TEST_CASE("ca-scale-4: nodes are drained down to the minimum", "[scenario][ca-scale]") {
  const Ran ran = run_file("ca-scale-4");
  CHECK(ran.summary.nodes.gone == 30);
  CHECK(ran.summary.nodes.ready_at_end == 970);
  CHECK(ran.summary.pods.running == 17400);
  CHECK(ran.summary.pods.evicted == 30 * 9);
}

TEST_CASE("ca-scale-5: what can go nowhere keeps its node", "[scenario][ca-scale]") {
  const Ran ran = run_file("ca-scale-5");
  CHECK(ran.summary.nodes.gone == 0);
  CHECK(ran.summary.nodes.ready_at_end == 1000);
  CHECK(ran.summary.activity.scale_downs == 0);
  CHECK(ran.summary.pods.running == 21600);
  CHECK(ran.summary.pods.created == 21600);
}

TEST_CASE("ca-scale-6: pods that fit nowhere keep no other from its node", "[scenario][ca-scale]") {
  const Ran ran = run_file("ca-scale-6");
  check_all_run_on_full_nodes(ran);
  CHECK(ran.summary.pods.pending == 1000);
  CHECK(ran.summary.unfit.size() == 1000);
}
