// A client token stands for machines that are no more: EC2 gives none for it any more.

#include <set>

#include "tests/catch.h"
#include "tests/provider/ec2_world.h"

using namespace casim;
using namespace casim::provider;
using namespace std::chrono_literals;

namespace {

// What was launched, and what a later life of the provider is told when it asks again.
void launch_and_forget(Ec2World& world) {
  world.run();
  REQUIRE(world.launched);
  world.answers.all.clear();
  world.launched = false;
}

std::set<std::string> tokens_of(const Ec2World& world) {
  std::set<std::string> tokens;
  for (const ec2::RunInstancesRequest& request : world.ec2.runs) {
    CHECK(request.client_token.size() <= 64);
    tokens.insert(request.client_token);
  }
  return tokens;
}

int count_live(const Ec2World& world) {
  return static_cast<int>(std::ranges::count_if(world.ec2.instances, [&world](const auto& entry) {
    return is_live(world.ec2, entry.first);
  }));
}

void end(Ec2World& world, const std::string& id) {
  world.ec2.instances.at(id).state = ec2::InstanceState::kTerminated;
}

}  // namespace

TEST_CASE("a slot whose machine is gone before its launch is answered gets another", "[provider]") {
  Ec2World world;
  world.launch(1);
  launch_and_forget(world);
  end(world, "i-1");
  world.launch(1);
  launch_and_forget(world);
  CHECK(world.ec2.runs.size() == 3);
  CHECK(tokens_of(world).size() == 2);
  CHECK(slot_token_of(world.ec2.instances.at("i-2")) == "t0");
  // And so on: the tokens are the same in each life.
  world.launch(1);
  world.run();
  REQUIRE(world.answers.all.size() == 1);
  CHECK(world.answers.all[0].instance_id == "i-2");
  CHECK(world.ec2.instances.size() == 2);
}

TEST_CASE("of a call that is spent, those that live stay and the others are made anew",
          "[provider]") {
  Ec2World world;
  world.ec2.is_spent_by_one = GENERATE(true, false);  // else a replay shows those that ended, too
  world.launch_together(5);
  launch_and_forget(world);
  end(world, "i-2");
  end(world, "i-4");
  world.launch_together(5);
  world.run();
  REQUIRE(world.answers.all.size() == 5);
  for (const LaunchAnswer& answer : world.answers.all) {
    REQUIRE_FALSE(answer.refused);
    CHECK(is_live(world.ec2, answer.instance_id));
    CHECK(slot_token_of(world.ec2.instances.at(answer.instance_id)) ==
          "t-5#" + std::to_string(answer.slot.value()));
  }
  CHECK(world.ec2.instances.size() == 7);
  CHECK(count_live(world) == 5);
  // Two more lives find what is there.
  for (int life = 0; life < 2; ++life) {
    launch_and_forget(world);
    world.launch_together(5);
    world.run();
    CHECK(world.answers.all.size() == 5);
  }
  CHECK(world.ec2.instances.size() == 7);
}

TEST_CASE("a replay that leaves out a machine that is forgotten shifts no slot", "[provider]") {
  Ec2World world;
  world.launch_together(5);
  launch_and_forget(world);
  world.ec2.instances.erase("i-2");
  world.launch_together(5);
  world.run();
  REQUIRE(world.answers.all.size() == 5);
  for (const LaunchAnswer& answer : world.answers.all) {
    REQUIRE_FALSE(answer.refused);
    CHECK(slot_token_of(world.ec2.instances.at(answer.instance_id)) ==
          "t-5#" + std::to_string(answer.slot.value()));
  }
  CHECK(world.ec2.instances.size() == 5);
  CHECK(count_live(world) == 5);
}

TEST_CASE("one by one, slots go on to the next pool", "[provider]") {
  Ec2World world;
  world.launch_together(3);
  launch_and_forget(world);
  for (const char* id : {"i-1", "i-2", "i-3"}) end(world, id);
  world.ec2.room[kPoolsOfSlot0[0]] = 1;
  world.launch_together(3);
  world.run();
  REQUIRE(world.answers.all.size() == 3);
  for (const LaunchAnswer& answer : world.answers.all) CHECK_FALSE(answer.refused);
  CHECK(world.ec2.instances.size() == 6);
  CHECK(count_live(world) == 3);
  CHECK(world.ec2.instances.at("i-4").type == kPoolsOfSlot0[0].first);
  CHECK(world.ec2.instances.at("i-5").type == kPoolsOfSlot0[1].first);
}

TEST_CASE("without a list nothing is launched anew", "[provider]") {
  Ec2World world;
  world.launch_together(3);
  launch_and_forget(world);
  for (const char* id : {"i-1", "i-2", "i-3"}) end(world, id);
  world.ec2.describe_errors.assign(3, ec2_error("UnauthorizedOperation", 403));
  world.launch_together(3);
  world.run();
  REQUIRE(world.answers.all.size() == 3);
  for (const LaunchAnswer& answer : world.answers.all) {
    REQUIRE(answer.refused);
    CHECK(answer.refused->code == "UnauthorizedOperation");
  }
  CHECK(world.ec2.instances.size() == 3);
}

TEST_CASE("tokens are not spent without end", "[provider]") {
  Ec2World world;
  world.ec2.run_errors.assign(50, ec2_error("IdempotentInstanceTerminated", 400));
  world.launch(1);
  world.run();
  REQUIRE(world.answers.all.size() == 1);
  REQUIRE(world.answers.all[0].refused);
  CHECK(world.answers.all[0].refused->code == "IdempotentInstanceTerminated");
  CHECK(tokens_of(world).size() == 1 + 9);
}

TEST_CASE("a slot that was cancelled gets no other machine", "[provider]") {
  Ec2World world;
  world.launch_together(3);
  launch_and_forget(world);
  for (const char* id : {"i-1", "i-2", "i-3"}) end(world, id);
  world.launch_together(3);
  world.answers.cancelled = {SlotId(1)};
  world.run();
  REQUIRE(world.answers.all.size() == 3);
  CHECK(world.ec2.instances.size() == 5);
  for (const LaunchAnswer& answer : world.answers.all) {
    CHECK(answer.refused.has_value() == (answer.slot == SlotId(1)));
  }
}
