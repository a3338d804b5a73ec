#include "tests/controllers/controllers_world.h"

using namespace casim;
using namespace casim::sim;

namespace {

Toleration tolerates(std::string_view key, std::optional<std::int64_t> seconds) {
  return {std::string(key), Toleration::Operator::kExists, "", TaintEffect::kNoExecute, seconds};
}

void put(ControllersWorld& world, NodeId node, const char* key, bool wanted) {
  world.api.edit_node(node, [&](Node& n) { set_taint(n, key, TaintEffect::kNoExecute, wanted); });
}

}  // namespace

TEST_CASE("how long taints are borne is the least of the tolerations used", "[controllers]") {
  const std::vector<Taint> taints = {{"a", "", TaintEffect::kNoExecute},
                                     {"b", "", TaintEffect::kNoExecute}};
  using List = std::vector<Toleration>;
  CHECK(tolerated_for(List{}, taints) == Duration(0s));
  CHECK(tolerated_for(List{tolerates("a", 5)}, taints) == Duration(0s));
  CHECK(tolerated_for(List{tolerates("a", 5), tolerates("b", 3)}, taints) == Duration(3s));
  CHECK(tolerated_for(List{tolerates("a", 5), tolerates("b", {})}, taints) == Duration(5s));
  CHECK(tolerated_for(List{tolerates("", {})}, taints) == std::nullopt);
  // The first that tolerates a taint is the one that is used.
  CHECK(tolerated_for(List{tolerates("", {}), tolerates("a", 1)}, taints) == std::nullopt);
  CHECK(tolerated_for(List{tolerates("", -1)}, taints) == Duration(0s));
}

TEST_CASE("admission gives the default tolerations to pods without their own", "[controllers]") {
  PodSpec plain;
  add_default_tolerations(plain);
  REQUIRE(plain.tolerations.size() == 2);
  CHECK(plain.tolerations[0].toleration_seconds == 300);
  PodSpec own;
  own.tolerations = {tolerates(kUnreachableTaint, 30)};
  add_default_tolerations(own);
  REQUIRE(own.tolerations.size() == 2);
  CHECK(own.tolerations[0].toleration_seconds == 30);
  CHECK(own.tolerations[1].key == kNotReadyTaint);
  PodSpec all;
  all.tolerations = {{"", Toleration::Operator::kExists, "", std::nullopt}};
  add_default_tolerations(all);
  CHECK(all.tolerations.size() == 1);
}

TEST_CASE("pods go from a node that was lost when their tolerations run out", "[controllers]") {
  ControllersWorld world;
  const NodeId node = world.add_node("a");
  world.add_node("b");
  world.add_pod("default", node);
  world.add_pod("short", node, {tolerates(kUnreachableTaint, 60)});
  world.add_pod("none", node, {});
  world.add_pod("ever", node, {tolerates("", {})});
  world.start();
  world.until(102s);
  world.silence(node);
  world.until(1h);
  CHECK(world.chronicle.times("none marked") == Times{145100ms});
  CHECK(world.chronicle.times("short marked") == Times{205100ms});
  CHECK(world.chronicle.times("default marked") == Times{445100ms});
  CHECK(world.chronicle.times("ever marked").empty());
  CHECK(world.chronicle.times("none gone").empty());  // nobody is there to end it
}

TEST_CASE("a countdown goes on when another tolerated taint comes, and ends with the last one",
          "[controllers]") {
  ControllersWorld world;
  const NodeId node = world.add_node("a");
  world.add_pod("p", node, {tolerates("x", 100), tolerates("y", 10)});
  world.add_pod("q", node, {tolerates("x", 100), tolerates("y", 10)});
  world.start();
  world.until(10s);
  put(world, node, "x", true);
  world.until(50s);
  put(world, node, "y", true);
  world.until(100s);
  put(world, node, "x", false);  // y is left
  world.until(111s);
  CHECK(world.chronicle.times("p marked") == Times{110s});
  ControllersWorld calm;
  const NodeId other = calm.add_node("a");
  calm.add_pod("p", other, {tolerates("x", 100)});
  calm.start();
  calm.until(10s);
  put(calm, other, "x", true);
  calm.until(109s);
  put(calm, other, "x", false);
  calm.until(1h);
  CHECK(calm.chronicle.times("p marked").empty());
}

TEST_CASE("a taint that a pod does not tolerate ends its countdown at once", "[controllers]") {
  ControllersWorld world;
  const NodeId node = world.add_node("a");
  world.add_pod("p", node, {tolerates("x", 100)});
  world.start();
  world.until(10s);
  put(world, node, "x", true);
  world.until(20s);
  put(world, node, "y", true);
  world.until(1h);
  CHECK(world.chronicle.times("p marked") == Times{20s});
}

TEST_CASE("a pod that is bound to a tainted node is judged then", "[controllers]") {
  ControllersWorld world;
  const NodeId node = world.add_node("a");
  world.start();
  put(world, node, "x", true);
  world.until(20s);
  world.add_pod("late", node, {tolerates("x", 30)});
  world.until(1h);
  CHECK(world.chronicle.times("late marked") == Times{50s});
}

TEST_CASE("a countdown outlives its node", "[controllers]") {
  ControllersWorld world;
  const NodeId node = world.add_node("a");
  world.add_pod("p", node, {tolerates("x", 30)});
  world.start();
  world.until(21s);
  put(world, node, "x", true);
  world.until(30s);
  world.api.delete_node(node);
  world.until(1h);
  CHECK(world.chronicle.times("p marked") == Times{51s});
  CHECK(world.chronicle.times("p gone") == Times{80s});
  CHECK(world.cluster.tally().lost == 1);
}
