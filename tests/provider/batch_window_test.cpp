// Orders that go to EC2 together.

#include <set>

#include "src/provider/launch_token.h"
#include "tests/catch.h"
#include "tests/provider/cloud_world.h"
#include "tests/provider/provider_world.h"

using namespace casim;
using namespace casim::provider;
using namespace std::chrono_literals;

namespace {

Config gathering(Duration idle, Duration longest) {
  Config config = small_config();
  config.launch_window = {.idle = idle, .longest = longest};
  return config;
}

std::set<std::string> calls_of(const std::vector<LaunchItem>& items) {
  std::set<std::string> calls;
  for (const LaunchItem& item : items) calls.insert(parse_launch_token(item.token).call);
  return calls;
}

}  // namespace

TEST_CASE("orders for a group within the window are asked for together", "[provider]") {
  ProviderWorld world(gathering(100ms, 1s));
  REQUIRE(world.increase("a", 3));
  world.advance(60ms);
  REQUIRE(world.increase("a", 2));
  world.advance(60ms);
  REQUIRE(world.increase("b-c", 1));
  CHECK(world.machines.launches.empty());
  world.advance(1s);
  REQUIRE(world.machines.launches.size() == 2);
  CHECK(world.machines.launches[0].size() == 5);
  CHECK(calls_of(world.machines.launches[0]).size() == 2);  // one a zone
  CHECK(world.machines.launches[1].size() == 1);
  world.advance(1min);
  for (const Slot& slot : world.provider->slots()) CHECK(slot.state == SlotState::kCreating);
}

TEST_CASE("a window ends although orders keep coming", "[provider]") {
  ProviderWorld world(gathering(100ms, 250ms));
  for (int i = 0; i < 6; ++i) {
    REQUIRE(world.increase("a", 1));
    world.advance(60ms);
  }
  REQUIRE(world.machines.launches.size() == 1);
  CHECK(world.machines.launches[0].size() == 5);  // at 0, 60, 120, 180, 240 ms
  world.advance(1s);
  CHECK(world.machines.launches.size() == 2);
}

TEST_CASE("one order keeps the tokens that it has", "[provider]") {
  ProviderWorld world(gathering(100ms, 1s));
  REQUIRE(world.increase("a", 4));
  const std::vector<Slot> before = world.provider->slots();
  const std::size_t commits = world.store.commits();
  world.advance(50ms);
  CHECK(world.provider->slots() == before);
  world.advance(60ms);
  REQUIRE(world.machines.launches.size() == 1);
  CHECK(world.store.commits() == commits);
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(world.machines.launches[0][i].token == before[i].token);
  }
}

TEST_CASE("what is cancelled within the window is not asked for", "[provider]") {
  ProviderWorld world(gathering(100ms, 1s));
  REQUIRE(world.increase("a", 2));
  REQUIRE(world.increase("a", 2));
  REQUIRE(world.decrease("a", -3));
  world.advance(2min);
  REQUIRE(world.machines.launches.size() == 1);
  CHECK(world.machines.launches[0].size() == 1);
  CHECK(world.provider->slots().size() == 1);
  CHECK(world.target("a") == 1);
}

TEST_CASE("after a crash slots are asked for by the tokens that are stored", "[provider]") {
  ProviderWorld world(gathering(100ms, 1s));
  REQUIRE(world.increase("a", 2));
  REQUIRE(world.increase("a", 2));
  const Duration when = GENERATE(Duration(50ms), Duration(110ms));  // before and after the launch
  world.advance(when);
  const std::vector<Slot> before = world.provider->slots();
  world.crash();
  world.start();
  world.advance(2min);
  CHECK(world.machines.machines.size() == 4);
  for (const Slot& slot : before) CHECK(world.slot(slot.id.value()).token == slot.token);
}

TEST_CASE("machines are terminated together when they are asked for within the window",
          "[provider]") {
  Config config = small_config();
  config.terminate_window = {.idle = 100ms, .longest = 1s};
  ProviderWorld world(config);
  REQUIRE(world.increase("a", 4));
  world.advance(1min);
  const std::vector<std::string> ids = world.ids("a");
  for (const std::string& id : ids) REQUIRE(world.join(id) == "a");
  REQUIRE(world.remove("a", {ids[0]}));
  REQUIRE(world.remove("a", {ids[1]}));
  world.advance(90ms);
  REQUIRE(world.remove("a", {ids[2]}));
  CHECK(world.machines.removals.empty());
  world.advance(110ms);
  REQUIRE(world.machines.removals.size() == 1);
  CHECK(world.machines.removals[0].size() == 3);
  REQUIRE(world.remove("a", {ids[3]}));
  world.advance(200ms);
  CHECK(world.machines.removals.size() == 2);
}

TEST_CASE("with a window EC2 gets one RunInstances a zone for many small orders", "[provider]") {
  const bool gathers = GENERATE(true, false);
  CloudWorld world;
  world.stop();
  if (gathers) world.config.launch_window = {.idle = 100ms, .longest = 1s};
  world.start();
  for (int i = 0; i < 8; ++i) world.begin(world.provider().increase_size("a", 1, CallId(1)));
  world.advance(1min);
  CHECK(world.ec2.runs.size() == (gathers ? 2 : 8));
  CHECK(world.ec2.instances.size() == 8);
  CHECK(world.find_fault() == "");
}

TEST_CASE("what is cancelled within the window is not part of any call", "[provider]") {
  CloudWorld world;
  world.stop();
  world.config.launch_window = {.idle = 1s, .longest = 2s};
  for (GroupConfig& group : world.config.groups) group.zones = {"us-east-1a"};
  world.start();
  world.begin(world.provider().increase_size("a", 4, CallId(1)));
  world.advance(500ms);
  world.begin(world.provider().decrease_target_size("a", -3, CallId(2)));
  world.advance(3min);
  REQUIRE(world.ec2.runs.size() == 1);
  CHECK(world.ec2.runs[0].max_count == 1);
  CHECK(world.ec2.instances.size() == 1);
  CHECK(world.find_fault() == "");
}

TEST_CASE("after a commit of which nobody knows, no slot is asked for by an older token",
          "[provider]") {
  ProviderWorld world(gathering(1s, 3s));
  REQUIRE(world.increase("a", 1));
  REQUIRE(world.increase("a", 1));
  REQUIRE(world.increase("a", 1));  // three calls, two zones
  const std::vector<Slot> before = world.provider->slots();
  world.store.fail_with(Error{ErrorCode::kUnavailable, "disk"});
  world.advance(1500ms);  // the new tokens were refused
  world.store.fail_with(std::nullopt);
  REQUIRE(world.decrease("a", -2));
  world.advance(1min);
  REQUIRE(world.machines.launches.size() == 1);
  REQUIRE(world.machines.launches[0].size() == 1);
  for (const Slot& slot : before) CHECK(world.machines.launches[0][0].token != slot.token);
}
