#include "sim/scenario/autoscaler_flags.h"
#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

Duration time_of(const nlohmann::json& fact) { return from_seconds(fact.at("t").get<double>()); }

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
    if (time_of(loop) < 210s && loop.at("error") == "") last_success = time_of(loop);
  }
  const auto kills = facts_named(ran.facts, "AutoscalerKilled");
  REQUIRE(kills.size() == 1);
  // The first probe that is later than the limit, and two more.
  const LivenessScenario& liveness = scenario.autoscaler.liveness;
  const Duration limit = last_success + 2min;
  const Duration first_bad = (limit / liveness.probe_period + 1) * liveness.probe_period;
  const Duration killed = time_of(kills[0]);
  CHECK(killed == first_bad + 2 * liveness.probe_period);
  const auto starts = facts_named(ran.facts, "AutoscalerStarted");
  REQUIRE(starts.size() == 2);
  const Duration restarted = time_of(starts[1]);
  CHECK(restarted == killed + liveness.restart_time);
  // Nothing runs in between, and no loop's number comes twice.
  std::uint32_t number = 0;
  for (const auto& loop : facts_named(ran.facts, "LoopStarted")) {
    CHECK((time_of(loop) <= killed || time_of(loop) >= restarted));
    CHECK(loop.at("loop").get<std::uint32_t>() == ++number);
  }
  CHECK(ran.summary.pods.completed == 10);
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
