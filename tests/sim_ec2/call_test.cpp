#include "tests/catch.h"

#include "tests/sim_ec2/ec2_world.h"

using namespace casim;
using namespace casim::sim;

TEST_CASE("latency grows with the instances launched and returned", "[ec2]") {
  Ec2Config config = constant_config();
  config.latency.run_per_instance = 2ms;
  config.latency.describe_per_instance = 200us;
  Ec2World world(config);
  const auto run = world.run(of_type("m6i.large", 10));
  world.until(10s);
  CHECK(run->at == kTimeZero + 1020ms);
  const auto describe = world.describe();
  world.until(20s);
  CHECK(describe->at == kTimeZero + 10s + 102ms);
  const auto answered = world.facts.all<Ec2CallAnswered>();
  REQUIRE(answered.size() == 2);
  CHECK(answered[1].second.action == "DescribeInstances");
  CHECK(answered[1].second.latency == 102ms);
}

TEST_CASE("slow mode multiplies every latency", "[ec2]") {
  Ec2Config config = constant_config();
  config.latency.slow_mode = 10;
  config.latency.run_per_instance = 2ms;
  Ec2World world(config);
  const auto run = world.run(of_type("m6i.large", 5));
  world.until(1min);
  CHECK(run->at == kTimeZero + 10100ms);
}

TEST_CASE("a request that names nothing real is refused", "[ec2]") {
  struct Row {
    const char* name;
    ec2::RunInstancesRequest request;
  };

  Ec2Config config = constant_config();
  config.zones = {"us-east-1a", "us-east-1b"};
  Ec2World world(config);
  auto bad_zone = of_type("m6i.large");
  bad_zone.zone = "us-east-1x";
  auto backwards = of_type("m6i.large", 3);
  backwards.max_count = 2;
  const auto row = GENERATE_COPY(values<Row>({{"type", of_type("m99.huge")},
                                              {"zone", bad_zone},
                                              {"none", of_type("m6i.large", 0)},
                                              {"min above max", backwards}}));
  CAPTURE(row.name);
  const auto call = world.run(row.request);
  world.until(10s);
  CHECK(code_of(call) == "InvalidParameterValue");
  CHECK(call->answer->error().http_status == 400);
  CHECK(call->at == kTimeZero + 500ms);
}

TEST_CASE("a type that the zone does not offer is unsupported there, whatever the capacity",
          "[ec2]") {
  Ec2World world(constant_config());
  auto request = of_type("p5en.48xlarge");
  request.zone = "us-east-1b";
  const auto refused = world.run(request);
  world.until(10s);
  CHECK(code_of(refused) == "Unsupported");
  CHECK(refused->answer->error().http_status == 400);
  request.zone = "us-east-1a";
  CHECK(world.launch(request).size() == 1);
  auto spot = of_type("hpc7g.4xlarge");
  spot.lifecycle = ec2::Lifecycle::kSpot;
  const auto without = world.run(spot);
  world.until(20s);
  CHECK(code_of(without) == "Unsupported");
}

TEST_CASE("without a zone the first one is taken", "[ec2]") {
  Ec2Config config = constant_config();
  config.zones = {"us-east-1b", "us-east-1a"};
  Ec2World world(config);
  auto request = of_type("m6i.large");
  request.zone.clear();
  CHECK(world.launch(request).at(0).zone == "us-east-1b");
}

TEST_CASE("the vCPU quota is per family and lifecycle, and counts until terminated", "[ec2]") {
  Ec2Config config = constant_config();
  config.vcpu_quota = 8;
  Ec2World world(config);
  const std::string id = world.launch(of_type("m6i.large", 1)).at(0).id;  // 2 vCPU
  world.launch(of_type("c6i.xlarge", 1));                                 // 4: same bucket
  auto spot = of_type("m6i.large", 4);
  spot.lifecycle = ec2::Lifecycle::kSpot;
  const auto too_much = world.run(of_type("m6i.large", 2));
  const auto other_family = world.run(of_type("g4dn.xlarge", 2));
  const auto other_lifecycle = world.run(spot);
  const auto too_much_spot = world.run(spot);
  world.until(10s);
  CHECK(code_of(too_much_spot) == "MaxSpotInstanceCountExceeded");
  CHECK(code_of(too_much) == "VcpuLimitExceeded");
  CHECK(too_much->answer->error().http_status == 400);
  CHECK(code_of(other_family).empty());
  CHECK(code_of(other_lifecycle).empty());
  world.terminate({id});
  world.until(15s);
  const auto still = world.run(of_type("m6i.large", 2));
  world.until(31s);
  CHECK(code_of(still) == "VcpuLimitExceeded");
  const auto free = world.run(of_type("m6i.large", 2));
  world.until(40s);
  CHECK(code_of(free).empty());
}

