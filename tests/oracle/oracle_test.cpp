#include "oracle/judge/oracle.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "oracle/arguments.h"
#include "oracle/loops/loop_sides.h"
#include "tests/catch.h"
#include "tests/oracle/given_cases.h"

namespace casim::oracle {
namespace {

// A file of cases that is gone when the test is over.
class OwnFile {
 public:
  OwnFile(const std::string& name, const std::string& text)
      : path_(std::filesystem::temp_directory_path() / (std::to_string(::getpid()) + name)) {
    std::ofstream(path_) << text;
  }

  ~OwnFile() { std::filesystem::remove(path_); }

  std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string problem_of(const std::string& path) {
  try {
    load(path);
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the autoscaler does in small worlds what its rules say", "[oracle]") {
  check_given("tests/oracle/own_cases.json");
}

TEST_CASE("autoscaler and scheduler together do what their rules say", "[oracle]") {
  check_given("tests/oracle/own_closed_cases.json");
}

TEST_CASE("recorded loops are reproduced where they are at hand", "[oracle]") {
  const auto files = given_files({"loops/burst.jsonl", "loops/pacing.jsonl", "loops/fail.jsonl",
                                  "loops/options.jsonl", "loops/rules.jsonl", "loops/sizes.jsonl",
                                  "loops/rpc.jsonl", "loops/limits.jsonl", "loops/daemon.jsonl",
                                  "loops/flow.jsonl", "loops/down.jsonl", "loops/health.jsonl",
                                  "loops/bulk.jsonl", "loops/balance.jsonl", "loops/price.jsonl",
                                  "loops/priority.jsonl", "loops/mix.jsonl", "loops/closed.jsonl"});
  for (const std::string& path : files) check_given(path);
}

TEST_CASE("where no case is, nothing passes", "[oracle]") {
  const OwnFile none("none.json", R"({"cases": []})");
  CHECK(problem_of(none.path()) == "no cases in " + none.path());
  const OwnFile blank("blank.jsonl", "\n");
  CHECK(problem_of(blank.path()) == "no cases in " + blank.path());
  CHECK(problem_of("tests/oracle/nowhere.json") == "cannot open tests/oracle/nowhere.json");
  CHECK(problem_of("tests/core") == "no cases in tests/core");
}

TEST_CASE("the command line names files, one case to explain, and no unknown option", "[oracle]") {
  const Arguments arguments = parse_arguments({"--explain", "burst-1", "a.jsonl", "b.json"});
  CHECK(arguments.explain == "burst-1");
  CHECK(arguments.paths == std::vector<std::string>{"a.jsonl", "b.json"});
  CHECK(parse_arguments({"--help"}).wants_help);
  CHECK_THROWS_WITH(parse_arguments({"--explian", "a.json"}), "unknown option --explian");
  CHECK_THROWS_WITH(parse_arguments({"a.json", "--explain"}), "--explain needs the id of a case");
  CHECK_THROWS_WITH(parse_arguments({}), "no file given");
}

TEST_CASE("what differs in a decision is explained with its case", "[oracle]") {
  nlohmann::json one = load("tests/oracle/own_decision_cases.json").front().cases.front();
  const auto kinds = case_kinds();
  CHECK(kinds.back()->explain(one).empty());
  one["expect"].begin().value() = "nonsense";
  const std::string text = kinds.back()->explain(one);
  CAPTURE(text);
  CHECK(text.find("\ngiven {") != std::string::npos);
  CHECK(text.find("\nexpect {") != std::string::npos);
}

TEST_CASE("a line that is no JSON is named", "[oracle]") {
  const OwnFile bad("bad.jsonl", "{\"id\": \"a-1\"}\n{\n");
  CHECK(problem_of(bad.path()).starts_with(bad.path() + ":2: "));
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
  std::vector<CaseFile> files = load("tests/oracle/own_cases.json");
  nlohmann::json one = files.front().cases.front();
  one["expect"]["loops"][2]["end"] = 20.05;
  const CaseResult result = run_case(case_kinds(), one);
  CHECK(result.difference == "loop 2 end: expected \"20.05\", got \"20.04\"");
}

TEST_CASE("an explanation shows the loop before and both sides of the first difference",
          "[oracle]") {
  std::vector<CaseFile> files = load("tests/oracle/own_cases.json");
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
