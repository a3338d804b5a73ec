// The shipped scenarios of a bad cloud: what each must show whatever the provider's retries are.
#include <algorithm>
#include <map>
#include <ranges>
#include <utility>

#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

namespace casim::sim {

using namespace std::chrono_literals;

namespace {

int answers(const Ran& ran, const std::string& action, const std::string& code) {
  int count = 0;
  for (const auto& call : facts_named(ran.facts, "Ec2CallAnswered")) {
    count += call.at("action") == action && call.at("code") == code;
  }
  return count;
}

// All pods ran and ended, and no machine is left beside those of the least size.
void check_served(const Ran& ran, std::int64_t least_nodes) {
  CHECK(ran.summary.rows_run == 200);
  CHECK(ran.summary.pods.completed == 200);
  CHECK(ran.summary.pods.adds_up());
  CHECK(ran.summary.nodes.ready_at_end == least_nodes);
  CHECK(ran.summary.activity.instances_launched ==
        ran.summary.activity.instances_terminated + least_nodes);
}

}  // namespace

TEST_CASE("an outage of the API is waited for, and costs no machine", "[faults]") {
  const Ran ran = run_file("api-outage");
  check_served(ran, 1);
  CHECK(answers(ran, "RunInstances", "ServiceUnavailable") > 39);
  CHECK(ran.summary.activity.instances_launched == 40);  // 5 pods a node
}

TEST_CASE("a brownout of the API is waited for", "[faults]") {
  const Ran ran = run_file("api-brownout");
  check_served(ran, 1);
  for (const auto& call : facts_named(ran.facts, "Ec2CallAnswered")) {
    if (call.at("action") != "RunInstances" || call.at("code") != "") continue;
    CHECK(call.at("latency").get<double>() > 3);
  }
}

TEST_CASE("launches get through what a neighbour leaves of the tokens", "[faults]") {
  const Ran ran = run_file("api-throttled");
  check_served(ran, 1);
  CHECK(ran.summary.activity.instances_launched == 40);
  CHECK(answers(ran, "RunInstances", "RequestLimitExceeded") > 10);
  // 5 tokens are there, and a fifth of one comes each second.
  int accepted = 0;
  for (const auto& call : facts_named(ran.facts, "Ec2CallAnswered")) {
    if (call.at("action") != "RunInstances" || call.at("code") != "") continue;
    ++accepted;
    CHECK(call.at("t").get<double>() > 60 + (accepted - 5) / 0.2);
  }
  CHECK(accepted > 10);
}

TEST_CASE("a zone without machines is left for another", "[faults]") {
  const Ran ran = run_file("zone-out-of-capacity");
  check_served(ran, 2);
  CHECK(answers(ran, "RunInstances", "InsufficientInstanceCapacity") > 0);
  for (const auto& one : facts_named(ran.facts, "InstanceLaunched")) {
    const double at = one.at("t").get<double>();
    if (at > 40 && at < 1800) CHECK(one.at("zone") == "us-east-1b");
  }
}

TEST_CASE("pods beyond the quota wait for those that run", "[faults]") {
  const Ran ran = run_file("quota");
  CHECK(ran.summary.rows_run == 200);
  CHECK(ran.summary.nodes.ready_peak == 16);  // of 8 vCPU
  CHECK(answers(ran, "RunInstances", "VcpuLimitExceeded") > 0);
  CHECK(ran.summary.nodes.ready_at_end == 1);
}

TEST_CASE("a lost reply launches no machine twice and leaves none behind", "[faults]") {
  const Ran ran = run_file("reset-after-effect");
  check_served(ran, 1);
  CHECK(answers(ran, "RunInstances", "ConnectionReset") > 10);
  CHECK(ran.summary.activity.instances_launched == 40);
}

TEST_CASE("a startup taint that the autoscaler does not know of buys nodes too many", "[faults]") {
  const Ran unknown = run_file("cni-late");
  const Ran known = run_file(
      "cni-late", {"autoscaler.flags.startup-taint=[\"network.example.com/agent-not-ready\"]"});
  CHECK(unknown.summary.pods.completed == 400);
  CHECK(known.summary.pods.completed == 400);
  CHECK(known.summary.activity.slots_ordered == 26);  // 15 pods a node, 15 of them at once
  CHECK(unknown.summary.activity.slots_ordered > 30);
}

TEST_CASE("machines that never join are given up after the join timeout, and paid until then",
          "[faults]") {
  const Ran ran = run_file("never-joins");
  check_served(ran, 1);
  CHECK(ran.summary.activity.slot_failures == Activity::ByName{{"NeverJoined", 39}});
  CHECK(ran.summary.activity.slots_ordered == 2 * 39);  // 5 pods a node, one node is there
  CHECK(ran.summary.nodes.registered == 1 + 39);
  const Duration failed = first_fact(ran.facts, "SlotFailed");
  CHECK((failed > 11min && failed < 12min));
  for (const auto& order : facts_named(ran.facts, "IncreaseSizeCommitted")) {
    const Duration at = from_seconds(order.at("t").get<double>());
    CHECK(order.at("group") == (at < failed ? "preferred" : "fallback"));
  }
}

TEST_CASE("a zone label that only nodes have keeps groups from being balanced", "[faults]") {
  const auto zones = [](const Ran& ran) {
    std::map<std::string, int> count;
    for (const auto& one : facts_named(ran.facts, "InstanceLaunched")) {
      ++count[one.at("zone").get<std::string>()];
    }
    return count;
  };
  const auto of = [&](std::vector<std::string> overrides) {
    const std::map<std::string, int> count = zones(run_file("unbalanced-by-label", overrides));
    REQUIRE(count.size() == 3);
    const auto [least, most] = std::ranges::minmax(count | std::views::values);
    return std::pair(least, most);
  };
  // 3 pods a node, so 34 nodes with the three that are there.
  const auto [least, most] = of({});
  CHECK(most - least > 10);
  const std::string pool = "autoscaler.flags.balancing-label=[\"pool\"]";
  CHECK(of({pool}) == std::pair(11, 12));
  // What only built-in providers have ignored.
  CHECK(of({"autoscaler.flags.balancing-ignore-label=[\"topology.ebs.csi.aws.com/zone\"]"}) ==
        std::pair(least, most));
}

TEST_CASE("a target size of some time ago has the same order made again and again", "[faults]") {
  const Ran stale = run_file("stale-provider");
  const Ran in_time = run_file("stale-provider", {"faults=[]"});
  CHECK(stale.summary.pods.completed == 200);
  CHECK(in_time.summary.pods.completed == 200);
  CHECK(in_time.summary.activity.slots_ordered == 28);  // 7 pods a node, with the one that is there
  CHECK(stale.summary.activity.slots_ordered > 3 * 28);
  CHECK(stale.summary.nodes.ready_at_end == 1);
}

TEST_CASE("pods of a dark zone are evicted node by node, and run in the others", "[faults]") {
  const Ran ran = run_file("zone-outage");
  constexpr Duration kDark = 20min;
  CHECK(ran.summary.pods.running == 110);
  CHECK(ran.summary.pods.lost == ran.summary.pods.created - 110);
  // Five minutes of toleration after the nodes fell silent, then one node each 10 s.
  std::vector<Duration> replaced;
  for (const auto& pod : facts_named(ran.facts, "PodCreated")) {
    const Duration at = from_seconds(pod.at("t").get<double>()) - kDark;
    if (at > 0s) replaced.push_back(at);
  }
  REQUIRE(replaced.size() > 30);
  CHECK((replaced.front() > 340s && replaced.front() < 366s));
  CHECK((replaced.back() - replaced.front() > 65s && replaced.back() - replaced.front() < 85s));
  for (const auto& one : facts_named(ran.facts, "InstanceLaunched")) {
    const Duration at = from_seconds(one.at("t").get<double>()) - kDark;
    if (at > 0s && at < 30min) CHECK(one.at("zone") != "us-east-1a");
  }
  CHECK(first_fact(ran.facts, "NodeNotReady") - kDark < 50s);
}

TEST_CASE("with half of the nodes dark the autoscaler does nothing until they are back",
          "[faults]") {
  const Ran ran =
      run_file("zone-outage", {R"(node_groups.general.zones=["us-east-1a","us-east-1b"])"});
  CHECK(first_fact(ran.facts, "IncreaseSizeCommitted") > 50min);
  CHECK(first_fact(ran.facts, "ScaleDownDecided") > 50min);
  int stopped = 0;
  for (const auto& loop : facts_named(ran.facts, "LoopEnded")) {
    stopped += loop.at("cut_short") == "ClusterUnhealthy";
  }
  CHECK(stopped > 150);
  CHECK(ran.summary.pods.running == 110);
}

TEST_CASE("a termination handler has Spot pods stopped and replaced before their machines go",
          "[faults]") {
  const Ran with = run_file("spot-storm");
  const Ran without = run_file("spot-storm", {"nodes.termination_handler=null"});
  CHECK(with.summary.pods.running == 100);
  CHECK(without.summary.pods.running == 100);
  CHECK(with.summary.spot.interrupted > 5);
  CHECK(with.summary.spot.interrupted == without.summary.spot.interrupted);
  CHECK(with.summary.spot.pods_lost == 0);
  CHECK(with.summary.spot.pods_evicted > 20);
  CHECK(without.summary.spot.pods_evicted == 0);
  CHECK(without.summary.spot.pods_lost > 20);
  CHECK(with.summary.nodes.ready_peak > without.summary.nodes.ready_peak);
  CHECK_FALSE(  // a slot that has joined just goes
      with.summary.activity.slot_failures.contains("Server.SpotInstanceTermination"));
}

TEST_CASE("crashes of the provider lose, double and leave behind nothing", "[faults]") {
  const Ran ran = run_file("provider-crash");
  check_served(ran, 1);
  CHECK(facts_named(ran.facts, "ProviderCrashed").size() > 20);
  CHECK(ran.summary.activity.instances_launched == 40);
}

TEST_CASE("an autoscaler that forgets its orders loses and leaves behind nothing", "[faults]") {
  const Ran ran = run_file("autoscaler-crash");
  CHECK(ran.summary.rows_run == 200);
  CHECK(ran.summary.pods.completed == 200);
  CHECK(facts_named(ran.facts, "AutoscalerCrashed").size() > 10);
  CHECK(ran.summary.activity.instances_launched == ran.summary.activity.instances_terminated + 1);
}

TEST_CASE("an outage of the control plane is waited for", "[faults]") {
  const Ran ran = run_file("control-plane-outage");
  check_served(ran, 1);
  CHECK(facts_named(ran.facts, "LeaderElected").size() == 4);
}

}  // namespace casim::sim
