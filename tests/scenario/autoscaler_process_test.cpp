#include "sim/scenario/autoscaler_flags.h"
#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

Duration process_time_of(const nlohmann::json& fact) {
  return from_seconds(fact.at("t").get<double>());
}

// The provider's sizes cannot be read for a while, so each loop of that time ends with an error.
Scenario failing_scenario(Duration from, Duration to) {
  Scenario s = small_scenario(10);
  RpcFault fault;
  fault.from = from;
  fault.to = to;
  fault.method = RpcMethod::kTargetSize;
  s.faults.resize(1);
  s.faults[0].body = fault;
  s.autoscaler.flags["max-failing-time"] = config::Value("2m");
  return s;
}

}  // namespace

TEST_CASE("loops that only fail for max-failing-time bring a restart, which forgets all",
          "[scenario]") {
  const Scenario scenario = failing_scenario(200s, 500s);
  const Ran ran = run_whole(scenario);
  Duration last_success{};
  for (const auto& loop : facts_named(ran.facts, "LoopEnded")) {
    if (process_time_of(loop) < 210s && loop.at("error") == "")
      last_success = process_time_of(loop);
  }
  const auto kills = facts_named(ran.facts, "AutoscalerKilled");
  REQUIRE(kills.size() == 1);
  // The first probe that is later than the limit, and two more.
  const LivenessScenario& liveness = scenario.autoscaler.liveness;
  const Duration limit = last_success + 2min;
  const Duration first_bad = (limit / liveness.probe_period + 1) * liveness.probe_period;
  const Duration killed = process_time_of(kills[0]);
  CHECK(killed == first_bad + 2 * liveness.probe_period);
  const auto starts = facts_named(ran.facts, "AutoscalerStarted");
  REQUIRE(starts.size() == 2);
  const Duration restarted = process_time_of(starts[1]);
  CHECK(restarted == killed + liveness.restart_time);
  // Nothing runs in between, and no loop's number comes twice.
  std::uint32_t number = 0;
  for (const auto& loop : facts_named(ran.facts, "LoopStarted")) {
    CHECK((process_time_of(loop) <= killed || process_time_of(loop) >= restarted));
    CHECK(loop.at("loop").get<std::uint32_t>() == ++number);
  }
  CHECK(ran.summary.pods.completed == 10);
}

namespace {

Scenario crashing_scenario(std::optional<Duration> down_for) {
  Scenario s = small_scenario(40);
  s.duration = 70min;
  s.faults.resize(1);
  s.faults[0].body = AutoscalerCrashFault{.at = 45s, .down_for = down_for};
  return s;
}

// Between the crash and the next process; and what must hold of both.
Duration time_down(const Ran& ran) {
  const auto crashes = facts_named(ran.facts, "AutoscalerCrashed");
  const auto starts = facts_named(ran.facts, "AutoscalerStarted");
  REQUIRE(crashes.size() == 1);
  REQUIRE(starts.size() == 2);
  const Duration crashed = process_time_of(crashes[0]);
  const Duration back = process_time_of(starts[1]);
  CHECK(crashed == 45s);
  std::uint32_t number = 0;
  for (const auto& loop : facts_named(ran.facts, "LoopStarted")) {
    CHECK((process_time_of(loop) <= crashed || process_time_of(loop) >= back));
    CHECK(loop.at("loop").get<std::uint32_t>() == ++number);
  }
  CHECK(ran.summary.pods.completed == 40);
  CHECK(ran.summary.nodes.ready_at_end == 0);
  CHECK(ran.summary.activity.instances_terminated == ran.summary.activity.instances_launched);
  return back - crashed;
}

}  // namespace

TEST_CASE("after a crash a standby takes over, with leader election", "[scenario]") {
  const Duration down = time_down(run_whole(crashing_scenario({}), {.check_invariants = true}));
  CHECK(down >= 13s);
  CHECK(down <= 24s);
}

TEST_CASE("after a crash the process is restarted, without leader election", "[scenario]") {
  Scenario s = crashing_scenario({});
  s.autoscaler.flags["leader-elect"] = config::Value("false");
  s.autoscaler.liveness.restart_time = 33s;
  CHECK(time_down(run_whole(s)) == 33s);
}

TEST_CASE("a crash may say how long it lasts", "[scenario]") {
  CHECK(time_down(run_whole(crashing_scenario(2s))) == 2s);
}

TEST_CASE("a crash while the process is down changes nothing", "[scenario]") {
  Scenario s = crashing_scenario(60s);
  s.faults.push_back(s.faults[0]);
  std::get<AutoscalerCrashFault>(s.faults[1].body).at = 80s;
  CHECK(time_down(run_whole(s)) == 60s);
}

TEST_CASE("a crash gives the same run whether reads travel or not", "[scenario]") {
  Scenario s = crashing_scenario({});
  s.faults[0].every = Recurrence{.mean_time_between = Distribution::constant(97s),
                                 .mean_time_to_repair = std::nullopt};
  std::get<AutoscalerCrashFault>(s.faults[0].body).at.reset();
  const Ran memo = run_whole(s);
  const Ran wire = run_whole(s, {.rpc_on_wire = true});
  CHECK(memo.summary.digest == wire.summary.digest);
  CHECK(facts_named(memo.facts, "AutoscalerCrashed").size() > 30);
}

