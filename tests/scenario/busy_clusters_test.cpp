// What the scenarios mixed-gpu and black-friday claim.
#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

// Of the first hours.
std::string digest_of(const std::string& name, bool is_on_wire) {
  config::Problems problems;
  const auto loaded = load_scenario({"scenarios/" + name + ".json", {"duration=\"5h\""}}, problems);
  if (!loaded) throw std::runtime_error(problems.text());
  return run_loaded(*loaded, {.rpc_on_wire = is_on_wire, .check_invariants = !is_on_wire})
      .summary.digest;
}

// The longest that a pod of the workload waited to be bound.
Duration longest_wait(const Ran& ran, std::uint32_t workload) {
  Duration longest{};
  for (const PodRecord& pod : ran.pods) {
    if (pod.workload == WorkloadId(workload) && pod.is_bound()) {
      longest = std::max(longest, pod.bound - pod.created);
    }
  }
  return longest;
}

}  // namespace

TEST_CASE("pods without GPUs keep GPU nodes, unless they are kept off", "[scenario]") {
  const Ran shared = run_file("mixed-gpu");
  const Ran apart = run_file("mixed-gpu", {"workloads.web.pod.nodeSelector.pool=cpu"});
  CHECK(shared.summary.costs.total()->micro_usd > apart.summary.costs.total()->micro_usd);
  for (const Ran* ran : {&shared, &apart}) {
    CHECK(ran->summary.unfit.empty());
    CHECK(ran->summary.pods.completed == 15);
    CHECK(ran->summary.pods.running == 6);
  }
}

TEST_CASE("pods wait for GPUs that are offered late, and no more nodes are bought", "[scenario]") {
  const Ran late = run_file("mixed-gpu");
  const Ran at_once = run_file("mixed-gpu", {"node_groups.gpu-small.devices_after=null",
                                             "node_groups.gpu-large.devices_after=null"});
  CHECK(longest_wait(late, 0) > longest_wait(at_once, 0) + 30s);
  CHECK(late.summary.nodes.registered == at_once.summary.nodes.registered);
}

TEST_CASE("a sale is served by preempting jobs, more of them with a rollout in it", "[scenario]") {
  const Ran both = run_file("black-friday");
  const Ran sale = run_file("black-friday", {"workloads.shop.rollouts=[]"});
  const Ran slow = run_file("black-friday", {"hpas.shop.metrics.0.load.2.over=2h"});
  CHECK(both.summary.pods.preempted > sale.summary.pods.preempted);
  CHECK(both.summary.pods.preempted > slow.summary.pods.preempted);
  CHECK(both.summary.costs.total()->micro_usd > sale.summary.costs.total()->micro_usd);
}

TEST_CASE("busy clusters run alike over memo and wire, and break no invariant", "[scenario]") {
  const std::string name = GENERATE("mixed-gpu", "black-friday");
  CHECK(digest_of(name, false) == digest_of(name, true));
}
