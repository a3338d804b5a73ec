#include "tests/catch.h"
#include "tests/provider/cloud_world.h"

using namespace casim;
using namespace casim::provider;
using namespace std::chrono_literals;

namespace {

constexpr Duration kQuietAfterCrash = 3min;  // several periods of the reconciler

MemoryStoreOptions store_of_crash() {
  return {Distribution::constant(200ms), Distribution::constant(50ms)};
}

bool is_ok(const Pending<void>& answer) { return *answer && **answer; }

}  // namespace

TEST_CASE("a crash inside a commit loses that batch and nothing else", "[provider]") {
  ProviderWorld world(small_config(), {Distribution::constant(200ms), Distribution()});
  REQUIRE(world.increase("a", 2));
  const auto answer = world.begin<void>(world.provider->increase_size("a", 3, CallId(2)));
  world.advance(150ms);
  world.crash();
  REQUIRE(*answer);
  CHECK((**answer).error().code == ErrorCode::kUnavailable);
  world.start();
  CHECK(world.provider->epoch() == 2);
  CHECK(world.target("a") == 2);
  REQUIRE(world.provider->slots().size() == 2);
  CHECK(world.slot(0).id == SlotId(0));
  world.advance(1min);
  CHECK(world.machines.live().size() == 2);
  CHECK(world.slot(1).state == SlotState::kCreating);
}

TEST_CASE("a batch that was durable before the crash is there, told or not", "[provider]") {
  ProviderWorld world(small_config(),
                      {Distribution::constant(200ms), Distribution::constant(100ms)});
  const auto answer = world.begin<void>(world.provider->increase_size("a", 2, CallId(1)));
  world.advance(250ms);
  CHECK(world.target("a") == 0);
  world.crash();
  CHECK((**answer).error().code == ErrorCode::kUnavailable);
  world.start();
  CHECK(world.target("a") == 2);
  world.advance(1min);
  CHECK(world.machines.live().size() == 2);
}

TEST_CASE("requested slots are launched again with their token", "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 2));
  const std::string token = world.slot(0).token;
  world.crash();
  world.start();
  world.advance(2s);
  REQUIRE(world.machines.launches.size() == 2);
  CHECK(world.machines.launches[1].size() == 2);
  CHECK(world.machines.launches[1][0].token == token);
  CHECK(world.machines.live().size() == 2);
}

TEST_CASE("a machine whose acceptance was not stored is adopted by its tag", "[provider]") {
  ProviderWorld world;
  world.machines.reply_latency = 10s;
  REQUIRE(world.increase("a", 1));
  world.advance(5s);
  CHECK(world.machines.live().size() == 1);
  world.crash();
  world.start();
  world.advance(1ms);
  CHECK(world.slot(0).state == SlotState::kCreating);
  CHECK(world.machines.launches.size() == 1);
}

TEST_CASE("a restart launches although the list fails", "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 1));
  world.crash();
  world.machines.list_error = Error{ErrorCode::kUnavailable, "outage"};
  world.start();
  world.advance(1s);
  CHECK(world.slot(0).state == SlotState::kCreating);
}

TEST_CASE("a deletion that the crash cut short is finished after it", "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 2));
  world.advance(2s);
  world.machines.remove_error = Error{ErrorCode::kUnavailable, "outage"};
  REQUIRE(world.remove("a", {world.ids("a")[0]}));
  world.crash();
  world.machines.remove_error.reset();
  world.start();
  world.advance(1ms);
  CHECK(world.target("a") == 1);
  CHECK(world.machines.live().size() == 1);
}

TEST_CASE("numbers and tokens of slots are not used again after a crash", "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 2));
  const std::string token = world.slot(1).token;
  REQUIRE(world.decrease("a", -2));
  world.advance(2s);
  world.machines.finish_terminations();
  world.advance(1min);
  REQUIRE(world.provider->slots().empty());
  world.crash();
  world.start();
  REQUIRE(world.increase("a", 1));
  CHECK(world.slot(2).id == SlotId(2));
  CHECK(world.slot(2).token != token);
}

TEST_CASE("calls that wait when the provider goes are answered UNAVAILABLE", "[provider]") {
  ProviderWorld world(small_config(), store_of_crash());
  const auto first = world.begin<void>(world.provider->increase_size("a", 1, CallId(1)));
  const auto second = world.begin<void>(world.provider->decrease_target_size("a", -1, CallId(2)));
  world.advance(100ms);
  world.crash();
  CHECK((**first).error().code == ErrorCode::kUnavailable);
  CHECK((**second).error().code == ErrorCode::kUnavailable);
}

TEST_CASE("a call that was under way in the crash is replayed and gets the same machines",
          "[provider]") {
  CloudWorld world(store_of_crash());
  const auto answer = world.begin(world.provider().increase_size("a", 6, CallId(1)));
  world.advance(1s);  // durable at 0.2 s, machines at 0.75 s, answers at 1.25 s
  REQUIRE(is_ok(answer));
  REQUIRE(world.ec2.instances.size() == 6);
  world.crash();
  world.ec2.describe_errors.assign(3, ec2_error("UnauthorizedOperation", 403));  // tags are no help
  world.start();
  world.advance(10s);
  REQUIRE(world.ec2.runs.size() == 4);  // two zones, twice
  CHECK(world.ec2.runs[2].client_token == world.ec2.runs[0].client_token);
  CHECK(world.ec2.instances.size() == 6);
  CHECK(world.ec2.terminations.empty());
  CHECK(world.find_fault() == "");
}

TEST_CASE("a call is replayed as it was, though its first slot is no more", "[provider]") {
  CloudWorld world(store_of_crash());
  world.ec2.latency = 40s;
  const auto answer = world.begin(world.provider().increase_size("a", 6, CallId(1)));
  world.advance(1s);
  REQUIRE(is_ok(answer));
  const std::string first = (*world.provider().nodes("a"))[0].id;
  const auto removed =
      world.begin(world.provider().delete_nodes("a", {{first, "n", {}, {}}}, CallId(2)));
  world.advance(1s);
  REQUIRE(is_ok(removed));
  world.crash();  // both calls are on their way
  world.ec2.latency = 1s;
  world.start();
  world.advance(kQuietAfterCrash);
  CHECK(*world.provider().target_size("a") == 5);
  CHECK(world.ec2.instances.size() == 6);  // one for the slot that is no more, terminated since
  CHECK(world.find_fault() == "");
}

TEST_CASE("a crash between two pools of a call doubles nothing", "[provider]") {
  CloudWorld world(store_of_crash());
  world.ec2.room[{"m6i.large", "us-east-1a"}] = 1;
  const auto answer = world.begin(world.provider().increase_size("a", 6, CallId(1)));
  world.advance(2s);  // one of three is durable, the second pool is being asked
  REQUIRE(is_ok(answer));
  world.crash();
  world.ec2.room.clear();  // the first pool has room again
  world.start();
  world.advance(kQuietAfterCrash);
  CHECK(*world.provider().target_size("a") == 6);
  CHECK(world.find_fault() == "");
}

TEST_CASE("three thousand nodes are launched by thirty-odd calls", "[provider]") {
  CloudWorld world;
  world.stop();
  world.config.groups = {small_group("a", 3000)};
  world.start();
  const auto answer = world.begin(world.provider().increase_size("a", 3000, CallId(1)));
  world.advance(10s);  // four rounds of ten calls of a second
  REQUIRE(is_ok(answer));
  CHECK(world.ec2.runs.size() == 30);
  CHECK(world.ec2.instances.size() == 3000);
  CHECK(world.find_fault() == "");
}
