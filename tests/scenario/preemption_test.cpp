#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

// One node for 5 pods, which may not get a second: two of higher priority take two places, and
// whose places these were is replaced by its owner and runs its whole time later.
TEST_CASE("preempted pods count as such, are replaced, and run in the end", "[scenario]") {
  Scenario s = small_scenario(5);
  s.node_groups[0].max = 1;
  BurstWorkload high = std::get<BurstWorkload>(s.workloads[0].body);
  high.count = 2;
  high.at = 200s;
  high.run_for = 60s;
  high.pod.priority = 100;
  s.workloads.push_back({"high", high});
  const Summary summary = run_whole(s).summary;
  CHECK(summary.pods.adds_up());
  CHECK(summary.pods.preempted == 2);
  CHECK(summary.pods.created == 9);
  CHECK(summary.pods.completed == 7);
  CHECK(summary.rows_run == 7);
}
