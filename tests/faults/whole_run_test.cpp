// Faults in whole small worlds.
#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

namespace casim::sim {

using namespace std::chrono_literals;

namespace {

Duration time_of(const nlohmann::json& fact) { return from_seconds(fact.at("t").get<double>()); }

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

}  // namespace casim::sim
