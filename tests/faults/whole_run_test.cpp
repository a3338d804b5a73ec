// Faults in whole small worlds.
#include <map>

#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

namespace casim::sim {

using namespace std::chrono_literals;

namespace {

Duration time_of(const nlohmann::json& fact) { return from_seconds(fact.at("t").get<double>()); }

bool is_refused(const nlohmann::json& call) { return call.at("code") == "ServiceUnavailable"; }

}  // namespace

TEST_CASE("the earlier restart of two crashes that overlap does not end the later outage",
          "[faults]") {
  const bool swapped = GENERATE(false, true);
  Scenario s = small_scenario(40);
  s.faults.resize(2);
  s.faults[swapped ? 1 : 0].body = ProviderCrashFault{.at = 60s, .down_for = 60s};
  s.faults[swapped ? 0 : 1].body = ProviderCrashFault{.at = 90s, .down_for = 90s};
  s.duration = 70min;
  const Ran ran = run_whole(s);
  CHECK(facts_named(ran.facts, "ProviderCrashed").size() == 1);
  int within = 0;
  for (const auto& loop : facts_named(ran.facts, "LoopEnded")) {
    if (time_of(loop) < 61s || time_of(loop) > 180s) continue;
    CAPTURE(time_of(loop));
    ++within;
    CHECK(loop.at("error") != "");  // nobody answers
  }
  CHECK(within > 5);
  CHECK(ran.summary.pods.completed == 40);
}

TEST_CASE("while the EC2 API is down the provider tries again, and afterwards nothing is lost",
          "[faults]") {
  const auto seed = GENERATE(range(1, 4));
  CAPTURE(seed);
  Scenario s = small_scenario(40);
  s.seed = static_cast<std::uint64_t>(seed);
  const Duration from = 20s;
  const Duration to = from + 8min;
  s.faults.resize(1);
  s.faults[0].body = Ec2OutageFault{.times = {.at = from, .length = to - from}};
  s.duration = 70min;
  const Ran ran = run_whole(s);
  int refused_launches = 0;
  for (const auto& call : facts_named(ran.facts, "Ec2CallAnswered")) {
    const Duration arrived = time_of(call) - from_seconds(call.at("latency").get<double>());
    CAPTURE(call.dump());
    CHECK(is_refused(call) == (from <= arrived && arrived < to));
    refused_launches += is_refused(call) && call.at("action") == "RunInstances";
  }
  CHECK(refused_launches > 7);  // the order of 7 nodes is tried again and again
  CHECK(ran.summary.rows_run == 40);
  CHECK(ran.summary.pods.completed == 40);
  CHECK(ran.summary.pods.adds_up());
  CHECK(ran.summary.nodes.ready_at_end == 0);
  CHECK(ran.summary.activity.instances_terminated == ran.summary.activity.instances_launched);
}

TEST_CASE("an outage of one EC2 action leaves the others alone", "[faults]") {
  Scenario s = small_scenario(40);
  s.faults.resize(1);
  s.faults[0].body = Ec2OutageFault{.times = {.at = 20s, .length = 8min},
                                    .scope = {.actions = {ec2::Action::kRunInstances}}};
  const Ran ran = run_whole(s);
  int launches = 0;
  int reads = 0;
  for (const auto& call : facts_named(ran.facts, "Ec2CallAnswered")) {
    if (time_of(call) < 21s || time_of(call) > 20s + 8min) continue;
    const bool is_launch = call.at("action") == "RunInstances";
    CAPTURE(call.dump());
    CHECK(is_refused(call) == is_launch);
    ++(is_launch ? launches : reads);
  }
  CHECK(launches > 7);
  CHECK(reads > 7);
  CHECK(ran.summary.rows_run == 40);
}

TEST_CASE("a launch that fails after acceptance is an error of its slot, and pods get other nodes",
          "[faults]") {
  Scenario s = small_scenario(40);
  s.faults.resize(1);
  s.faults[0].body = LaunchFailureFault{.times = {.at = 0s, .length = 3min},
                                        .state_reason = "Client.VolumeLimitExceeded"};
  s.duration = 70min;
  const Ran ran = run_whole(s);
  const auto failed = facts_named(ran.facts, "SlotFailed");
  CHECK(failed.size() >= 7);  // nodes of the first order
  for (const auto& slot : failed) CHECK(slot.at("code") == "Client.VolumeLimitExceeded");
  const auto told = facts_named(ran.facts, "ScaleUpFailed");
  REQUIRE(!told.empty());
  CHECK(told[0].at("reason") == "Client.VolumeLimitExceeded");
  CHECK(ran.summary.pods.completed == 40);
}

TEST_CASE("a pool of fixed size serves what it has, and another zone the rest", "[faults]") {
  Scenario s = small_scenario(40);
  s.node_groups[0].zones = {"us-east-1a", "us-east-1b"};
  s.ec2.capacity.pools = {{.type = "m6i.2xlarge", .zone = "us-east-1a", .instances = 3}};
  const Ran ran = run_whole(s);
  std::map<std::string, int> launched;
  for (const auto& one : facts_named(ran.facts, "InstanceLaunched")) {
    ++launched[one.at("zone").get<std::string>()];
  }
  CHECK(launched["us-east-1a"] == 3);  // the initial node is one of them
  CHECK(launched["us-east-1b"] >= 5);
  CHECK(ran.summary.rows_run == 40);
}

TEST_CASE("a silent connection lasts until the liveness probe has the autoscaler restarted",
          "[faults]") {
  Scenario s = small_scenario(40);
  s.duration = 70min;
  s.faults.resize(1);
  s.faults[0].body =
      RpcConnectionFault{.times = {.at = 20s, .length = 1s}, .state = ConnectionState::kSilent};
  const Ran ran = run_whole(s);
  REQUIRE(facts_named(ran.facts, "AutoscalerStarted").size() == 2);
  const Duration killed = first_fact(ran.facts, "AutoscalerKilled");
  CHECK(killed > 15min);  // --max-failing-time
  CHECK(killed < 17min);
  CHECK(first_fact(ran.facts, "IncreaseSizeCommitted") > killed);
  CHECK(ran.summary.rows_run == 40);
}

TEST_CASE("a refused connection is back at the next dial", "[faults]") {
  Scenario s = small_scenario(40);
  s.faults.resize(1);
  s.faults[0].body =
      RpcConnectionFault{.times = {.at = 20s, .length = 3min}, .state = ConnectionState::kRefused};
  const Ran ran = run_whole(s);
  const Duration ordered = first_fact(ran.facts, "IncreaseSizeCommitted");
  CHECK(ordered >= 200s);
  CHECK(ordered < 200s + 144s + 20s);  // the longest pause, then a loop
  CHECK(facts_named(ran.facts, "AutoscalerStarted").size() == 1);
  CHECK(ran.summary.rows_run == 40);
}

TEST_CASE("static nodes that are not Ready stop the autoscaler until they are", "[faults]") {
  const bool are_enough = GENERATE(true, false);  // more than 3, and more than 45 % of all
  Scenario s = small_scenario(40);
  for (int i = 0; i < 4; ++i) {
    StaticNodeConfig node;
    node.name = "control-plane-" + std::to_string(i);
    node.instance_type = "m6i.large";
    node.taints = {{"control-plane", "", TaintEffect::kNoSchedule}};
    s.static_nodes.push_back(node);
  }
  std::get<BurstWorkload>(s.workloads[0].body).at = 17min;
  s.faults.resize(1);
  NodeNotReadyFault fault{.times = {.at = 16min, .length = 5min}};  // else they count as starting
  fault.scope.static_nodes = {"control-plane-0", "control-plane-1", "control-plane-2"};
  if (are_enough) fault.scope.static_nodes.push_back("control-plane-3");
  s.faults[0].body = fault;
  const Ran ran = run_whole(s);
  const Duration ordered = first_fact(ran.facts, "IncreaseSizeCommitted");
  CHECK((ordered > 21min) == are_enough);
  int stopped = 0;
  for (const auto& loop : facts_named(ran.facts, "LoopEnded")) {
    stopped += loop.at("cut_short") == "ClusterUnhealthy";
  }
  CHECK((stopped > 25) == are_enough);  // one each 10 s
  CHECK(ran.summary.rows_run == 40);
}

TEST_CASE("nodes that crash and come back lose no pod that has a place", "[faults]") {
  const auto seed = GENERATE(range(1, 4));
  Scenario s = small_scenario(40);
  s.seed = static_cast<std::uint64_t>(seed);
  s.duration = 3h;
  s.faults.resize(2);
  for (std::size_t i = 0; i < 2; ++i) {
    NodeCrashFault crash{.down_for = i == 0 ? 20s : 20min,
                         .state = i == 0 ? CrashState::kSilent : CrashState::kDead};
    crash.scope.portion.share = 0.3;
    s.faults[i].body = crash;
    s.faults[i].every = Recurrence{.mean_time_between = Distribution(Exponential{.mean = 300}),
                                   .mean_time_to_repair = std::nullopt};
  }
  const Ran memo = run_whole(s, {.check_invariants = true});
  CHECK(memo.summary.rows_run == 40);
  CHECK(memo.summary.pods.completed == 40);
  CHECK(memo.summary.pods.adds_up());
  CHECK(memo.summary.digest == run_whole(s, {.rpc_on_wire = true}).summary.digest);
}

TEST_CASE("faults give the same run whether reads travel or not", "[faults]") {
  Scenario s = small_scenario(40);
  s.duration = 30min;
  s.faults.resize(5);
  RpcFault unavailable;
  unavailable.from = 1min;
  unavailable.to = 4min;
  unavailable.share = 0.2;
  s.faults[0].body = unavailable;
  s.faults[1].body =
      RpcWrongAnswerFault{.times = {.at = 2min, .length = 3min}, .answer = StaleAnswer{.age = 30s}};
  s.faults[2].body = RpcWrongAnswerFault{.times = {.at = 6min, .length = 3min},
                                         .answer = UnknownInstance{.count = 1}};
  s.faults[3].body = RpcConnectionFault{.times = {.at = 12min, .length = 20s}};
  s.faults[4].body = ConnectionResetFault{.scope = {.share = 0.5}};
  s.faults[4].every = Recurrence{.mean_time_between = Distribution(Exponential{.mean = 60}),
                                 .mean_time_to_repair = Distribution(Exponential{.mean = 60})};
  const Ran memo = run_whole(s);
  const Ran wire = run_whole(s, {.rpc_on_wire = true});
  CHECK(memo.summary.digest == wire.summary.digest);
  CHECK(memo.summary.facts > 500);
}

}  // namespace casim::sim
