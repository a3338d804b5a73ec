// Spot instances that EC2 takes back: by its own doing, pool by pool, and how each one goes.
#include <cmath>

#include "tests/catch.h"
#include "tests/sim_ec2/ec2_world.h"

namespace casim::sim {

namespace {

Ec2Config spot_config(double interruptions_per_hour) {
  Ec2Config config = constant_config();
  config.throttle.unlimited = true;
  config.vcpu_quota = 1'000'000;
  config.spot.interruptions_per_hour = interruptions_per_hour;
  return config;
}

ec2::RunInstancesRequest spot(int count, std::string zone = "us-east-1a") {
  ec2::RunInstancesRequest request = of_type("m6i.large", count);
  request.zone = std::move(zone);
  request.lifecycle = ec2::Lifecycle::kSpot;
  return request;
}

// Writes down the notices.
struct NoticedWorld : Ec2World, InstanceListener {
  explicit NoticedWorld(double interruptions_per_hour)
      : Ec2World(spot_config(interruptions_per_hour)) {
    model.subscribe(*this);
  }

  void on_running(const ec2::Instance& /*instance*/) override {}

  void on_terminating(const ec2::Instance& /*instance*/) override {}

  void on_terminated(const ec2::Instance& /*instance*/) override {}

  void on_interruption(const ec2::Instance& instance, Duration notice) override {
    CHECK(notice == kSpotNotice);
    notices.push_back(kernel.now());
    if (instance.zone == "us-east-1a") in_zone_a.push_back(kernel.now());
  }

  std::vector<TimePoint> notices;
  std::vector<TimePoint> in_zone_a;
};

}  // namespace

TEST_CASE("an interrupted instance has its notice, then shuts down with the reason of Spot",
          "[ec2]") {
  NoticedWorld world(0);
  const std::string id = world.launch(spot(1)).front().id;
  world.until(1min);
  world.model.interrupt(id, 10s, 2min);
  world.until(190s - 1ns);
  CHECK(world.notices == std::vector<TimePoint>{kTimeZero + 70s});
  CHECK(world.model.find(id)->state == ec2::InstanceState::kRunning);
  world.until(190s);
  CHECK(world.model.find(id)->state == ec2::InstanceState::kShuttingDown);
  CHECK(world.model.find(id)->state_reason_code == "Server.SpotInstanceTermination");
  world.until(5min);
  const auto ended = world.facts.all<InstanceTerminated>();
  REQUIRE(ended.size() == 1);
  CHECK(ended[0].first == kTimeZero + 210s);
  CHECK(ended[0].second.reason == "Server.SpotInstanceTermination");
}

TEST_CASE("an instance that ends by itself is not interrupted, and none twice", "[ec2]") {
  NoticedWorld world(0);
  const auto two = world.launch(spot(2));
  world.until(1min);
  for (const ec2::Instance& instance : two) {
    world.model.interrupt(instance.id, 0s, 2min);
    world.model.interrupt(instance.id, 5s, 2min);
  }
  world.until(70s);
  world.terminate({two[0].id});
  world.until(5min);
  CHECK(world.notices.size() == 2);
  const auto ended = world.facts.all<InstanceTerminated>();
  REQUIRE(ended.size() == 2);
  CHECK(ended[0].second.reason == "Client.UserInitiatedShutdown");
  CHECK(ended[1].second.reason == "Server.SpotInstanceTermination");
}

TEST_CASE("pools lose instances at the rate that one of them risks, half of a pool at a time",
          "[ec2]") {
  NoticedWorld world(0.5);
  for (char zone = 'a'; zone <= 'z'; ++zone) {
    for (const char* region : {"us-west-1", "us-west-2", "eu-west-1", "eu-west-2"}) {
      world.run(spot(10, std::string(region) + zone));
    }
  }
  world.run(of_type("m6i.large", 10));  // on demand
  world.until(1h);
  // A pool keeps exp(-0.5) of its instances in an hour on average, with a standard deviation of
  // some 0.35: of 104 pools 0.607 +- 0.035.
  const auto left = 1 - static_cast<double>(world.notices.size()) / 1040;
  CHECK(std::abs(left - 0.607) < 0.1);
  world.until(1h + 4min);
  for (const ec2::Instance& instance : world.model.instances()) {
    if (instance.zone == "us-east-1a") CHECK(instance.state == ec2::InstanceState::kRunning);
  }
}

TEST_CASE("the notices of one event come within three minutes", "[ec2]") {
  NoticedWorld world(0.2);
  world.launch(spot(200));
  world.until(100h);
  const auto& notices = world.notices;
  REQUIRE(notices.size() > 50);
  int events = 1;
  Duration longest{};
  TimePoint first = notices.front();
  for (const TimePoint notice : notices) {
    if (notice - first > 3min) {
      ++events;
      first = notice;
    }
    longest = std::max(longest, notice - first);
  }
  CHECK(events < 15);
  CHECK(longest > 2min);
}

TEST_CASE("presets are the risks of an instance, and calm is the default", "[ec2]") {
  SpotConfig config;
  CHECK(std::abs(1 - std::exp(-720 * hazard_per_hour(config)) - 0.05) < 0.0005);
  config.interruptions = SpotInterruptions::kBusy;
  CHECK(std::abs(1 - std::exp(-720 * hazard_per_hour(config)) - 0.2) < 0.0005);
  config.interruptions = SpotInterruptions::kHostile;
  CHECK(std::abs(1 - std::exp(-hazard_per_hour(config)) - 0.1) < 0.001);
  config.interruptions = SpotInterruptions::kNone;
  CHECK(hazard_per_hour(config) == 0);
}

TEST_CASE("when a pool is hit hangs on the pool alone", "[ec2]") {
  const auto notices = [](int others, Duration launched) {
    NoticedWorld world(0.5);
    for (int i = 0; i < others; ++i) world.run(spot(5, "us-east-1b"));
    world.until(launched);
    world.run(spot(40));
    world.until(40h);
    return world.in_zone_a;
  };
  const auto alone = notices(0, 1s);
  REQUIRE(alone.size() > 20);
  CHECK(notices(3, 1s) == alone);
  CHECK(notices(0, 2min) == alone);  // unless an event came in between
}

}  // namespace casim::sim
