#include "tests/catch.h"

TEST_CASE("the build knows where the sources are", "[tidy]") {
  CHECK(std::string(CASIM_SOURCE_DIR) != "");
}
