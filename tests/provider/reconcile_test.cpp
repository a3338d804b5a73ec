#include "src/provider/failure.h"
#include "tests/catch.h"
#include "tests/provider/provider_world.h"

using namespace casim;
using namespace casim::provider;
using namespace std::chrono_literals;

namespace {

// Two machines: slot 0 joined, slot 1 creating. At 2 s; the reconciler looks at 30 s, 60 s, ...
void fill(ProviderWorld& world) {
  REQUIRE(world.increase("a", 2));
  world.advance(2s);
  REQUIRE(world.join(world.slot(0).provider_id) == "a");
}

Machine& machine(ProviderWorld& world, const std::string& id) {
  return world.machines.machines.at(id);
}

}  // namespace

TEST_CASE("the reconciler looks once a period", "[provider]") {
  Config config = small_config();
  config.reconcile.period = 7s;
  ProviderWorld world(config);
  world.advance(70s);
  CHECK(world.machines.lists == 10);
}

TEST_CASE("while nothing changes the reconciler looks less and less often", "[provider]") {
  Config config = small_config();
  config.reconcile = {.period = 10s, .max_period = 40s};
  ProviderWorld world(config);
  fill(world);  // two slots
  REQUIRE(world.join(world.slot(1).provider_id) == "a");
  world.machines.lists = 0;
  std::vector<int> at;  // in periods from here
  for (int i = 1; i <= 16; ++i) {
    const int before = world.machines.lists;
    world.advance(10s);
    if (world.machines.lists > before) at.push_back(i);
  }
  CHECK(at == std::vector<int>{1, 2, 4, 8, 12, 16});
  REQUIRE(world.increase("a", 1));
  world.machines.lists = 0;
  world.advance(30s);
  CHECK(world.machines.lists == 3);  // as long as one is on its way
}

TEST_CASE("the reconciler's periods have their jitter, the same in each run", "[provider]") {
  const auto lists_by = [](double jitter) {
    Config config = small_config();
    config.reconcile = {.period = 10s, .max_period = {}, .jitter = jitter};
    ProviderWorld world(config);
    std::vector<int> lists;
    for (int i = 0; i < 1000; ++i) {
      world.advance(1s);
      lists.push_back(world.machines.lists);
    }
    return lists;
  };
  const std::vector<int> lists = lists_by(0.5);
  CHECK(lists == lists_by(0.5));
  CHECK(lists != lists_by(0));
  CHECK(lists.back() >= 90);
  CHECK(lists.back() <= 110);
}

TEST_CASE("a machine that was terminated frees its slot and lowers the target", "[provider]") {
  ProviderWorld world;
  fill(world);
  const std::string id = world.slot(0).provider_id;
  machine(world, "i-1").state = MachineState::kGone;
  world.advance(30s);
  CHECK(world.target("a") == 1);
  CHECK(world.provider->slots().size() == 1);
  CHECK(world.group_of(id) == "");
  CHECK(world.remove("a", {id}));  // the autoscaler did not know yet
  CHECK(world.target("a") == 1);
}

TEST_CASE("a machine that somebody else terminates leaves the target at once", "[provider]") {
  ProviderWorld world;
  fill(world);
  machine(world, "i-1").state = MachineState::kTerminating;
  world.advance(30s);
  CHECK(world.target("a") == 1);
  CHECK(world.nodes("a")[0].state == InstanceState::kDeleting);
  CHECK(world.machines.removals.empty());
  machine(world, "i-1").state = MachineState::kGone;
  world.advance(30s);
  CHECK(world.nodes("a").size() == 1);
}

TEST_CASE("a machine must be missing in two lists to count as vanished", "[provider]") {
  ProviderWorld world;
  fill(world);
  world.machines.hidden = {"i-1"};
  world.advance(30s);
  CHECK(world.target("a") == 2);
  world.machines.hidden = {};
  world.advance(30s);
  world.machines.hidden = {"i-1"};
  world.advance(30s);
  CHECK(world.target("a") == 2);  // not two in a row
  world.advance(30s);
  CHECK(world.target("a") == 1);
  // It shows up again after all, and belongs to nobody now.
  world.machines.hidden = {};
  world.advance(30s);
  CHECK(world.machines.live() == std::set<std::string>{"i-2"});
}

TEST_CASE("lists that come fast do not make a young machine vanish", "[provider]") {
  Config config = small_config();
  config.reconcile.period = 1s;
  ProviderWorld world(config);
  fill(world);
  world.machines.hidden = {"i-2"};
  world.advance(20s);
  CHECK(world.target("a") == 2);
  world.advance(2s);  // first missed 20 s ago
  CHECK(world.target("a") == 1);
}

TEST_CASE("a machine that fails before it joins is a failed slot with its reason", "[provider]") {
  const MachineState state = GENERATE(MachineState::kTerminating, MachineState::kGone);
  ProviderWorld world;
  fill(world);
  const std::string id = world.slot(1).provider_id;
  machine(world, "i-2").state = state;
  machine(world, "i-2").failure = make_failure("Client.VolumeLimitExceeded", "too many volumes");
  world.advance(30s);
  CHECK(world.target("a") == 2);
  REQUIRE(world.nodes("a").size() == 2);
  const Instance failed = world.nodes("a")[1];
  CHECK(failed.id == id);
  CHECK(failed.state == InstanceState::kCreating);
  REQUIRE(failed.failure);
  CHECK(failed.failure->code == "Client.VolumeLimitExceeded");
  CHECK(failed.failure->error_class == 1);
  CHECK(!world.provider->is_first_join({id, "n", {}, {}}));
  REQUIRE(world.remove("a", {id}));
  CHECK(world.target("a") == 1);
  CHECK(world.nodes("a").size() == 1);
  CHECK(world.remove("a", {id}));
  CHECK(world.target("a") == 1);
  CHECK(world.machines.removals.empty());
}

