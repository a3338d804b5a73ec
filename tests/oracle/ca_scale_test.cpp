// Recorded loops of thousands of nodes.
#include "tests/catch.h"
#include "tests/oracle/given_cases.h"

namespace casim::oracle {

TEST_CASE("recorded loops of large clusters are reproduced where they are at hand", "[oracle]") {
  for (const std::string& path : given_files({"loops/ca-scale.jsonl"})) check_given(path);
}

}  // namespace casim::oracle
