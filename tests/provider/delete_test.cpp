#include "tests/catch.h"
#include "tests/provider/provider_world.h"

using namespace casim;
using namespace casim::provider;
using namespace std::chrono_literals;

namespace {

// Three machines of group "a", two of them joined.
void fill_group(ProviderWorld& world) {
  REQUIRE(world.increase("a", 3));
  world.advance(3s);
  REQUIRE(world.join(world.slot(0).provider_id) == "a");
  REQUIRE(world.join(world.slot(1).provider_id) == "a");
}

}  // namespace

TEST_CASE("a deletion lowers the target once, however often it is asked for", "[provider]") {
  ProviderWorld world;
  fill_group(world);
  const std::string id = world.slot(0).provider_id;
  REQUIRE(world.remove("a", {id, id}));
  CHECK(world.target("a") == 2);
  REQUIRE(world.remove("a", {id}));
  CHECK(world.target("a") == 2);
  CHECK(world.machines.removals == std::vector<std::vector<std::string>>{{"i-1"}});
  world.machines.finish_terminations();
  world.advance(30s);  // the reconciler sees it gone
  CHECK(world.provider->slots().size() == 2);
  REQUIRE(world.remove("a", {id}));  // a retry long after
  CHECK(world.target("a") == 2);
}

TEST_CASE("deletions at the same time count each machine once", "[provider]") {
  ProviderWorld world(small_config(), {Distribution::constant(200ms), Distribution()});
  REQUIRE(world.increase("a", 3));
  world.advance(4s);
  const std::vector<NodeRef> nodes{{world.ids("a")[0], "n", {}, {}}};
  const auto one = world.begin<void>(world.provider->delete_nodes("a", nodes, CallId(1)));
  const auto two = world.begin<void>(world.provider->delete_nodes("a", nodes, CallId(2)));
  world.advance(200ms);
  CHECK((*one && **one));
  CHECK((*two && **two));
  CHECK(world.target("a") == 2);
}

TEST_CASE("a node that is unknown or of another group fails the whole deletion", "[provider]") {
  ProviderWorld world;
  fill_group(world);
  REQUIRE(world.increase("b-c", 1));
  world.advance(1s);
  const std::string ours = world.slot(0).provider_id;
  const std::vector<std::string> foreign{"aws:///us-east-1a/i-99",
                                         "aws:///us-east-1a/i-placeholder-a-99",
                                         "",
                                         "aws:///us-east-1a/i-placeholder-x-0",
                                         "i-placeholder-a-0",
                                         world.slot(3).provider_id};
  const std::string& bad = foreign[GENERATE(range(std::size_t{0}, std::size_t{6}))];
  CAPTURE(bad);
  const Result<void> answer = world.remove("a", {ours, bad});
  REQUIRE(!answer);
  CHECK(answer.error().code == ErrorCode::kNotFound);
  CHECK(world.target("a") == 3);
  CHECK(world.machines.removals.empty());
}

TEST_CASE("a deleted machine is listed as Deleting and of its group until it is gone",
          "[provider]") {
  ProviderWorld world;
  fill_group(world);
  const std::string id = world.slot(0).provider_id;
  REQUIRE(world.remove("a", {id}));
  REQUIRE(world.nodes("a").size() == 3);
  CHECK(world.nodes("a")[0].id == id);
  CHECK(world.nodes("a")[0].state == InstanceState::kDeleting);
  CHECK(world.group_of(id) == "a");
  world.advance(40s);
  CHECK(world.nodes("a").size() == 3);  // still shutting down
  CHECK(world.group_of(id) == "a");
  world.machines.finish_terminations();
  world.advance(30s);
  CHECK(world.nodes("a").size() == 2);
  // Its Node object may be there a while longer.
  CHECK(world.group_of(id) == "a");
  world.advance(2h);
  world.machines.machines.erase("i-1");
  world.advance(2h);
  CHECK(world.group_of(id) == "");
}

TEST_CASE("deleting a placeholder frees the slot, and its machine is terminated when it comes",
          "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 1));
  const std::string placeholder = world.ids("a")[0];
  CHECK(world.group_of(placeholder) == "a");
  REQUIRE(world.remove("a", {placeholder}));
  CHECK(world.target("a") == 0);
  CHECK(world.nodes("a").empty());
  REQUIRE(world.remove("a", {placeholder}));
  CHECK(world.target("a") == 0);
  CHECK(world.machines.machines.empty());
  world.advance(1s);
  CHECK(world.machines.machines.size() == 1);
  CHECK(world.machines.live().empty());
  world.machines.finish_terminations();
  world.advance(30s);
  CHECK(world.provider->slots().empty());
  REQUIRE(world.remove("a", {placeholder}));
  CHECK(world.target("a") == 0);
}

