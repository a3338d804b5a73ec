#include "sim/study/thresholds.h"

#include "sim/scenario/load_plan.h"
#include "tests/catch.h"
#include "tests/metrics/told_world.h"

namespace casim::sim {
namespace {

std::string problems_of(const std::string& threshold) {
  config::Problems problems;
  const auto loaded = load_scenario(
      {"scenarios/first-burst.json", {"thresholds=[\"" + threshold + "\"]"}}, problems);
  REQUIRE(loaded);
  read_thresholds(*loaded, problems);
  return problems.text();
}

Summary judged(bool is_partial) {
  config::Problems problems;
  const auto loaded = load_scenario(
      {"scenarios/first-burst.json", {R"(thresholds=["pods.lost == 0", "pods.created > 3"])"}},
      problems);
  REQUIRE(loaded);
  Summary summary;
  summary.partial = is_partial;
  judge_thresholds(read_thresholds(*loaded, problems), ToldWorld().collectors, summary);
  return summary;
}

}  // namespace

TEST_CASE("a threshold that cannot be judged is refused at its place", "[study]") {
  CHECK(problems_of("pods.unserved == 0").empty());
  CHECK(problems_of("pods.unservd == 0").find("thresholds[0]: no value \"pods.unservd\"") !=
        std::string::npos);
}

TEST_CASE("a whole run is judged, a partial one is not", "[study]") {
  const Summary whole = judged(false);
  REQUIRE(whole.thresholds.size() == 2);
  CHECK(whole.thresholds[0].holds == true);
  CHECK(whole.thresholds[1].holds == false);
  CHECK(whole.thresholds[1].measured == "0 pods");
  CHECK(breaks_threshold(whole));
  const Summary partial = judged(true);
  CHECK_FALSE(partial.thresholds[1].holds.has_value());
  CHECK_FALSE(breaks_threshold(partial));
}

TEST_CASE("thresholds of shipped scenarios can be judged", "[study]") {
  for (const auto& entry : std::filesystem::directory_iterator("scenarios")) {
    if (entry.path().extension() != ".json") continue;
    INFO(entry.path());
    config::Problems problems;
    const auto loaded = load_scenario({entry.path(), {}}, problems);
    REQUIRE(loaded);
    CHECK(read_thresholds(*loaded, problems).size() == loaded->scenario.thresholds.size());
  }
}

}  // namespace casim::sim
