// Where releases differ, in small worlds. What is said of 1.34 to 1.36 was read in their sources,
// not measured; the recorded loops are those of 1.37.
#include <algorithm>

#include "oracle/decisions/decision_registry.h"
#include "tests/catch.h"
#include "tests/oracle/small_world.h"

namespace casim::oracle {

using namespace std::chrono_literals;

namespace {

const std::vector<std::string> kClassic = {"--frequent-loops-enabled=false",
                                           "--scale-down-unneeded-time=1h"};

// Calls of a loop in which nothing happens: the third.
std::map<std::string, int> quiet_calls(int version) {
  Little world(60s, kClassic);
  world.group(3);
  world.given["static_nodes"].push_back(
      {{"name", "static"}, {"template", {{"cpu_m", 100}, {"memory_mib", 100}, {"pods", 1}}}});
  return world.run(version).at(3).calls;
}

}  // namespace

TEST_CASE("since 1.35 the startup time is a group's option: two more questions a node",
          "[version]") {
  constexpr int kNodes = 3;
  const int asked = quiet_calls(34)["NodeGroupGetOptions"];
  for (const int version : {35, 36, 37}) {
    CHECK(quiet_calls(version)["NodeGroupGetOptions"] == asked + 2 * kNodes);
  }
}

TEST_CASE("since 1.35 dynamic resources are looked at: one more lookup for a node of no group",
          "[version]") {
  const int asked = quiet_calls(34)["NodeGroupForNode"];
  for (const int version : {35, 36, 37}) {
    CHECK(quiet_calls(version)["NodeGroupForNode"] == asked + 1);
  }
}

TEST_CASE("before 1.35 the loops keep their interval unless told otherwise", "[version]") {
  Little world(45s, {});
  world.group(0);
  world.pods(kScan + 3s, 1);
  const auto classic = times(world.run(34), kIncrease);
  CHECK(classic == std::vector{Grid{}.start_after(kScan + 3s) + kRefresh});
  CHECK(times(world.run(35), kIncrease) == std::vector{kScan + 3s + kRefresh + kScan + kRefresh});
}

TEST_CASE("since 1.36 a timed-out order is taken back", "[version]") {
  const int version = GENERATE(34, 35, 36, 37);
  Little world(200s, {"--max-node-provision-time=60s", "--frequent-loops-enabled=true"});
  Json& group = world.group(0);
  group["hide_creating"] = true;
  group["launches"].push_back(Little::launch(0, 0, "never", 0s));
  world.pods(3s, 1);
  CHECK(times(world.run(version), kDecrease).empty() == (version < 36));
}

TEST_CASE("since 1.36 only what was ordered is awaited: a lost request brings a second order",
          "[version]") {
  const int version = GENERATE(34, 35, 36, 37);
  Little world(60s, {"--frequent-loops-enabled=true"});
  world.group(0)["launches"].push_back(Little::launch(0, 0, "ok", 50s));
  world.pods(3s, 1);
  const Duration order = 3s + kRefresh + kScan + kRefresh;
  // Not answered in one loop, so that its request is lost; the target stays.
  world.fault("NodeGroups", order + kRefresh + 1s, order + kScan + kScan, 14);
  CHECK(times(world.run(version), kIncrease).size() == (version < 36 ? 1 : 2));
}

TEST_CASE("since 1.36 a suspended node is neither ready nor unready", "[version]") {
  const int version = GENERATE(34, 35, 36, 37);
  StateWorld world{Json::object()};
  world.options.version = version;
  world.add_group(kOnly, 1);
  sim::Node node = node_in_state("suspended", kDecisionTime - kLong);
  node.ready = false;
  world.add_node(kOnly, "n", node);
  world.update(at({}));
  CHECK(world.state.totals().suspended == (version < 36 ? 0 : 1));
  CHECK(world.state.totals().unready == (version < 36 ? 1 : 0));
}

TEST_CASE("since 1.36 a group without a template is not backed off", "[version]") {
  const int version = GENERATE(34, 35, 36, 37);
  StateWorld world{Json::object()};
  world.options.version = version;
  world.add_group(kOnly, 0);
  world.update(at({}));
  world.run(world.state.register_failed_scale_up(kRegistryLoop, world.group(kOnly), 1,
                                                 {"timeout", "", 99}, kTimeZero));
  CHECK((world.state.backoff_of(kOnly, kTimeZero + 1s) != nullptr) == (version < 36));
}

TEST_CASE("since 1.36 each of the similar groups keeps to the quotas", "[version]") {
  const int version = GENERATE(34, 35, 36, 37);
  // Two nodes of the chosen group are within 8 GiB, one of each is not.
  Little world(30s, {"--balance-similar-node-groups=true", "--memory-total=0:8"});
  world.group(0)["template"]["memory_mib"] = 4096;
  Json other = world.group(0);
  other["id"] = "h";
  other["template"]["memory_mib"] = 4136;
  world.given["groups"] = Json::array({world.given["groups"][0], other});
  world.pods(3s, 2);
  const std::vector<Made> orders = mutations(world.run(version), kIncrease);
  REQUIRE_FALSE(orders.empty());
  const auto is_first = [&](const Made& order) { return order.at == orders.front().at; };
  CHECK(std::ranges::count_if(orders, is_first) == (version < 36 ? 2 : 1));
  CHECK(orders.front().mutation.group == "g");
}

}  // namespace casim::oracle
