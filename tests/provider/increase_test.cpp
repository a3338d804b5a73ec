#include <climits>
#include <map>
#include <set>

#include "src/provider/launch_token.h"
#include "tests/catch.h"
#include "tests/provider/provider_world.h"

using namespace casim;
using namespace casim::provider;
using namespace std::chrono_literals;

namespace {

MemoryStoreOptions slow_store(Duration commit, Duration acknowledge = Duration::zero()) {
  return {Distribution::constant(commit), Distribution::constant(acknowledge)};
}

}  // namespace

TEST_CASE("an increase is in the target before any machine exists", "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 3));
  CHECK(world.kernel.now() == kTimeZero);
  CHECK(world.target("a") == 3);
  CHECK(world.target("b-c") == 0);
  CHECK(world.machines.machines.empty());
  world.advance(3s);  // one second for each launch
  CHECK(world.machines.live().size() == 3);
  CHECK(world.target("a") == 3);
}

TEST_CASE("an increase that is not positive is INVALID_ARGUMENT", "[provider]") {
  ProviderWorld world;
  const int delta = GENERATE(0, -1, INT_MIN);
  CAPTURE(delta);
  const Result<void> answer = world.increase("a", delta);
  REQUIRE(!answer);
  CHECK(answer.error().code == ErrorCode::kInvalidArgument);
  CHECK(world.provider->slots().empty());
}

TEST_CASE("an increase above the maximum is FAILED_PRECONDITION and takes nothing", "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 9));
  const int delta = GENERATE(2, INT_MAX);
  CAPTURE(delta);
  const Result<void> answer = world.increase("a", delta);
  REQUIRE(!answer);
  CHECK(answer.error().code == ErrorCode::kFailedPrecondition);
  CHECK(world.target("a") == 9);
  CHECK(world.increase("a", 1));
}

TEST_CASE("calls for an unknown group are NOT_FOUND", "[provider]") {
  ProviderWorld world;
  CHECK(world.increase("x", 1).error().code == ErrorCode::kNotFound);
  CHECK(world.decrease("x", -1).error().code == ErrorCode::kNotFound);
  CHECK(world.remove("x", {"aws:///z/i-1"}).error().code == ErrorCode::kNotFound);
  CHECK(world.provider->target_size("x").error().code == ErrorCode::kNotFound);
  CHECK(world.provider->nodes("x").error().code == ErrorCode::kNotFound);
  CHECK(world.provider->template_node("x").error().code == ErrorCode::kNotFound);
  CHECK(world.provider->options("x").error().code == ErrorCode::kNotFound);
  CHECK(world.provider->generation("x") == 0);
}

TEST_CASE("an increase is answered when it is durable, and unseen before", "[provider]") {
  ProviderWorld world(small_config(), slow_store(200ms));
  const auto answer = world.begin<void>(world.provider->increase_size("a", 2, CallId(7)));
  world.advance(199ms);
  CHECK(!*answer);
  CHECK(world.target("a") == 0);
  CHECK(world.machines.launches.empty());
  world.advance(1ms);
  REQUIRE(*answer);
  CHECK(**answer);
  CHECK(world.target("a") == 2);
  CHECK(world.machines.launches.size() == 1);
}

TEST_CASE("increases at the same time never exceed the maximum together", "[provider]") {
  ProviderWorld world(small_config(), slow_store(200ms));
  const auto first = world.begin<void>(world.provider->increase_size("a", 6, CallId(1)));
  const auto second = world.begin<void>(world.provider->increase_size("a", 6, CallId(2)));
  const auto third = world.begin<void>(world.provider->increase_size("a", 4, CallId(3)));
  const auto other = world.begin<void>(world.provider->increase_size("b-c", 10, CallId(4)));
  world.advance(200ms);
  CHECK((*first && **first));
  CHECK((*other && **other));  // groups do not wait for each other
  REQUIRE(*second);
  CHECK((**second).error().code == ErrorCode::kFailedPrecondition);
  world.advance(200ms);
  CHECK((*third && **third));
  CHECK(world.target("a") == 10);
}

