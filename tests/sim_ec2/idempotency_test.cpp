#include "tests/catch.h"

#include "tests/sim_ec2/ec2_world.h"

using namespace casim;
using namespace casim::sim;

TEST_CASE("a replayed token answers with the same instances in their newer state", "[ec2]") {
  Ec2World world;
  const auto first = world.launch(of_type("m6i.large", 2, "abc"));
  world.until(10s);
  const auto again = world.launch(of_type("m6i.large", 2, "abc"));
  REQUIRE(again.size() == 2);
  CHECK(again[0].id == first[0].id);
  CHECK(again[1].id == first[1].id);
  CHECK(again[0].state == ec2::InstanceState::kRunning);
  CHECK(world.model.instances().size() == 2);
  CHECK(world.facts.all<InstanceLaunched>().size() == 2);
}

TEST_CASE("a replay during the first call gets the same, not before it", "[ec2]") {
  Ec2World world;
  const auto first = world.run(of_type("m6i.large", 1, "abc"));
  const auto second = world.run(of_type("m6i.large", 1, "abc"));
  world.until(10s);
  REQUIRE(code_of(first).empty());
  REQUIRE(code_of(second).empty());
  CHECK(first->answer->value().instances[0].id == second->answer->value().instances[0].id);
  CHECK(second->at >= first->at);
  CHECK(world.model.instances().size() == 1);
}

TEST_CASE("the same token with other parameters is a mismatch", "[ec2]") {
  Ec2World world;
  world.launch(of_type("m6i.large", 1, "abc"));
  const auto other_type = world.run(of_type("m6i.xlarge", 1, "abc"));
  const auto other_count = world.run(of_type("m6i.large", 2, "abc"));
  auto tagged = of_type("m6i.large", 1, "abc");
  tagged.tags = {{"a", "b"}};
  const auto other_tags = world.run(tagged);
  world.until(10s);
  CHECK(code_of(other_type) == "IdempotentParameterMismatch");
  CHECK(code_of(other_count) == "IdempotentParameterMismatch");
  CHECK(code_of(other_tags) == "IdempotentParameterMismatch");
  CHECK(world.model.instances().size() == 1);
}

TEST_CASE("a token is zonal when the request fixes a zone, else regional", "[ec2]") {
  Ec2World world;
  auto in_b = of_type("m6i.large", 1, "abc");
  in_b.zone = "us-east-1b";
  auto anywhere = of_type("m6i.large", 1, "abc");
  anywhere.zone.clear();
  const auto a = world.launch(of_type("m6i.large", 1, "abc")).at(0).id;
  const auto b = world.launch(in_b).at(0).id;
  const auto c = world.launch(anywhere).at(0).id;
  const auto c_again = world.launch(anywhere).at(0).id;
  CHECK(a != b);
  CHECK(a != c);
  CHECK(c == c_again);
}

TEST_CASE("a token of terminated instances is refused for a day, then free again", "[ec2]") {
  Ec2World world;
  const std::string id = world.launch(of_type("m6i.large", 1, "abc")).at(0).id;
  REQUIRE(world.model.vanish(id));  // at 1 s
  const auto soon = world.run(of_type("m6i.large", 1, "abc"));
  world.until(2h);  // the instance itself is forgotten by now
  const auto later = world.run(of_type("m6i.large", 1, "abc"));
  world.until(1s + 24h - 1ns);
  const auto last = world.run(of_type("m6i.large", 1, "abc"));
  world.until(1s + 24h);
  const auto free = world.run(of_type("m6i.large", 1, "abc"));
  world.until(25h);
  CHECK(code_of(soon) == "IdempotentInstanceTerminated");
  CHECK(code_of(later) == "IdempotentInstanceTerminated");
  CHECK(code_of(last) == "IdempotentInstanceTerminated");
  REQUIRE(code_of(free).empty());
  CHECK(free->answer->value().instances[0].id != id);
}

TEST_CASE("a call that failed leaves its token unused", "[ec2]") {
  Ec2Config config = constant_config();
  config.vcpu_quota = 2;
  Ec2World world(config);
  const std::string id = world.launch(of_type("m6i.large", 1, "first")).at(0).id;
  const auto refused = world.run(of_type("m6i.large", 1, "abc"));
  world.until(10s);
  REQUIRE(code_of(refused) == "VcpuLimitExceeded");
  world.model.vanish(id);
  const auto accepted = world.run(of_type("m6i.large", 1, "abc"));
  world.until(20s);
  CHECK(code_of(accepted).empty());
}

TEST_CASE("a subnet fixes the zone of a token as its name does", "[ec2]") {
  Ec2World world;
  const ec2::Instance first = world.launch(of_type("m6i.large", 1, "abc")).at(0);
  auto by_subnet = of_type("m6i.large", 1, "abc");
  by_subnet.zone.clear();
  by_subnet.subnet_id = first.subnet_id;
  CHECK(world.launch(by_subnet).at(0).id == first.id);
  auto unknown = by_subnet;
  unknown.subnet_id = "subnet-00000000000000000";
  auto contrary = by_subnet;
  contrary.zone = "us-east-1b";
  const auto no_subnet = world.run(unknown);
  const auto two_zones = world.run(contrary);
  world.until(10s);
  CHECK(code_of(no_subnet) == "InvalidSubnetID.NotFound");
  CHECK(code_of(two_zones) == "InvalidParameterValue");
}

TEST_CASE("a client token has at most 64 ASCII characters", "[ec2]") {
  Ec2World world;
  CHECK(world.launch(of_type("m6i.large", 1, std::string(64, 't'))).size() == 1);
  const auto too_long = world.run(of_type("m6i.large", 1, std::string(65, 't')));
  const auto foreign = world.run(of_type("m6i.large", 1, "t\xC3\xA4"));
  world.until(10s);
  CHECK(code_of(too_long) == "InvalidParameterValue");
  CHECK(code_of(foreign) == "InvalidParameterValue");
}
