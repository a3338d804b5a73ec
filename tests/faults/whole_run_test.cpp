// Faults in whole small worlds.
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
  CHECK(refused_launches > 7);  // 7 nodes are ordered, and each is tried again
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

}  // namespace casim::sim
