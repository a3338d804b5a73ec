#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/catch.h"
#include "tests/oracle/oracle.h"
#include "tests/oracle/scheduler_cases.h"

namespace casim::oracle {
namespace {

std::vector<std::unique_ptr<CaseKind>> scheduler_kinds() {
  std::vector<std::unique_ptr<CaseKind>> kinds;
  kinds.push_back(make_scheduler_kind());
  return kinds;
}

}  // namespace

TEST_CASE("the scheduler does in small worlds what its rules say", "[oracle][scheduler]") {
  const auto kinds = scheduler_kinds();
  for (const CaseFile& file : load("tests/oracle/own_scheduler_cases.json")) {
    for (const nlohmann::json& one : file.cases) {
      const CaseResult result = run_case(kinds, one);
      CAPTURE(result.id, result.difference);
      CHECK(result.passed);
    }
  }
}

TEST_CASE("recorded scheduler cases are reproduced, where they are at hand",
          "[oracle][scheduler]") {
  const char* const variable = std::getenv("CASIM_ORACLE_CASES");
  const std::string paths = variable == nullptr ? "" : variable;
  const auto kinds = scheduler_kinds();
  for (std::size_t from = 0; from < paths.size();) {
    const std::size_t to = std::min(paths.find(':', from), paths.size());
    std::filesystem::path path = paths.substr(from, to - from);
    from = to + 1;
    if (std::filesystem::is_directory(path)) path /= "scheduler-cases.json";
    if (path.filename() != "scheduler-cases.json" || !std::filesystem::exists(path)) continue;
    for (const CaseFile& file : load(path)) {
      for (const nlohmann::json& one : file.cases) {
        const CaseResult result = run_case(kinds, one);
        CAPTURE(result.id, result.difference);
        CHECK(result.passed);
      }
    }
  }
}

}  // namespace casim::oracle
