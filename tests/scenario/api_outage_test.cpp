// Whole small worlds in which Kubernetes' API server is down.
#include <set>

#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

Duration outage_time_of(const nlohmann::json& fact) {
  return from_seconds(fact.at("t").get<double>());
}

Scenario with_outage(Duration from, Duration length, std::optional<Duration> delay = {}) {
  Scenario s = small_scenario(40);
  s.duration = 80min;
  s.faults.resize(1);
  s.faults[0].body = ApiOutageFault{.times = {.at = from, .length = length}, .delay = delay};
  return s;
}

bool is_write(const std::string& name) {
  for (const char* write :
       {"PodCreated", "PodUnschedulable", "PodBound", "PodRunning", "PodEnded", "NodeRegistered",
        "NodeReady", "NodeNotReady", "NodeTainted", "NodeGone"}) {
    if (name == write) return true;
  }
  return false;
}

// Nothing is written from the first instant to, and without, the last.
void check_silence(const Ran& ran, Duration from, Duration to) {
  std::istringstream lines(ran.facts);
  int before = 0;
  int after = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto fact = nlohmann::json::parse(line);
    if (!is_write(fact.at("fact").get<std::string>())) continue;
    before += outage_time_of(fact) < from;
    after += outage_time_of(fact) >= to;
    CAPTURE(line);
    CHECK((outage_time_of(fact) < from || outage_time_of(fact) >= to));
  }
  CHECK(before > 0);
  CHECK(after > 0);
}

void check_served(const Ran& ran) {
  CHECK(ran.summary.rows_run == 40);
  CHECK(ran.summary.pods.completed == 40);
  CHECK(ran.summary.pods.adds_up());
  CHECK(ran.summary.nodes.ready_at_end == 0);
  CHECK(ran.summary.activity.instances_terminated == ran.summary.activity.instances_launched);
}

}  // namespace

TEST_CASE("a short outage of the API server is survived: writes wait, and nobody exits",
          "[scenario]") {
  const Ran ran = run_whole(with_outage(32s, 8s), {.check_invariants = true});
  check_silence(ran, 32s, 40s);
  CHECK(facts_named(ran.facts, "LeaderLost").empty());
  CHECK(facts_named(ran.facts, "AutoscalerStarted").size() == 1);
  check_served(ran);
}

TEST_CASE("in a longer outage every leader exits, and each has a successor afterwards",
          "[scenario]") {
  const Ran ran = run_whole(with_outage(40s, 2min), {.check_invariants = true});
  check_silence(ran, 40s, 160s);
  std::set<std::string> lost;
  for (const auto& fact : facts_named(ran.facts, "LeaderLost")) {
    CHECK(outage_time_of(fact) >= 50s);
    CHECK(outage_time_of(fact) < 52s);
    lost.insert(fact.at("process").get<std::string>());
  }
  CHECK(lost == std::set<std::string>{"cluster-autoscaler", "kube-scheduler",
                                      "kube-controller-manager", "cloud-controller-manager"});
  const auto elected = facts_named(ran.facts, "LeaderElected");
  CHECK(elected.size() == 4);
  for (const auto& fact : elected) {
    CHECK(outage_time_of(fact) >= 160s);
    CHECK(outage_time_of(fact) <= 160s + 24s);
  }
  for (const auto& loop : facts_named(ran.facts, "LoopStarted")) {
    CHECK((outage_time_of(loop) < 52s || outage_time_of(loop) >= 160s));
  }
  check_served(ran);
}

