#include "tests/oracle/oracle.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/catch.h"

namespace casim::oracle {
namespace {

// Of a folder of recorded cases: the files that are reproduced whole.
constexpr const char* kReproduced[] = {
    "loops/burst.jsonl",  "loops/pacing.jsonl",  "loops/fail.jsonl",  "loops/options.jsonl",
    "loops/rules.jsonl",  "loops/sizes.jsonl",   "loops/rpc.jsonl",   "loops/limits.jsonl",
    "loops/daemon.jsonl", "loops/flow.jsonl",    "loops/down.jsonl",  "loops/health.jsonl",
    "loops/bulk.jsonl",   "loops/balance.jsonl", "loops/price.jsonl", "loops/priority.jsonl",
    "loops/mix.jsonl",    "loops/closed.jsonl"};

void check_all(const std::string& path) {
  const auto kinds = case_kinds();
  for (const CaseFile& file : load(path)) {
    for (const nlohmann::json& one : file.cases) {
      const CaseResult result = run_case(kinds, one);
      CAPTURE(path, result.id, result.difference);
      CHECK(result.passed);
    }
  }
}

std::vector<std::string> given_paths() {
  const char* const variable = std::getenv("CASIM_ORACLE_CASES");
  const std::string text = variable == nullptr ? "" : variable;
  std::vector<std::string> paths;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find(':', from), text.size());
    if (to > from) paths.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return paths;
}

}  // namespace

TEST_CASE("the autoscaler does in small worlds what its rules say", "[oracle]") {
  check_all("tests/oracle/own_cases.json");
}

TEST_CASE("autoscaler and scheduler together do what their rules say", "[oracle]") {
  check_all("tests/oracle/own_closed_cases.json");
}

TEST_CASE("recorded loops are reproduced where they are at hand", "[oracle]") {
  for (const std::string& path : given_paths()) {
    if (!std::filesystem::is_directory(path)) {
      check_all(path);
      continue;
    }
    for (const char* file : kReproduced) {
      const std::string full = path + "/" + file;
      if (std::filesystem::exists(full)) check_all(full);
    }
  }
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
