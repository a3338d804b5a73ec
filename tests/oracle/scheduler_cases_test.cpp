#include <string>

#include "oracle/judge/oracle.h"
#include "oracle/scheduler/scheduler_cases.h"
#include "tests/catch.h"
#include "tests/oracle/given_cases.h"

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
  for (const std::string& path : given_files({"scheduler-cases.json"})) check_given(path);
}

}  // namespace casim::oracle
