#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;

namespace {

// Eighteen nodes at once.
Scenario ninety_pods(int launch_batch) {
  Scenario s = small_scenario(90);
  s.controllers.api = {0, 0};
  s.scheduler.api = {0, 0};
  s.ec2.throttle.unlimited = true;
  s.provider.launch_batch = launch_batch;
  return s;
}

std::int64_t launch_calls(const Ran& ran) {
  return ran.summary.activity.ec2_calls.at("RunInstances").at("ok");
}

}  // namespace

TEST_CASE("the machines of an order come from one call, each known by its slot", "[scenario]") {
  WorldOptions checked;
  checked.check_invariants = true;  // finds machines that share a slot's token, or have none
  const Ran together = run_whole(ninety_pods(100), checked);
  CHECK(together.summary.pods.completed == 90);
  CHECK(launch_calls(together) == together.summary.activity.scale_ups);
  CHECK(together.summary.activity.slots_ordered > together.summary.activity.scale_ups);
  const Ran alone = run_whole(ninety_pods(1), checked);
  CHECK(alone.summary.pods.completed == 90);
  CHECK(launch_calls(alone) == alone.summary.activity.slots_ordered);
}