TEST_CASE("a caller that goes away before its turn changes nothing", "[provider]") {
  ProviderWorld world(small_config(), slow_store(200ms));
  const auto first = world.begin<void>(world.provider->increase_size("a", 1, CallId(1)));
  TaskScope client(world.kernel.executor());
  auto second = std::make_shared<std::optional<Result<void>>>();
  client.spawn(keep_answer<void>(world.provider->increase_size("a", 2, CallId(2)), second));
  world.advance(100ms);
  client.cancel();
  world.advance(1s);
  CHECK(client.empty());
  CHECK(!*second);
  CHECK((*first && **first));
  CHECK(world.target("a") == 1);
}

TEST_CASE("a caller that goes away during the commit has ordered all the same", "[provider]") {
  ProviderWorld world(small_config(), slow_store(200ms));
  TaskScope client(world.kernel.executor());
  auto answer = std::make_shared<std::optional<Result<void>>>();
  client.spawn(keep_answer<void>(world.provider->increase_size("a", 2, CallId(2)), answer));
  world.advance(100ms);
  client.cancel();
  world.advance(100ms);
  CHECK(!*answer);
  CHECK(world.target("a") == 2);
  CHECK(world.machines.launches.size() == 1);
}

TEST_CASE("a commit that fails changes nothing and is the caller's answer", "[provider]") {
  struct Row {
    ErrorCode store;
    ErrorCode answer;
  };

  const auto row = GENERATE(values<Row>({{ErrorCode::kUnavailable, ErrorCode::kUnavailable},
                                         {ErrorCode::kDataLoss, ErrorCode::kInternal},
                                         {ErrorCode::kFailedPrecondition, ErrorCode::kInternal}}));
  CAPTURE(name_of(row.store));
  ProviderWorld world;
  REQUIRE(world.increase("a", 2));
  world.advance(2s);
  const auto generation = world.provider->generation("a");
  const auto before = world.provider->slots();
  world.store.fail_with(Error{row.store, "disk full"});
  CHECK(world.increase("a", 1).error().code == row.answer);
  CHECK(world.decrease("a", -1).error().code == row.answer);
  CHECK(world.remove("a", {world.ids("a")[0]}).error().code == row.answer);
  CHECK(world.provider->slots() == before);
  CHECK(world.provider->generation("a") == generation);
  CHECK(world.machines.launches.size() == 1);
  CHECK(world.machines.removals.empty());
  world.store.fail_with(std::nullopt);
  CHECK(world.increase("a", 1));
}

TEST_CASE("slots of a new group go round its zones", "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 3));
  CHECK(world.ids("a") == std::vector<std::string>{"aws:///us-east-1a/i-placeholder-a-0",
                                                   "aws:///us-east-1b/i-placeholder-a-1",
                                                   "aws:///us-east-1a/i-placeholder-a-2"});
  // Slots of another group in between do not disturb the order.
  REQUIRE(world.increase("b-c", 1));
  REQUIRE(world.increase("a", 1));
  CHECK(world.ids("b-c") == std::vector<std::string>{"aws:///us-east-1a/i-placeholder-b-c-3"});
  CHECK(world.ids("a").back() == "aws:///us-east-1b/i-placeholder-a-4");
}

TEST_CASE("a new slot goes where the group has least", "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 4));  // a b a b
  world.advance(4s);
  REQUIRE(world.remove("a", {world.ids("a")[1], world.ids("a")[3]}));
  REQUIRE(world.increase("a", 2));
  CHECK(world.ids("a")[4] == "aws:///us-east-1b/i-placeholder-a-4");
  CHECK(world.ids("a")[5] == "aws:///us-east-1b/i-placeholder-a-5");
}

