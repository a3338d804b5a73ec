// A machine that vanishes under its node, in whole small worlds: when the node goes, and when its
// pods are replaced (algorithm 5.6).
#include <map>

#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

constexpr Duration kDeath = 10min;

Duration time_of(const nlohmann::json& fact) { return from_seconds(fact.at("t").get<double>()); }

// Five nodes with a pod that stays on each; some die. Nothing is scaled down meanwhile.
Scenario deaths(int count, bool cloud_controller_manager, std::uint64_t seed = 1) {
  Scenario s = small_scenario(5);
  s.seed = seed;
  s.duration = 30min;
  s.node_groups[0].initial = 5;
  s.node_groups[0].zones = {"us-east-1a"};
  auto& burst = std::get<BurstWorkload>(s.workloads[0].body);
  burst.pod.resources.requests.cpu = MilliCpu(5000);
  burst.run_for = {};
  s.nodes.cloud_controller_manager = cloud_controller_manager;
  s.faults.resize(1);
  s.faults[0].body = MachineVanishesFault{.at = kDeath, .group = "g", .count = count};
  return s;
}

// After the deaths: when nodes went, and when pods were made.
struct Aftermath {
  std::vector<Duration> not_ready;
  std::vector<Duration> gone;
  std::vector<Duration> replaced;

  explicit Aftermath(const Ran& ran)
      : not_ready(since(ran, "NodeNotReady")),
        gone(since(ran, "NodeGone")),
        replaced(since(ran, "PodCreated")) {}

  static std::vector<Duration> since(const Ran& ran, const char* fact) {
    std::vector<Duration> times;
    for (const auto& one : facts_named(ran.facts, fact)) {
      if (time_of(one) >= kDeath) times.push_back(time_of(one) - kDeath);
    }
    return times;
  }
};

}  // namespace

TEST_CASE("with a cloud controller manager a lost node's pods are replaced after 85 to 113 s",
          "[scenario]") {
  const auto seed = GENERATE(range(1, 21));
  CAPTURE(seed);
  const Ran ran = run_whole(deaths(1, true, static_cast<std::uint64_t>(seed)));
  const Aftermath after(ran);
  REQUIRE(after.not_ready.size() == 1);
  CHECK((after.not_ready[0] >= 40s && after.not_ready[0] < 65s));  // 40 to 54, or 10 s more
  REQUIRE(after.gone.size() >= 1);
  CHECK((after.gone[0] > after.not_ready[0] && after.gone[0] - after.not_ready[0] < 5100ms));
  REQUIRE(after.replaced.size() == 1);
  CHECK((after.replaced[0] >= 80s && after.replaced[0] < 123s));
  CHECK(ran.summary.pods.lost == 1);
  CHECK(ran.summary.pods.running == 5);
}

TEST_CASE("without one they are evicted after 340 to 355 s, and the node stays", "[scenario]") {
  const auto seed = GENERATE(range(1, 6));
  CAPTURE(seed);
  const Ran ran = run_whole(deaths(1, false, static_cast<std::uint64_t>(seed)));
  const Aftermath after(ran);
  REQUIRE(after.replaced.size() == 1);
  CHECK((after.replaced[0] >= 340s && after.replaced[0] < 366s));
  CHECK(after.replaced[0] - after.not_ready.at(0) > 300s);
  CHECK(after.gone.empty());
  CHECK(ran.summary.pods.running == 6);  // the lost one, for ever
}

TEST_CASE("three dead of five keep their pods for ever without a cloud controller manager",
          "[scenario]") {
  const Ran ran = run_whole(deaths(3, false, 8));  // all seen in one round
  const Aftermath after(ran);
  REQUIRE(after.not_ready.size() == 3);
  REQUIRE(after.not_ready[2] - after.not_ready[0] < 1s);
  CHECK(after.replaced.empty());
  CHECK(after.gone.empty());
  CHECK(ran.summary.pods.pending == 0);
  const Ran with = run_whole(deaths(3, true, 8));
  CHECK(Aftermath(with).replaced.size() == 3);
  CHECK(with.summary.pods.lost == 3);
}

TEST_CASE(
    "one that is seen a round before the others goes, and the node ordered for its pod lets "
    "the others go too",
    "[scenario]") {
  const Aftermath after(run_whole(deaths(3, false, 7)));
  REQUIRE(after.not_ready.size() == 3);
  REQUIRE(after.not_ready[2] - after.not_ready[0] > 4s);
  REQUIRE(after.replaced.size() == 3);
  CHECK((after.replaced[0] > 340s && after.replaced[0] < 366s));
  CHECK(after.replaced[1] - after.replaced[0] > 300s);
}

TEST_CASE("nodes that are scaled down go when EC2 and the controllers are done with them",
          "[scenario]") {
  Scenario s = small_scenario(40);
  const bool has_cloud_manager = GENERATE(true, false);
  s.nodes.cloud_controller_manager = has_cloud_manager;
  const Ran ran = run_whole(s);
  std::map<std::string, Duration> terminated;
  for (const auto& fact : facts_named(ran.facts, "InstanceTerminated")) {
    terminated[fact.at("instance")] = time_of(fact);
  }
  REQUIRE(terminated.size() > 3);
  std::map<int, std::string> instances;
  for (const auto& fact : facts_named(ran.facts, "NodeRegistered")) {
    instances[fact.at("node")] = fact.at("instance");
  }
  const auto gone = facts_named(ran.facts, "NodeGone");
  CHECK(gone.empty() != has_cloud_manager);
  for (const auto& fact : gone) {
    CHECK(time_of(fact) >= terminated.at(instances.at(fact.at("node"))));
  }
  CHECK(ran.summary.pods.lost == 0);
  CHECK(ran.summary.pods.completed == 40);
}
