#include "oracle/judge/oracle.h"

#include <algorithm>
#include <string>
#include <vector>

#include "oracle/arguments.h"
#include "oracle/judge/case_file.h"
#include "oracle/loops/loop_sides.h"
#include "tests/catch.h"

namespace casim::oracle {
namespace {

constexpr const char* kOwnLoops = "oracle/cases/own/loops.json";

}  // namespace

TEST_CASE("the command line names files, one case to explain, and no unknown option", "[oracle]") {
  const Arguments arguments = parse_arguments({"--explain", "burst-1", "a.jsonl", "b.json"});
  CHECK(arguments.explain == "burst-1");
  CHECK(arguments.paths == std::vector<std::string>{"a.jsonl", "b.json"});
  CHECK(parse_arguments({"--help"}).wants_help);
  CHECK_THROWS_WITH(parse_arguments({"--explian", "a.json"}),
                    "unknown option --explian; there are --explain and --help");
  CHECK_THROWS_WITH(parse_arguments({"a.json", "--explain"}), "--explain needs the id of a case");
  CHECK(parse_arguments({}).paths.empty());  // the project's own
}

TEST_CASE("what differs in a decision is explained with its case", "[oracle]") {
  nlohmann::json one = load("oracle/cases/own/decisions.json").front().cases.front();
  const auto kinds = case_kinds();
  CHECK(kinds.back()->explain(one).empty());
  one["expect"].begin().value() = "nonsense";
  const std::string text = kinds.back()->explain(one);
  CAPTURE(text);
  CHECK(text.find("\ngiven {") != std::string::npos);
  CHECK(text.find("\nexpect {") != std::string::npos);
}

TEST_CASE("a status that should have been written and was not differs", "[oracle]") {
  const LoopRecord silent;
  nlohmann::json expected{{"t", 0}, {"status", {{"health", "Healthy"}}}};
  const auto status_of = [&](bool is_own) {
    const std::vector<Compared> keys = compare(expected, silent, is_own);
    return std::find_if(keys.begin(), keys.end(),
                        [](const auto& k) { return k.key == "status"; }) != keys.end();
  };
  CHECK(status_of(true));
  CHECK_FALSE(status_of(false));  // as in the loop before, so perhaps not written
}

TEST_CASE("a case of no known kind fails", "[oracle]") {
  const CaseResult result = run_case(case_kinds(), nlohmann::json{{"id", "x-1"}});
  CHECK_FALSE(result.passed);
  CHECK(result.family == "x");
}

TEST_CASE("a case that differs names its first difference", "[oracle]") {
  std::vector<CaseFile> files = load(kOwnLoops);
  nlohmann::json one = files.front().cases.front();
  one["expect"]["loops"][2]["end"] = 20.05;
  const CaseResult result = run_case(case_kinds(), one);
  CHECK(result.difference == "loop 2 end: expected \"20.05\", got \"20.04\"");
}

TEST_CASE("an explanation shows the loop before and both sides of the first difference",
          "[oracle]") {
  std::vector<CaseFile> files = load(kOwnLoops);
  nlohmann::json one = files.front().cases.at(1);  // two pods are too new for loop 1
  one["expect"]["loops"][2]["targets"]["g"] = 3;
  const auto kinds = case_kinds();
  const std::string text = kinds.front()->explain(one);
  CAPTURE(text);
  const auto says = [&](const char* part) { return text.find(part) != std::string::npos; };
  CHECK(text.starts_with("loop 1\n"));
  CHECK(says("* targets\n    expected {\"g\":3}\n    got      {\"g\":2}\n"));
  CHECK(says("  why: option g: 2 nodes for 2 pods, chosen\n"));
  CHECK_FALSE(says("loop 3"));
}

}  // namespace casim::oracle