TEST_CASE("a joined machine that fails is freed, not reported as a failed creation", "[provider]") {
  ProviderWorld world;
  fill(world);
  machine(world, "i-1").state = MachineState::kGone;
  machine(world, "i-1").failure = make_failure("Server.SpotInstanceTermination", "taken back");
  world.advance(30s);
  CHECK(world.target("a") == 1);
  CHECK(world.nodes("a").size() == 1);
}

TEST_CASE("a machine that nobody's slot knows is terminated", "[provider]") {
  ProviderWorld world;
  fill(world);
  world.machines.make("a", {SlotId(77), "no-such-token", "us-east-1a"});
  world.advance(30s);
  CHECK(world.machines.live() == std::set<std::string>{"i-1", "i-2"});
  CHECK(world.target("a") == 2);
  const std::string orphan = "aws:///us-east-1a/i-3";
  CHECK(world.group_of(orphan) == "");
  CHECK(world.remove("a", {orphan}).error().code == ErrorCode::kNotFound);
  world.machines.finish_terminations();
  world.advance(30s);
  CHECK(world.remove("a", {orphan}));  // known to be gone
  CHECK(world.remove("b-c", {orphan}).error().code == ErrorCode::kNotFound);
}

TEST_CASE("a machine whose launch is still unanswered is adopted by its token", "[provider]") {
  ProviderWorld world;
  world.machines.reply_latency = 5min;
  REQUIRE(world.increase("a", 1));
  world.advance(29s);
  CHECK(world.slot(0).state == SlotState::kRequested);
  world.advance(1s);
  CHECK(world.slot(0).state == SlotState::kCreating);
  CHECK(world.slot(0).instance_id == "i-1");
  world.advance(5min);  // the answer says nothing new
  CHECK(world.slot(0).state == SlotState::kCreating);
  CHECK(world.machines.live() == std::set<std::string>{"i-1"});
  CHECK(std::ranges::count(world.observer.facts, "accepted 0") == 1);
}

TEST_CASE("of two machines with one token the slot's own stays", "[provider]") {
  ProviderWorld world;
  fill(world);
  Machine twin = machine(world, "i-1");
  twin.instance_id = "i-0";
  twin.provider_id = "aws:///us-east-1b/i-0";
  world.machines.machines["i-0"] = twin;
  world.advance(30s);
  CHECK(world.machines.live() == std::set<std::string>{"i-1", "i-2"});
  CHECK(world.slot(0).state == SlotState::kRunning);
}

TEST_CASE("a machine of a refused launch is terminated", "[provider]") {
  ProviderWorld world;
  world.machines.refusals[SlotId(0)] = make_failure("InternalError", "no answer");
  REQUIRE(world.increase("a", 1));
  world.machines.make("a", {SlotId(0), world.slot(0).token, "us-east-1a"});
  world.advance(1s);
  REQUIRE(world.slot(0).state == SlotState::kFailed);
  world.advance(29s);
  CHECK(world.machines.live().empty());
  CHECK(world.slot(0).state == SlotState::kFailed);
}

TEST_CASE("a slot that never joined outlives its machine until it is deleted", "[provider]") {
  ProviderWorld world;
  REQUIRE(world.refresh());
  REQUIRE(world.increase("a", 1));
  for (int i = 0; i < 66; ++i) {
    world.advance(10s);
    REQUIRE(world.refresh());
  }
  REQUIRE(world.slot(0).state == SlotState::kFailed);
  const std::string id = world.ids("a")[0];
  machine(world, "i-1").state = MachineState::kGone;
  world.advance(30s);
  CHECK(world.target("a") == 1);
  CHECK(world.nodes("a")[0].failure);
  REQUIRE(world.remove("a", {id}));
  CHECK(world.target("a") == 0);
  CHECK(world.provider->slots().empty());
}

TEST_CASE("a list that fails changes nothing", "[provider]") {
  ProviderWorld world;
  fill(world);
  machine(world, "i-1").state = MachineState::kGone;
  world.machines.list_error = Error{ErrorCode::kUnavailable, "outage"};
  world.advance(10min);
  CHECK(world.target("a") == 2);
  world.machines.list_error.reset();
  world.advance(30s);
  CHECK(world.target("a") == 1);
}

TEST_CASE("a repair that cannot be stored is made by a later pass", "[provider]") {
  ProviderWorld world;
  fill(world);
  machine(world, "i-1").state = MachineState::kGone;
  world.store.fail_with(Error{ErrorCode::kUnavailable, "disk"});
  world.advance(60s);
  CHECK(world.target("a") == 2);
  world.store.fail_with(std::nullopt);
  world.advance(30s);
  CHECK(world.target("a") == 1);
}

TEST_CASE("a machine deleted while the list was on its way is not taken for anything else",
          "[provider]") {
  ProviderWorld world;
  fill(world);
  world.machines.list_latency = 10s;
  world.advance(29s);  // a list that shows both is under way
  REQUIRE(world.remove("a", {world.slot(1).provider_id}));
  REQUIRE(world.increase("a", 1));
  world.advance(10s);
  CHECK(world.target("a") == 2);
  CHECK(world.slot(1).state == SlotState::kDeleting);
  CHECK(world.slot(2).state == SlotState::kCreating);
  CHECK(world.machines.live() == std::set<std::string>{"i-1", "i-3"});
}
