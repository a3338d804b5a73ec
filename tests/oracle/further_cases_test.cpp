#include "tests/oracle/further_cases.h"

#include <iostream>

#include "tests/catch.h"
#include "tests/oracle/own_folder.h"

namespace casim::oracle {

TEST_CASE("further cases are reproduced, where there are some", "[oracle]") {
  const char* const paths = std::getenv("CASIM_ORACLE_CASES");
  const std::vector<FurtherCase> further = further_cases(paths == nullptr ? "" : paths);
  const auto kinds = case_kinds();
  for (const FurtherCase& one : further) {
    const CaseResult result = run_case(kinds, one.text);
    CAPTURE(one.path, result.id, result.difference);
    CHECK((result.passed || result.skipped));
  }
  std::cout << further.size() << " further cases\n";
}

TEST_CASE("a further case is one that the project does not have", "[oracle]") {
  const OwnFolder folder;
  nlohmann::json one = load("oracle/cases/own/loops.json").front().cases.front();
  folder.put("again.jsonl", one.dump() + "\n");
  CHECK(further_cases(folder.path()).empty());
  one["given"]["duration_s"] = 24;
  folder.put("new.jsonl", one.dump() + "\n");
  folder.put("twice.jsonl", one.dump() + "\n");
  const std::string other = folder.put("other.jsonl", "{\"id\": \"of-no-kind\"}\n");
  const std::vector<FurtherCase> further = further_cases(":" + folder.path());
  REQUIRE(further.size() == 1);
  CHECK(further.front().text == one);
  CHECK(further_cases(folder.path() + ":" + other).size() == 2);  // named, so it must be built
}

}  // namespace casim::oracle
