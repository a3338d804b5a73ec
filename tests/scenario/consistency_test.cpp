// Whole worlds whose EC2 is late, or errs now and then: nothing is lost by it, or left behind.
#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

WorldOptions checked() {
  WorldOptions options;
  options.check_invariants = true;  // leaks and doubles among them
  return options;
}

Scenario late_scenario(Duration hidden_for) {
  Scenario s = small_scenario(90);
  s.duration = 40min;
  s.ec2.consistency = ConsistencyConfig{.hidden = 1,
                                        .hidden_for = Distribution::constant(hidden_for),
                                        .describe_lag = Distribution::constant(3s)};
  return s;
}

}  // namespace

TEST_CASE("machines that EC2 does not show at once are not lost machines", "[scenario]") {
  const Ran ran = run_whole(late_scenario(20s), checked());
  const Activity& did = ran.summary.activity;
  CHECK(ran.summary.pods.completed == 90);
  CHECK(did.slot_failures.empty());
  CHECK(did.instances_launched == did.slots_ordered + 1);  // one is there from the start
  CHECK(ran.summary.nodes.registered == did.instances_launched);
}

TEST_CASE("machines that stay hidden for too long are ordered again, and none is left behind",
          "[scenario]") {
  Scenario s = late_scenario(1min);
  s.ec2.consistency->hidden = 0.3;
  const Ran ran = run_whole(s, checked());
  CHECK(ran.summary.activity.instances_launched > ran.summary.nodes.ready_peak);
  CHECK(ran.summary.pods.completed == 90);
  CHECK(ran.summary.nodes.ready_at_end <= 1);
}

TEST_CASE("late answers are the same over gRPC", "[scenario]") {
  Scenario s = late_scenario(20s);
  s.duration = 15min;
  WorldOptions wire;
  wire.rpc_on_wire = true;
  CHECK(run_whole(s).summary.digest == run_whole(s, wire).summary.digest);
}

TEST_CASE("errors in the background cost retries, and no pod", "[scenario]") {
  Scenario s = small_scenario(90);
  s.ec2.background = BackgroundConfig{
      .launch_failures = 0.2, .internal_errors = 0.2, .timeouts = 0.1, .timeouts_with_effect = 0.5};
  const Ran ran = run_whole(s, checked());
  CHECK(ran.summary.pods.completed == 90);
  CHECK(ran.summary.activity.ec2_calls.at("DescribeInstances").contains("InternalError"));
  std::int64_t lost = 0;
  for (const auto& [action, outcomes] : ran.summary.activity.ec2_calls) {
    for (const auto& [code, calls] : outcomes) lost += code.ends_with("Timeout") ? calls : 0;
  }
  CHECK(lost > 0);
}

TEST_CASE("consistency and background that are written as {} hold what is assumed", "[scenario]") {
  const Ran plain = run_file("first-burst", {"seed=2"});
  const Ran late = run_file("first-burst", {"seed=2", "ec2.consistency={}", "ec2.background={}"});
  CHECK(late.summary.digest != plain.summary.digest);
  CHECK(late.summary.pods.completed == 400);
}

TEST_CASE("a run costs what its machines are billed for", "[scenario]") {
  const Ran ran = run_whole(small_scenario(40));
  const Costs& costs = ran.summary.costs;
  REQUIRE(costs.seconds().size() == 1);
  const double hours = static_cast<double>(costs.seconds().at("m6i.2xlarge")) / 3600;
  REQUIRE(costs.total());
  CHECK(static_cast<double>(costs.total()->micro_usd) / 1e6 == Approx(hours * 0.384).epsilon(1e-4));
  // Boot is billed before the node is there, and the node outlives its machine for a while.
  CHECK(hours == Approx(ran.summary.nodes.node_hours).epsilon(0.1));
}
