// Faults that befall machines on their way to a node.
#include "tests/faults/faulty_world.h"

namespace casim::sim {

namespace {

// A machine launched at t registers, when nothing is wrong, at:
constexpr Duration kJoins = 1s + 5s + 20s + 2s;

}  // namespace

TEST_CASE("machines that begin to boot in the fault never join, those before and after do",
          "[faults]") {
  FaultyWorld world(only(NeverJoinsFault{.times = kTenSeconds}));
  world.launch("general", 1);  // boots at 6 s
  world.ec2.until(5s);
  world.launch("general", 3);  // at 11 s
  world.ec2.until(14s);
  world.launch("general", 1);  // at 20 s
  world.ec2.until(1h);
  CHECK(world.times<NodeRegistered>() == std::vector<Duration>{kJoins, 14s + kJoins});
  CHECK(world.times<InstanceRunning>().size() == 5);
}

TEST_CASE("machines that never join are of their groups and share", "[faults]") {
  FaultyWorld world(
      only(NeverJoinsFault{.times = {.at = 0s, .length = 1h}, .groups = {"gpu"}, .share = 0.25}));
  world.launch("general", 100);
  world.launch("gpu", 800);
  world.ec2.until(1h);
  std::map<std::string, int> joined;
  for (const auto& [at, node] : world.ec2.facts.all<NodeRegistered>()) ++joined[node.group];
  CHECK(joined["general"] == 100);
  // Three standard deviations of the binomial: 37.
  CHECK(std::abs(joined["gpu"] - 600) < 37);
}

TEST_CASE("kubelets that are refused until the fault is over join within seven seconds then",
          "[faults]") {
  FaultyWorld world(
      only(NeverJoinsFault{.times = {.at = 20s, .length = 100s}, .until_over = true}));
  world.launch("general", 50);  // their kubelets start at 28 s
  world.ec2.until(1h);
  const auto joined = world.times<NodeRegistered>();
  REQUIRE(joined.size() == 50);
  CHECK(joined.front() >= 120s);
  CHECK(joined.front() < 121s);
  CHECK(joined.back() > 126s);
  CHECK(joined.back() < 127s);
}

TEST_CASE("a slow boot takes its factor and its delay, in its groups", "[faults]") {
  FaultyWorld world(only(SlowBootFault{.times = {.at = 0s, .length = 1h},
                                       .groups = {"gpu"},
                                       .boot_factor = 3,
                                       .delay = Distribution::constant(7s)}));
  world.launch("general", 1);
  world.launch("gpu", 1);
  world.ec2.until(1h);
  CHECK(world.times<NodeRegistered>() == std::vector<Duration>{kJoins, kJoins + 2 * 20s + 7s});
}

TEST_CASE("two causes of a slow boot add up", "[faults]") {
  const SlowBootFault twice{.times = {.at = 0s, .length = 1h}, .boot_factor = 2};
  const SlowBootFault later{
      .times = {.at = 0s, .length = 1h}, .boot_factor = 1.5, .delay = Distribution::constant(1s)};
  FaultyWorld world({Fault{.body = twice}, Fault{.body = later}});
  world.launch("general", 1);
  world.ec2.until(1h);
  CHECK(world.times<NodeRegistered>() == std::vector<Duration>{kJoins + 2 * 20s + 1s});
}

}  // namespace casim::sim
