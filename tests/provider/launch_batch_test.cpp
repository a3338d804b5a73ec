#include <set>

#include "tests/catch.h"
#include "tests/provider/ec2_world.h"

using namespace casim;
using namespace casim::provider;
using namespace std::chrono_literals;

TEST_CASE("slots of one token are asked for in one call, each gets the machine of its place",
          "[provider]") {
  Ec2World world;
  world.launch_together(30);
  world.run();
  REQUIRE(world.ec2.runs.size() == 1);
  const ec2::RunInstancesRequest& request = world.ec2.runs[0];
  CHECK(request.min_count == 1);
  CHECK(request.max_count == 30);
  CHECK(request.tags == std::vector<ec2::Tag>{{"casim:cluster", "blue"},
                                              {"casim:group", "a"},
                                              {"casim:token", "t-30"},
                                              {"casim:first", "0"}});
  REQUIRE(world.answers.all.size() == 30);
  for (const LaunchAnswer& answer : world.answers.all) {
    const ec2::Instance& machine = world.ec2.instances.at(answer.instance_id);
    CHECK(machine.ami_launch_index == static_cast<int>(answer.slot.value()));
    CHECK(slot_token_of(machine) == "t-30#" + std::to_string(answer.slot.value()));
  }
}

TEST_CASE("what a pool does not give, the next one is asked for", "[provider]") {
  Ec2World world;
  world.ec2.room[kPoolsOfSlot0[0]] = 4;
  world.ec2.room[kPoolsOfSlot0[1]] = 0;
  world.launch_together(10);
  world.run();
  REQUIRE(world.ec2.runs.size() == 1 + 3 + 1);  // lack of capacity is tried again by the SDK
  CHECK(world.ec2.runs[0].max_count == 10);
  CHECK(world.ec2.runs[1].max_count == 6);
  CHECK(world.ec2.runs[4].max_count == 6);
  CHECK(world.ec2.runs[4].zone == "us-east-1b");
  REQUIRE(world.answers.all.size() == 10);
  std::set<std::string> tokens;
  for (const LaunchAnswer& answer : world.answers.all) {
    REQUIRE(!answer.refused);
    const ec2::Instance& machine = world.ec2.instances.at(answer.instance_id);
    CHECK((machine.zone == "us-east-1a") == (answer.slot.value() < 4));
    tokens.insert(slot_token_of(machine));
  }
  CHECK(tokens.size() == 10);
}

TEST_CASE("slots that no pool has room for are refused, the others are not", "[provider]") {
  Ec2World world;
  for (const auto& pool : kPoolsOfSlot0) world.ec2.room[pool] = 1;
  world.launch_together(6);
  world.run();
  REQUIRE(world.answers.all.size() == 6);
  for (const LaunchAnswer& answer : world.answers.all) {
    CHECK(answer.refused.has_value() == (answer.slot.value() >= 4));
    if (answer.refused) CHECK(answer.refused->error_class == SlotFailure::kOutOfResources);
  }
}

TEST_CASE("a pool without capacity is left alone for a while, then asked again", "[provider]") {
  Ec2World world;
  for (const auto& pool : kPoolsOfSlot0) {
    world.ec2.pools[pool] = ec2_error("InsufficientInstanceCapacity", 500);
  }
  world.launch(1);
  world.run();
  CHECK(world.ec2.runs.size() == 4 * 3);
  world.ec2.pools.clear();
  world.launch(1);
  world.kernel.run(world.kernel.now() + 1s, 1'000'000);
  CHECK(world.ec2.runs.size() == 4 * 3);
  REQUIRE(world.answers.all.size() == 2);
  REQUIRE(world.answers.all[1].refused);
  CHECK(world.answers.all[1].refused->code == "InsufficientInstanceCapacity");
  world.kernel.at(world.kernel.now() + 3min, sim::Phase::kWorld, [] {});
  world.run();
  world.launch(1);
  world.run();
  CHECK(world.ec2.runs.size() == 4 * 3 + 1);
  CHECK(!world.answers.all[2].refused);
}

TEST_CASE("a quota of the Region is not asked for in every zone", "[provider]") {
  struct Row {
    const char* code;
    std::size_t calls;
  };

  const auto row = GENERATE(values<Row>({
      {"VcpuLimitExceeded", 2},  // once for each type
      {"InstanceLimitExceeded", 2},
      {"NetworkInterfaceLimitExceeded", 1},      // any instance would need one
      {"InsufficientFreeAddressesInSubnet", 2},  // once for each zone
      {"Unsupported", 4},
  }));
  CAPTURE(row.code);
  Ec2World world;
  for (const auto& pool : kPoolsOfSlot0) world.ec2.pools[pool] = ec2_error(row.code, 400);
  world.launch(1);
  world.run();
  CHECK(world.ec2.runs.size() == row.calls);
  CHECK(world.answers.all[0].refused->code == row.code);
}