TEST_CASE("the default quota admits 1152 vCPU", "[ec2]") {
  Ec2Config config = constant_config();
  config.throttle.unlimited = true;
  Ec2World world(config);
  world.launch(of_type("m6i.4xlarge", 72));
  const auto more = world.run(of_type("m6i.large"));
  world.until(10s);
  CHECK(code_of(more) == "VcpuLimitExceeded");
}

TEST_CASE("a pool can be finite: as many as fit, if at least MinCount do", "[ec2]") {
  Ec2Config config = constant_config();
  config.capacity.pools = {{"m6i.large", "us-east-1a", ec2::Lifecycle::kOnDemand, 5}};
  Ec2World world(config);
  auto some = of_type("m6i.large", 1);
  some.max_count = 4;
  CHECK(world.launch(some).size() == 4);
  CHECK(world.launch(some).size() == 1);
  const auto none = world.run(some);
  auto elsewhere = some;
  elsewhere.zone = "us-east-1b";
  const auto other_zone = world.run(elsewhere);
  world.until(10s);
  CHECK(code_of(none) == "InsufficientInstanceCapacity");
  CHECK(none->answer->error().http_status == 500);
  CHECK(none->at == kTimeZero + 2500ms);
  CHECK(code_of(other_zone).empty());
}

TEST_CASE("an instance has its place in its call", "[ec2]") {
  Ec2World world(constant_config());
  auto three = of_type("m6i.large");
  three.max_count = 3;
  for (int call = 0; call < 2; ++call) {
    std::vector<int> places;
    for (const ec2::Instance& instance : world.launch(three)) {
      places.push_back(instance.ami_launch_index);
    }
    CHECK(places == std::vector<int>{0, 1, 2});
  }
}

TEST_CASE("calls in flight hold their place: two at once cannot share the last machine", "[ec2]") {
  Ec2Config config = constant_config();
  config.capacity.pools = {{"", "", ec2::Lifecycle::kOnDemand, 1}};
  Ec2World world(config);
  const auto first = world.run(of_type("m6i.large"));
  const auto second = world.run(of_type("m6i.large"));
  world.until(10s);
  CHECK(code_of(first).empty());
  CHECK(code_of(second) == "InsufficientInstanceCapacity");
}

TEST_CASE("a caller that is cancelled in mid-call leaves the effect behind", "[ec2]") {
  Ec2World world;
  TaskScope scope(world.kernel.executor());
  scope.spawn([](Ec2Model& model) -> Awaitable<void> {
    ec2::RunInstancesRequest request = of_type("m6i.large", 1, "token");
    co_await ec2::send(model, std::move(request));
  }(world.model));
  world.until(400ms);
  scope.cancel();
  world.until(500ms);
  CHECK(scope.empty());
  world.until(2s);
  REQUIRE(world.model.instances().size() == 1);
  CHECK(world.launch(of_type("m6i.large", 1, "token")).at(0).id == world.model.instances()[0].id);
  CHECK(world.model.instances().size() == 1);
}

TEST_CASE("quota families", "[ec2]") {
  CHECK(quota_family("m6i.large") == "standard");
  CHECK(quota_family("t3.medium") == "standard");
  CHECK(quota_family("im4gn.large") == "standard");
  CHECK(quota_family("g4dn.xlarge") == "g");
  CHECK(quota_family("vt1.3xlarge") == "g");
  CHECK(quota_family("p5.48xlarge") == "p");
  CHECK(quota_family("inf2.xlarge") == "inf");
}