// All nodes of all zones fall silent, and no controller is there to see it. The next one counts
// anew.
TEST_CASE("nodes are not given up after an outage, however long it was", "[scenario]") {
  const Duration length = GENERATE(30s, 5min, 20min);
  CAPTURE(length);
  Scenario s = with_outage(4min, length);
  std::get<BurstWorkload>(s.workloads[0].body).run_for = 30min;
  const Ran ran = run_whole(s, {.check_invariants = true});
  // Only nodes whose machines the autoscaler has terminated, long afterwards.
  const auto removed = facts_named(ran.facts, "NodeTainted");
  REQUIRE_FALSE(removed.empty());
  for (const auto& fact : facts_named(ran.facts, "NodeNotReady")) {
    CHECK(outage_time_of(fact) > outage_time_of(removed.front()));
  }
  CHECK(ran.summary.pods.lost == 0);
  CHECK(ran.summary.pods.evicted == 0);
  check_served(ran);
}

TEST_CASE("pods run on in an outage, and their end is told afterwards", "[scenario]") {
  Scenario s = with_outage(8min, 10min);
  const Ran ran = run_whole(s, {.check_invariants = true});
  int late = 0;
  for (const auto& fact : facts_named(ran.facts, "PodEnded")) {
    if (fact.at("how") != 0) continue;  // completed
    late += outage_time_of(fact) >= 18min && outage_time_of(fact) <= 18min + 10s;
  }
  CHECK(late > 20);
  check_served(ran);
}

TEST_CASE("a machine that dies in an outage is noticed after it", "[scenario]") {
  Scenario s = with_outage(5min, 3min);
  s.faults.resize(2);
  s.faults[1].body = MachineVanishesFault{.at = 6min, .group = "g", .count = 1};
  const Ran ran = run_whole(s, {.check_invariants = true});
  const auto not_ready = facts_named(ran.facts, "NodeNotReady");
  REQUIRE_FALSE(not_ready.empty());
  // Counted from the next controller manager's first round.
  CHECK(outage_time_of(not_ready[0]) >= 8min + 50s);
  CHECK(outage_time_of(not_ready[0]) <= 8min + 24s + 55s);
  check_served(ran);
}

TEST_CASE("what a machine could not tell before it died, nobody hears", "[scenario]") {
  Scenario s = with_outage(8min, 10min);  // all pods end in it
  s.faults.resize(2);
  s.faults[1].body = MachineVanishesFault{.at = 17min, .group = "g", .count = 20};
  const Ran ran = run_whole(s, {.check_invariants = true});
  int completed_at_once = 0;
  for (const auto& fact : facts_named(ran.facts, "PodEnded")) {
    completed_at_once += outage_time_of(fact) < 18min + 10s;
  }
  CHECK(completed_at_once == 0);
  CHECK(ran.summary.pods.lost == 40);
  CHECK(ran.summary.pods.completed == 40);
}

TEST_CASE("without leader election the autoscaler's loops go on in an outage", "[scenario]") {
  Scenario s = with_outage(40s, 2min);
  s.autoscaler.flags["leader-elect"] = config::Value("false");
  const Ran ran = run_whole(s, {.check_invariants = true});
  int within = 0;
  for (const auto& loop : facts_named(ran.facts, "LoopStarted")) {
    within += outage_time_of(loop) > 52s && outage_time_of(loop) < 160s;
  }
  CHECK(within > 5);
  CHECK(facts_named(ran.facts, "AutoscalerStarted").size() == 1);
  check_served(ran);
}

TEST_CASE("a slow API server costs time and no leader", "[scenario]") {
  const Ran calm = run_whole(with_outage(20s, 1s));
  const Ran slow = run_whole(with_outage(20s, 10min, 2s), {.check_invariants = true});
  CHECK(facts_named(slow.facts, "LeaderLost").empty());
  CHECK(first_fact(slow.facts, "PodRunning") > first_fact(calm.facts, "PodRunning") + 2s);
  check_served(slow);
}

TEST_CASE("an outage gives the same run whether reads travel or not", "[scenario]") {
  const Scenario s = with_outage(40s, 2min);
  const Ran memo = run_whole(s);
  const Ran wire = run_whole(s, {.rpc_on_wire = true});
  CHECK(memo.summary.digest == wire.summary.digest);
}