TEST_CASE("all slots of one commit are launched together, each with its own token", "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 2));
  REQUIRE(world.increase("a", 1));
  REQUIRE(world.machines.launches.size() == 2);
  const auto& first = world.machines.launches[0];
  REQUIRE(first.size() == 2);
  CHECK(first[0].zone == "us-east-1a");
  CHECK(first[1].zone == "us-east-1b");
  CHECK(world.machines.launches[1].size() == 1);
  CHECK(first[0].token != first[1].token);
  CHECK(first[0].token == world.slot(0).token);
  CHECK(first[0].token.size() + 9 <= 64);  // room for the pool, within EC2's limit
}

TEST_CASE("facts of an increase name the call and come in order", "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 2));
  world.advance(2s);
  CHECK(world.observer.facts == std::vector<std::string>{"started 1", "increased a by 2",
                                                         "requested 0", "requested 1", "accepted 0",
                                                         "accepted 1"});
  CHECK(world.observer.calls == std::vector<CallId>{CallId(7)});
}

TEST_CASE("a generation changes with its group and with all", "[provider]") {
  ProviderWorld world;
  const auto a = world.provider->generation("a");
  const auto b = world.provider->generation("b-c");
  const auto all = world.provider->generation_of_all();
  CHECK(a > 0);
  REQUIRE(world.increase("a", 1));
  const auto increased = world.provider->generation("a");
  CHECK(increased != a);
  CHECK(world.provider->generation("b-c") == b);
  CHECK(world.provider->generation_of_all() != all);
  world.advance(1s);
  const auto accepted = world.provider->generation("a");
  CHECK(accepted != increased);
  CHECK(world.join(world.slot(0).provider_id) == "a");
  const auto joined = world.provider->generation("a");
  CHECK(joined != accepted);
  CHECK(world.join(world.slot(0).provider_id) == "a");  // not a first join
  CHECK(world.provider->generation("a") == joined);
}

TEST_CASE("a node's generation changes with its slot, an unknown one's with all", "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 1));
  world.advance(1s);
  const std::string id = world.slot(0).provider_id;
  const auto accepted = world.provider->generation_of_node(id);
  CHECK(world.join(id) == "a");
  const auto joined = world.provider->generation_of_node(id);
  CHECK(joined != accepted);
  const auto unknown = world.provider->generation_of_node("aws:///z/i-0");
  REQUIRE(world.increase("a", 1));
  CHECK(world.provider->generation_of_node(id) == joined);
  CHECK(world.provider->generation_of_node("aws:///z/i-0") != unknown);
}

TEST_CASE("slots of one order and zone share calls of a hundred at most", "[provider]") {
  Config config = small_config();
  config.groups = {small_group("a", 500)};
  config.launch_batch = 100;
  ProviderWorld world(config);
  REQUIRE(world.increase("a", 430));  // 215 a zone
  std::map<std::string, std::set<int>> places;
  std::map<std::string, std::set<std::string>> zones;
  for (const Slot& slot : world.provider->slots()) {
    const LaunchToken token = parse_launch_token(slot.token);
    CHECK(places[token.call].insert(token.place).second);
    zones[token.call].insert(zone_of(slot.provider_id));
  }
  std::multiset<std::size_t> sizes;
  for (const auto& [call, of_call] : places) {
    sizes.insert(of_call.size());
    CHECK(zones.at(call).size() == 1);
  }
  CHECK(sizes == std::multiset<std::size_t>{15, 15, 100, 100, 100, 100});
}

TEST_CASE("a call is for one slot at least", "[provider]") {
  Config config = small_config();
  config.launch_batch = 0;
  CHECK(validate(config) == std::vector<std::string>{"launch_batch is below 1"});
}

TEST_CASE("orders never share a call", "[provider]") {
  ProviderWorld world;
  REQUIRE(world.increase("a", 2));
  REQUIRE(world.increase("a", 2));
  std::set<std::string> calls;
  for (const Slot& slot : world.provider->slots()) {
    calls.insert(parse_launch_token(slot.token).call);
  }
  CHECK(calls.size() == 4);
}
