#include "src/provider/node_kind.h"
#include "tests/catch.h"
#include "tests/provider/provider_world.h"

using namespace casim;
using namespace casim::provider;
using namespace std::chrono_literals;

namespace {

constexpr Duration kJoinRefresh = 10s;

// An autoscaler that refreshes every 10 s, from now on, so many times.
void refresh_for(ProviderWorld& world, Duration length) {
  for (Duration at{}; at < length; at += kJoinRefresh) {
    world.advance(kJoinRefresh);
    REQUIRE(world.refresh());
  }
}

// One machine, accepted at the instant of the first Refresh.
void create_one(ProviderWorld& world) {
  world.machines.launch_latency = Duration::zero();
  REQUIRE(world.refresh());
  REQUIRE(world.increase("a", 1));
  world.kernel.run(world.kernel.now(), 1000);
  REQUIRE(world.slot(0).state == SlotState::kCreating);
}

}  // namespace

TEST_CASE("a machine is listed Creating until it joins", "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 1));
  CHECK(world.nodes("a")[0].state == InstanceState::kCreating);
  world.advance(1s);
  const std::string id = "aws:///us-east-1a/i-1";
  REQUIRE(world.ids("a") == std::vector<std::string>{id});
  CHECK(world.nodes("a")[0].state == InstanceState::kCreating);
  world.machines.machines["i-1"].state = MachineState::kRunning;
  world.advance(5min);
  CHECK(world.nodes("a")[0].state == InstanceState::kCreating);
  CHECK(world.join(id) == "a");
  CHECK(world.nodes("a")[0].state == InstanceState::kRunning);
  CHECK(world.slot(0).node_name == "node-of-" + id);
  CHECK(world.observer.facts.back() == "joined 0");
}

TEST_CASE("only a registered node of a machine that has not joined is a first join", "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 2));
  const std::string placeholder = world.ids("a")[0];
  world.advance(2s);
  const std::string id = world.slot(0).provider_id;

  struct Row {
    const char* name;
    NodeRef node;
    bool joins;
    const char* group;
  };

  const std::vector<Row> rows{
      {"registered", {id, "ip-10-0-0-1", {}, {}}, true, "a"},
      {"named by the id", {id, id, {}, {}}, false, "a"},
      {"fake", {id, "x", {}, {{kFakeNodeAnnotation, "unregistered"}}}, false, "a"},
      {"upcoming", {id, "x", {}, {{kUpcomingNodeAnnotation, "true"}}}, false, "a"},
      {"placeholder", {placeholder, "x", {}, {}}, false, "a"},
      {"no provider id", {"", "x", {}, {}}, false, ""},
      {"foreign", {"aws:///us-east-1a/i-77", "x", {}, {}}, false, ""},
  };
  const Row& row = rows[GENERATE(range(std::size_t{0}, std::size_t{7}))];
  CAPTURE(row.name);
  CHECK(world.provider->is_first_join(row.node) == row.joins);
  const auto group =
      world.call<const GroupConfig*>(world.provider->group_for_node(row.node, CallId()));
  REQUIRE(group);
  CHECK((*group == nullptr ? "" : (*group)->id) == row.group);
  CHECK((world.slot(0).state == SlotState::kRunning) == row.joins);
  CHECK(!world.provider->is_first_join(row.node));
}

TEST_CASE("a join survives a restart", "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 1));
  world.advance(1s);
  REQUIRE(world.join(world.slot(0).provider_id) == "a");
  world.crash();
  world.start();
  CHECK(world.slot(0).state == SlotState::kRunning);
  CHECK(world.nodes("a")[0].state == InstanceState::kRunning);
}

TEST_CASE("a join that cannot be stored is no error, and is tried by the next call", "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 1));
  world.advance(1s);
  const std::string id = world.slot(0).provider_id;
  world.store.fail_with(Error{ErrorCode::kUnavailable, "disk"});
  CHECK(world.join(id) == "a");
  CHECK(world.slot(0).state == SlotState::kCreating);
  world.store.fail_with(std::nullopt);
  CHECK(world.join(id) == "a");
  CHECK(world.slot(0).state == SlotState::kRunning);
}