TEST_CASE("a removal that a crash cuts short is begun anew: the taint goes at the start",
          "[scenario]") {
  Scenario s = small_scenario(40);
  s.duration = 70min;
  const Ran calm = run_whole(s);
  const Duration tainted = first_fact(calm.facts, "NodeTainted");
  REQUIRE(tainted > Duration{});
  s.faults.resize(1);
  s.faults[0].body = AutoscalerCrashFault{.at = tainted + 1s, .down_for = 20s};
  const Ran ran = run_whole(s, {.check_invariants = true});
  std::vector<nlohmann::json> cleaned;
  for (const auto& fact : facts_named(ran.facts, "NodeTainted")) {
    if (!fact.at("to_be_deleted").get<bool>()) cleaned.push_back(fact);
  }
  REQUIRE_FALSE(cleaned.empty());
  CHECK(process_time_of(cleaned[0]) > tainted + 21s);
  CHECK(process_time_of(cleaned[0]) < tainted + 21s + 15s);  // in the first loop
  CHECK(ran.summary.nodes.ready_at_end == 0);
}

TEST_CASE("without a probe a failing process is left alone", "[scenario]") {
  Scenario scenario = failing_scenario(200s, 500s);
  scenario.autoscaler.liveness.failure_threshold = 0;
  CHECK(facts_named(run_whole(scenario).facts, "AutoscalerKilled").empty());
}

TEST_CASE("the client's limit is that of the flags, where they set one", "[scenario]") {
  Scenario scenario = small_scenario(100);
  const std::string slow = run_whole(scenario).summary.digest;
  scenario.autoscaler.flags["kube-client-qps"] = config::Value("500");
  scenario.autoscaler.flags["kube-client-burst"] = config::Value("1000");
  const Ran fast = run_whole(scenario);
  scenario.autoscaler.flags.clear();
  scenario.autoscaler.api = ApiLimit{500, 1000};
  CHECK(run_whole(scenario).summary.digest == fast.summary.digest);
  CHECK(slow != fast.summary.digest);
}

TEST_CASE("quiet loops tell no reasons", "[scenario]") {
  Scenario scenario = small_scenario(10);
  scenario.node_groups[0].min = 1;
  scenario.duration = 3h;
  const std::string facts = run_whole(scenario).facts;
  CHECK(facts_named(facts, "LoopStarted").size() > 900);
  CHECK(facts_named(facts, "NodeUnremovable").size() < 100);
  const auto options = facts_named(facts, "OptionConsidered");
  REQUIRE_FALSE(options.empty());
  CHECK(options.front().at("rejected_by") == "");
}

TEST_CASE("flags can be numbers and booleans", "[scenario]") {
  AutoscalerScenario autoscaler;
  autoscaler.flags["max-nodes-total"] = config::Value(7);
  autoscaler.flags["balance-similar-node-groups"] = config::Value(true);
  autoscaler.flags["balancing-label"] =
      config::Value(config::Value::List{config::Value("a"), config::Value("b")});
  const AutoscalerFlags parsed = autoscaler_options(autoscaler);
  CHECK(parsed.problems.empty());
  CHECK(parsed.options.max_nodes_total == 7);
  CHECK(parsed.options.balance_similar_node_groups);
  CHECK(parsed.options.balancing_labels == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a flag is no object and not null, nor is an item of its list", "[scenario]") {
  const config::Value object(config::Value::Object{{"a", config::Value(1)}});
  for (const config::Value& value :
       {object, config::Value(), config::Value(config::Value::List{config::Value("a"), object})}) {
    AutoscalerScenario autoscaler;
    autoscaler.flags["startup-taint"] = value;
    const AutoscalerFlags parsed = autoscaler_options(autoscaler);
    REQUIRE(parsed.problems.size() == 1);
    CHECK(parsed.problems[0].flag == "startup-taint");
    CHECK(parsed.problems[0].message.starts_with("must be a text, a number, a boolean or a list"));
  }
}

TEST_CASE("the priority expander reads its ConfigMap from the scenario", "[scenario]") {
  Scenario scenario = small_scenario(20);
  NodeGroupConfig other = scenario.node_groups[0];
  other.name = "h";
  other.initial = 0;
  scenario.node_groups.push_back(other);
  scenario.autoscaler.flags["expander"] = config::Value("priority,least-waste");
  for (const std::string wanted : {"g", "h"}) {
    scenario.autoscaler.priorities = "10: ['.*']\n20: ['^" + wanted + "$']\n";
    const auto decided = facts_named(run_whole(scenario).facts, "ScaleUpDecided");
    REQUIRE_FALSE(decided.empty());
    for (const auto& fact : decided) CHECK(fact.at("group") == wanted);
  }
}
