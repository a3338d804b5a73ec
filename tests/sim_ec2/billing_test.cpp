#include "sim/ec2/billing.h"

#include "tests/catch.h"
#include "tests/sim_ec2/ec2_world.h"

using namespace casim;
using namespace casim::sim;

namespace {

std::int64_t seconds_of(const Ec2World& world, const std::string& type = "m6i.large") {
  std::int64_t seconds = 0;
  for (const PoolCost& of : world.model.costs()) seconds += of.pool.type == type ? of.seconds : 0;
  return seconds;
}

}  // namespace

TEST_CASE("whole seconds are billed, at least 60 of them", "[ec2]") {
  CHECK(billed_seconds(0s) == 60);
  CHECK(billed_seconds(60s) == 60);
  CHECK(billed_seconds(60s + 1ns) == 61);
  CHECK(billed_seconds(1h) == 3600);
}

TEST_CASE("an instance is billed from running to shutting-down", "[ec2]") {
  Ec2World world;
  const std::string id = world.launch(of_type("m6i.large")).at(0).id;
  world.until(6s - 1ns);
  CHECK(world.model.costs().empty());  // pending
  world.until(6s);
  CHECK(seconds_of(world) == 60);
  world.until(106s);
  CHECK(seconds_of(world) == 100);
  world.terminate({id});
  world.until(200s);
  CHECK(seconds_of(world) == 101);  // until 106.3 s
}

TEST_CASE("what never ran costs nothing", "[ec2]") {
  Ec2Config config = constant_config();
  config.background = BackgroundConfig{.launch_failures = 1, .internal_errors = 0, .timeouts = 0};
  Ec2World world(config);
  world.launch(of_type("m6i.large"));
  world.until(1h);
  CHECK(world.model.costs().empty());
}

TEST_CASE("each start is billed anew, the time between is free", "[ec2]") {
  Ec2Config config = constant_config();
  config.stopping = Distribution::constant(10s);
  Ec2World world(config);
  const std::string id = world.launch(of_type("m6i.large")).at(0).id;
  world.until(16s);
  world.start(ec2::StopInstancesRequest{.instance_ids = {id}});  // after 10.3 s
  world.until(1h);
  CHECK(seconds_of(world) == 60);
  world.start(ec2::StartInstancesRequest{.instance_ids = {id}});
  world.until(1h + 10s);
  CHECK(seconds_of(world) == 120);
  world.until(1h + 5300ms + 90s);
  world.model.vanish(id);
  CHECK(seconds_of(world) == 150);
}

TEST_CASE("a Spot instance that EC2 takes back within its first hour is free", "[ec2]") {
  Ec2Config config = constant_config();
  config.spot.interruptions = SpotInterruptions::kNone;
  Ec2World world(config);
  auto spot = of_type("m6i.large", 2);
  spot.lifecycle = ec2::Lifecycle::kSpot;
  const std::vector<ec2::Instance> two = world.launch(spot);
  world.until(6s);  // they run from now on
  world.model.interrupt(two.at(0).id, 57min, 2min);
  world.model.interrupt(two.at(1).id, 59min, 2min);
  world.until(6s + 58min);
  CHECK(seconds_of(world) == 2 * 58 * 60);
  world.until(6s + 59min);
  CHECK(seconds_of(world) == 59 * 60);
  world.until(2h);
  CHECK(seconds_of(world) == 61 * 60);
}

TEST_CASE("costs are by type and lifecycle, unknown where the price is", "[ec2]") {
  Ec2Config config = constant_config();
  auto catalogue = std::make_shared<ec2::Catalogue>(*config.catalogue);
  catalogue->at("m6i.large").price = Price{96'000};
  catalogue->at("m6i.xlarge").price.reset();
  config.catalogue = catalogue;
  config.spot.price_share = 0.25;
  Ec2World world(config);
  auto spot = of_type("m6i.large", 2);
  spot.lifecycle = ec2::Lifecycle::kSpot;
  world.run(of_type("m6i.large"));
  world.run(spot);
  world.run(of_type("m6i.xlarge"));
  world.until(6s + 1h);
  const std::vector<PoolCost> costs = world.model.costs();
  REQUIRE(costs.size() == 3);
  CHECK(costs[0].pool.lifecycle == ec2::Lifecycle::kOnDemand);
  CHECK(costs[0].cost == Money{96'000});
  CHECK(costs[1].pool.lifecycle == ec2::Lifecycle::kSpot);
  CHECK(costs[1].seconds == 7200);
  CHECK(costs[1].cost == Money{48'000});
  CHECK_FALSE(costs[2].cost);
}

TEST_CASE("an amount is rounded to the nearest millionth of a dollar", "[ec2]") {
  CHECK(cost_of(Price{96'000}, 3600) == Money{96'000});
  CHECK(cost_of(Price{100}, 17) == Money{0});
  CHECK(cost_of(Price{100}, 18) == Money{1});
  CHECK(cost_of(Price{55'040'000}, 60) == Money{917'333});
  CHECK(cost_of(Price{55'040'000}, 2 * 3600 + 60) == Money{2 * 55'040'000 + 917'333});
}

TEST_CASE("the highest price can be paid for a century", "[ec2]") {
  constexpr Price kMost{1'000'000'000'000};  // a million dollars an hour
  constexpr std::int64_t kHours = 100LL * 365 * 24;
  static_assert(cost_of(kMost, kHours * 3600 + 1800) ==
                Money{kHours * kMost.micro_usd_per_hour + kMost.micro_usd_per_hour / 2});
}
