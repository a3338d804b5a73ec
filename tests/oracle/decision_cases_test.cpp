#include <set>
#include <string>
#include <vector>

#include "oracle/decisions/decision.h"
#include "oracle/judge/case_file.h"
#include "tests/catch.h"

namespace casim::oracle {
namespace {

std::vector<std::unique_ptr<CaseKind>> decision_kinds() {
  std::vector<std::unique_ptr<CaseKind>> kinds;
  kinds.push_back(make_decision_kind());
  return kinds;
}

Json backoff_case() {
  Json one;
  one["id"] = "backoff-x";
  one["family"] = "backoff";
  one["determinism"] = "exact";
  one["given"] = {{"initial_s", 60}, {"max_s", 60}, {"reset_s", 600}, {"failures_at_s", {0}}};
  one["expect"]["checks"] = {{{"t_s", 10}, {"after_failures", 1}, {"backed_off", true}}};
  return one;
}

}  // namespace

TEST_CASE("every family of decisions has a case that was decided by hand", "[oracle][decision]") {
  std::set<std::string> families;
  const std::vector<CaseFile> files = load("oracle/cases/own/decisions.json");
  for (const Json& one : files.front().cases) {
    families.insert(one.at("family").get<std::string>());
  }
  CHECK(families.size() == 23);
}

TEST_CASE("a decision that differs names key, expectation and outcome", "[oracle][decision]") {
  Json one = backoff_case();
  CHECK(run_case(decision_kinds(), one).passed);
  one["expect"]["checks"][0]["backed_off"] = false;
  const CaseResult result = run_case(decision_kinds(), one);
  CHECK_FALSE(result.passed);
  CHECK(result.difference.starts_with("checks: expected [{"));
}

TEST_CASE("what a case says and nobody reads fails it", "[oracle][decision]") {
  const auto kinds = decision_kinds();
  Json unknown_input = backoff_case();
  unknown_input["given"]["jitter_s"] = 1;
  CHECK(run_case(kinds, unknown_input).difference == "unknown key \"jitter_s\"");
  Json unknown_output = backoff_case();
  unknown_output["expect"]["until_s"] = 60;
  CHECK(run_case(kinds, unknown_output).difference == "unknown expectation \"until_s\"");
  Json unknown_kind = backoff_case();
  unknown_kind["family"] = "cluster_state";
  unknown_kind["given"] = {{"kind", "weather"}};
  CHECK(run_case(kinds, unknown_kind).difference == "unknown kind weather");
  Json unknown_family = backoff_case();
  unknown_family["family"] = "weather";
  CHECK_FALSE(run_case(kinds, unknown_family).passed);
}

TEST_CASE("a case of another version is not held against the one that is modelled",
          "[oracle][decision]") {
  Json one = backoff_case();
  one["expect"]["checks"][0]["backed_off"] = false;
  for (const char* other : {">=1.38", "<=1.36", "1.36", "=1.35"}) {
    CAPTURE(other);
    one["version"] = other;
    CHECK(run_case(decision_kinds(), one).skipped);
    CHECK_FALSE(run_case(decision_kinds(), one).passed);
  }
  for (const char* modelled : {">=1.37", ">=1.35", "<=1.37", "1.37", ""}) {
    CAPTURE(modelled);
    one["version"] = modelled;
    CHECK_FALSE(run_case(decision_kinds(), one).skipped);
    CHECK(run_case(decision_kinds(), one).difference.starts_with("checks: "));
  }
  one["version"] = "~1.37";
  CHECK(run_case(decision_kinds(), one).difference == "unknown version ~1.37");
}

TEST_CASE("only what a decision leaves open may differ", "[oracle][decision]") {
  Decision decision;
  decision.got = {{"list", {1, 2}}, {"part", {{"a", 1}, {"b", 2}}}, {"number", 100.0}};
  CHECK(difference({{"list", {1, nullptr}}}, decision, "exact").empty());
  CHECK_FALSE(difference({{"list", {2, 1}}}, decision, "exact").empty());
  CHECK(difference({{"list", {2, 1}}}, decision, "set").empty());
  CHECK_FALSE(difference({{"part", {{"a", 1}}}}, decision, "exact").empty());
  decision.partial = {"part"};
  CHECK(difference({{"part", {{"a", 1}}}}, decision, "exact").empty());
  CHECK_FALSE(difference({{"number", 100.5}}, decision, "exact").empty());
  decision.tolerance = {{"number", 0.01}};
  CHECK(difference({{"number", 100.5}}, decision, "exact").empty());
  CHECK_FALSE(difference({{"number", 102}}, decision, "exact").empty());
  CHECK_FALSE(difference({{"number", 100.0}}, decision, "roughly").empty());
}

}  // namespace casim::oracle
