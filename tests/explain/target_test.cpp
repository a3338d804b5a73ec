// What is told of one thing of a small world, cause by cause.
#include "tests/catch.h"
#include "tests/explain/explained_run.h"
#include "tests/explain/told_parts.h"

namespace casim::sim {
namespace {

using namespace std::chrono_literals;

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string only(const std::vector<std::string>& texts) {
  REQUIRE(texts.size() == 1);
  return texts.front();
}

}  // namespace

TEST_CASE("each pod's stages are those of pods.csv", "[explain]") {
  ExplainedRun run(troubled_scenario());
  std::istringstream csv(run.pods_csv());
  int waited = 0;
  for (const auto& [name, row] : test::pods_by_name(csv)) {
    if (row.at("index") != "3" && row.at("index") != "20" && row.at("index") != "39") continue;
    CAPTURE(name);
    const auto expected = test::parts_in(row);
    CHECK(test::parts_told(only(run.explain("pod/" + name))) == expected);
    waited += expected.contains("boot") ? 1 : 0;
  }
  CHECK(waited >= 2);
}

TEST_CASE("a provider that is down is a cause of the wait", "[explain]") {
  Scenario s = small_scenario(40);
  s.faults.resize(1);
  // From before the burst at 30 s until long after.
  s.faults[0].body = ProviderCrashFault{.at = 20s, .down_for = 60s};
  ExplainedRun run(s);
  const std::string told = run.explain("slowest").front();
  CAPTURE(told);
  CHECK(says(told, "loops fail: "));
  CHECK(says(told, "the provider starts"));
}

TEST_CASE("the autoscaler's crash is a cause of the wait", "[explain]") {
  Scenario s = small_scenario(40);
  s.faults.resize(1);
  s.faults[0].body = AutoscalerCrashFault{.at = 29s, .down_for = 2min};
  ExplainedRun run(s);
  const std::string told = run.explain("slowest").front();
  CAPTURE(told);
  CHECK(says(told, "the autoscaler starts"));
}

TEST_CASE("a pod that nothing can serve says what stood in the way", "[explain]") {
  Scenario s = small_scenario(40);
  s.node_groups[0].max = 2;
  s.node_groups[0].initial = 1;
  std::get<BurstWorkload>(s.workloads[0].body).run_for = 5h;
  ExplainedRun run(s);
  const std::string told = run.explain("slowest").front();
  CAPTURE(told);
  CHECK(says(told, " never ran"));
  CHECK(says(told, "It waited "));
  CHECK(says(told, "g was passed over for "));
  CHECK(says(told, "max node group size reached"));
}

TEST_CASE("a pod that no node can hold says why", "[explain]") {
  Scenario s = small_scenario(2);
  std::get<BurstWorkload>(s.workloads[0].body).pod.resources.requests.cpu = MilliCpu(64'000);
  ExplainedRun run(s);
  CHECK(says(only(run.explain("pod/web-0")), "No node can hold it: "));
  CHECK(only(run.explain("slowest")) == "no pod of the run waited for a new node");
}

TEST_CASE("a machine that vanishes is told of its node and its group", "[explain]") {
  ExplainedRun run(troubled_scenario());
  std::string lost;
  for (const NodeRecord& node : run.finished().nodes.nodes()) {
    if (node.gone != kTimeNever && node.gone < kTimeZero + 10min) lost = node.name;
  }
  REQUIRE_FALSE(lost.empty());
  const std::string told = only(run.explain("node/" + lost));
  CAPTURE(told);
  CHECK(says(told, " is gone"));
  CHECK(says(only(run.explain("group/g")), "orders "));
}

TEST_CASE("no loop had begun before the first one", "[explain]") {
  ExplainedRun run(small_scenario(2));
  CHECK(says(only(run.explain("loop/0")), "No loop of the autoscaler had begun at 0.000 s"));
  CHECK(says(only(run.explain("loop/10")), "Loop 1 began at "));
}

TEST_CASE("a narrow terminal wraps, a wide one does not, and colour is asked for", "[explain]") {
  Explanation explanation;
  explanation.title = "a";
  explanation.sentences = {"one two three four five six seven eight nine ten eleven twelve"};
  TerminalStyle narrow;
  narrow.width = 40;
  CHECK(to_text(explanation, narrow) ==
        "a\n  one two three four five six seven\n  eight nine ten eleven twelve\n");
  TerminalStyle coloured;
  coloured.colour = true;
  CHECK(to_text(explanation, coloured).starts_with("\033[1ma\033[0m\n"));
}

}  // namespace casim::sim
