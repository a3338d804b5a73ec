#include "tests/catch.h"
#include "tests/metrics/told_world.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

TEST_CASE("machines are paid for also while no node of theirs is Ready", "[metrics]") {
  ToldWorld world;
  world.tell(0s, InstanceRunning{"i0"});
  world.register_node(100s, 0);
  world.tell(130s, NodeReady{NodeId(0)});
  world.tell(3600s, InstanceShuttingDown{"i0", "Client.UserInitiatedShutdown"});
  world.tell(0s, InstanceRunning{"i1"});  // never joins
  world.tell(900s, InstanceShuttingDown{"i1", "Client.UserInitiatedShutdown"});
  world.tell(3600s, InstanceRunning{"i2"});  // still on its way at the end
  world.tell(3700s, InstanceShuttingDown{"i9", "Server.InternalError"});  // was never running

  const MachineTotals totals = world.summary(3660s).machines;
  CHECK(totals.ran == 3600s + 900s + 60s);
  CHECK(totals.before_ready == 130s);
  CHECK(totals.never_ready == 1);
  CHECK(totals.never_ready_ran == 900s);
}

TEST_CASE("a group is told apart by orders, failures and why it was passed over", "[metrics]") {
  ToldWorld world;
  world.tell(10s, IncreaseSizeCommitted{LoopId(0), "a", {SlotId(0), SlotId(1)}});
  world.set_target(10s, 2);
  world.tell(910s, ScaleUpFailed{LoopId(90), "a", "timeout", 2});
  world.set_target(911s, 0);
  world.tell(920s, GroupSkipped{LoopId(91), "a", "in backoff after failed scale-up"});
  world.tell(1220s, GroupSkipped{LoopId(120), "a", "max node group size reached"});
  world.tell(1320s, GroupSkipped{LoopId(130), "a", ""});
  world.tell(2000s, GroupSkipped{LoopId(190), "a", "in backoff after failed scale-up"});
  world.register_node(2000s, 0);
  world.tell(2500s, ScaleDownDecided{LoopId(240), "n0", false});

  const GroupTotals totals = world.summary(2050s).groups.at("a");
  CHECK(totals.orders == 1);
  CHECK(totals.slots_ordered == 2);
  CHECK(totals.peak_target == 2);
  CHECK(totals.failed == GroupTotals::ByName{{"timeout", 2}});
  CHECK(totals.skipped.at("in backoff after failed scale-up") == 300s + 50s);
  CHECK(totals.skipped.at("max node group size reached") == 100s);
  CHECK(totals.nodes_removed == 1);
}

TEST_CASE("the busiest second and minute of an EC2 action", "[metrics]") {
  CallRates rates;
  const auto call = [&rates](Duration t) {
    rates.on_fact(kTimeZero + t, Ec2CallAnswered{"RunInstances", "", 1s});
  };
  for (int i = 0; i < 3; ++i) call(10'900ms);
  for (int i = 0; i < 30; ++i) call(100s + i * 2s);  // 30 in the minute from 100 s on
  for (int i = 0; i < 2; ++i) call(1000s);
  const BusiestTimes busiest = rates.totals().at("RunInstances");
  CHECK(busiest.second == 3);
  CHECK(busiest.second_at == kTimeZero + 10s);
  CHECK(busiest.minute == 30);
  CHECK(busiest.minute_from == kTimeZero + 99s);
}

TEST_CASE("the ideal demand of a group is what its scarcest resource asks for", "[metrics]") {
  Resources sum;
  sum.cpu = MilliCpu(25'000);
  sum.memory = Bytes(90);
  sum.extended["nvidia.com/gpu"] = 7;
  Resources room;
  room.cpu = MilliCpu(10'000);
  room.memory = Bytes(10);
  room.extended["nvidia.com/gpu"] = 2;
  CHECK(nodes_for(sum, room) == 9);
  sum.memory = Bytes(0);
  CHECK(nodes_for(sum, room) == 4);
  CHECK(nodes_for({}, room) == 0);
  CHECK(greatest_share(sum, room) == std::nullopt);  // more than one node has
  Resources one;
  one.cpu = MilliCpu(2500);
  one.memory = Bytes(9);
  CHECK(greatest_share(one, room) == Approx(0.9));
}