TEST_CASE("deleting a failed slot frees it once", "[provider]") {
  ProviderWorld world;
  world.machines.refusals[SlotId(0)] = SlotFailure{"VcpuLimitExceeded", "no", 1};
  REQUIRE(world.increase("a", 2));
  world.advance(2s);
  const std::string placeholder = world.ids("a")[0];
  REQUIRE(world.nodes("a")[0].failure);
  CHECK(world.target("a") == 2);
  REQUIRE(world.remove("a", {placeholder}));
  CHECK(world.target("a") == 1);
  CHECK(world.nodes("a").size() == 1);
  REQUIRE(world.remove("a", {placeholder}));
  CHECK(world.target("a") == 1);
  CHECK(world.machines.removals.empty());
}

TEST_CASE("the placeholder's name deletes a machine that came, but not one that joined",
          "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 2));
  const auto placeholders = world.ids("a");
  world.advance(2s);
  REQUIRE(world.join(world.slot(0).provider_id) == "a");
  REQUIRE(world.remove("a", placeholders));
  CHECK(world.target("a") == 1);
  CHECK(world.slot(0).state == SlotState::kRunning);
  CHECK(world.slot(1).state == SlotState::kDeleting);
}

TEST_CASE("a removal that fails is tried again by each pass of the reconciler", "[provider]") {
  ProviderWorld world;
  fill_group(world);
  world.machines.remove_error = Error{ErrorCode::kUnavailable, "throttled"};
  REQUIRE(world.remove("a", {world.slot(0).provider_id}));
  CHECK(world.machines.removals.size() == 1);
  world.advance(60s);
  CHECK(world.machines.removals.size() == 3);
  CHECK(world.machines.live().size() == 3);
  world.machines.remove_error.reset();
  world.advance(30s);
  CHECK(world.machines.live().size() == 2);
  CHECK(world.target("a") == 2);
}

TEST_CASE("a decrease takes what has not joined, newest first", "[provider]") {
  ProviderWorld world;
  fill_group(world);  // 0 and 1 joined, 2 is creating
  REQUIRE(world.increase("a", 2));
  REQUIRE(world.decrease("a", -2));
  CHECK(world.target("a") == 3);
  CHECK(world.slot(2).state == SlotState::kCreating);
  CHECK(world.slot(3).state == SlotState::kCancelled);
  CHECK(world.slot(4).state == SlotState::kCancelled);
  REQUIRE(world.decrease("a", -1));
  CHECK(world.slot(2).state == SlotState::kCancelled);
  CHECK(world.machines.removals.back() == std::vector<std::string>{"i-3"});
  CHECK(world.nodes("a").size() == 2);
}

TEST_CASE("a decrease that is not negative is INVALID_ARGUMENT", "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 1));
  const int delta = GENERATE(0, 1);
  CHECK(world.decrease("a", delta).error().code == ErrorCode::kInvalidArgument);
  CHECK(world.target("a") == 1);
}

TEST_CASE("a decrease of too much is clamped to what has not joined", "[provider]") {
  ProviderWorld world;
  fill_group(world);
  REQUIRE(world.decrease("a", -5));
  CHECK(world.target("a") == 2);
  REQUIRE(world.decrease("a", -5));  // none left: OK all the same
  CHECK(world.target("a") == 2);
  CHECK(world.slot(0).state == SlotState::kRunning);
  CHECK(world.slot(1).state == SlotState::kRunning);
}

TEST_CASE("where it is so configured, a decrease of too much is refused", "[provider]") {
  Config config = small_config();
  config.clamp_decrease = false;
  ProviderWorld world(config);
  fill_group(world);
  CHECK(world.decrease("a", -2).error().code == ErrorCode::kFailedPrecondition);
  CHECK(world.target("a") == 3);
  REQUIRE(world.decrease("a", -1));
  CHECK(world.target("a") == 2);
}

TEST_CASE("a decrease also takes failed slots", "[provider]") {
  ProviderWorld world;
  world.machines.refusals[SlotId(1)] = SlotFailure{"Unsupported", "no", 1};
  REQUIRE(world.increase("a", 2));
  world.advance(2s);
  REQUIRE(world.decrease("a", -1));
  CHECK(world.target("a") == 1);
  REQUIRE(world.provider->slots().size() == 1);
  CHECK(world.slot(0).state == SlotState::kCreating);
}

TEST_CASE("a machine that comes for a cancelled slot is terminated", "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 2));
  REQUIRE(world.decrease("a", -2));
  CHECK(world.target("a") == 0);
  world.advance(2s);
  CHECK(world.machines.machines.size() == 2);
  CHECK(world.machines.live().empty());
  world.machines.finish_terminations();
  world.advance(30s);
  CHECK(world.provider->slots().empty());
}

TEST_CASE("a cancelled slot whose launch is refused is gone", "[provider]") {
  ProviderWorld world;
  world.machines.refusals[SlotId(0)] = SlotFailure{"Unsupported", "no", 1};
  REQUIRE(world.increase("a", 1));
  REQUIRE(world.decrease("a", -1));
  world.advance(1s);
  CHECK(world.provider->slots().empty());
  CHECK(world.observer.facts.back() == "gone 0");
}