TEST_CASE("a machine that never joins fails two Refresh intervals after the timeout",
          "[provider]") {
  ProviderWorld world;
  create_one(world);
  refresh_for(world, 10min + 10s);  // the timeout, and one whole interval
  CHECK(world.slot(0).state == SlotState::kCreating);
  refresh_for(world, 10s);
  REQUIRE(world.slot(0).state == SlotState::kFailed);
  const Instance instance = world.nodes("a")[0];
  CHECK(instance.id == "aws:///us-east-1a/i-1");
  CHECK(instance.state == InstanceState::kCreating);
  REQUIRE(instance.failure);
  CHECK(instance.failure->code == "NeverJoined");
  CHECK(instance.failure->error_class == 99);
  CHECK(world.target("a") == 1);
  CHECK(world.observer.facts.back() == "failed 0");
  REQUIRE(world.remove("a", {instance.id}));
  CHECK(world.target("a") == 0);
  CHECK(world.machines.live().empty());
}

TEST_CASE("the wait for a join starts at EC2's acceptance, not at the order", "[provider]") {
  ProviderWorld world;
  world.machines.launch_latency = 5min;
  REQUIRE(world.refresh());
  REQUIRE(world.increase("a", 1));
  refresh_for(world, 5min + 10min + 10s);
  CHECK(world.slot(0).state == SlotState::kCreating);
  refresh_for(world, 10s);
  CHECK(world.slot(0).state == SlotState::kFailed);
}

TEST_CASE("without Refreshes nobody is found never to have joined", "[provider]") {
  ProviderWorld world;
  create_one(world);
  world.advance(3h);
  CHECK(world.slot(0).state == SlotState::kCreating);
  // The hours did not count: the timeout and two intervals are still to come.
  REQUIRE(world.refresh());
  refresh_for(world, 10min + 10s);
  CHECK(world.slot(0).state == SlotState::kCreating);
  refresh_for(world, 10s);
  CHECK(world.slot(0).state == SlotState::kFailed);
}

TEST_CASE("a pause just before the end asks for two whole intervals again", "[provider]") {
  ProviderWorld world;
  create_one(world);
  refresh_for(world, 10min + 10s);  // one interval is missing
  world.advance(1h);
  REQUIRE(world.refresh());
  CHECK(world.slot(0).state == SlotState::kCreating);
  refresh_for(world, 10s);
  CHECK(world.slot(0).state == SlotState::kCreating);
  refresh_for(world, 10s);
  CHECK(world.slot(0).state == SlotState::kFailed);
}

TEST_CASE("a join in the last interval is in time", "[provider]") {
  ProviderWorld world;
  create_one(world);
  refresh_for(world, 10min + 10s);
  REQUIRE(world.join("aws:///us-east-1a/i-1") == "a");
  refresh_for(world, 10min);
  CHECK(world.slot(0).state == SlotState::kRunning);
}

TEST_CASE("a late join withdraws NeverJoined", "[provider]") {
  ProviderWorld world;
  create_one(world);
  refresh_for(world, 11min);
  REQUIRE(world.slot(0).state == SlotState::kFailed);
  const NodeRef node{"aws:///us-east-1a/i-1", "late", {}, {}};
  CHECK(world.provider->is_first_join(node));
  CHECK(world.join("aws:///us-east-1a/i-1") == "a");
  CHECK(world.nodes("a")[0].state == InstanceState::kRunning);
  CHECK(!world.nodes("a")[0].failure);
  CHECK(world.target("a") == 1);
}

TEST_CASE("after a restart a machine is waited for anew", "[provider]") {
  ProviderWorld world;
  create_one(world);
  refresh_for(world, 9min);
  world.crash();
  world.start();
  REQUIRE(world.refresh());
  refresh_for(world, 10min + 10s);
  CHECK(world.slot(0).state == SlotState::kCreating);
  refresh_for(world, 10s);
  CHECK(world.slot(0).state == SlotState::kFailed);
}

TEST_CASE("a Refresh whose finding cannot be stored is OK, and the next one tries again",
          "[provider]") {
  ProviderWorld world;
  create_one(world);
  refresh_for(world, 10min + 10s);
  world.store.fail_with(Error{ErrorCode::kUnavailable, "disk"});
  refresh_for(world, 10s);
  CHECK(world.slot(0).state == SlotState::kCreating);
  world.store.fail_with(std::nullopt);
  refresh_for(world, 10s);
  CHECK(world.slot(0).state == SlotState::kFailed);
}
