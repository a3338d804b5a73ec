// What the pages say of the tree is true of it.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

#include "tests/catch.h"

TEST_CASE("files that the pages name exist", "[tidy]") {
  namespace fs = std::filesystem;
  int named = 0;
  for (const char* page :
       {"README.md", "sim/README.md", "oracle/README.md", "scenarios/README.md"}) {
    if (!fs::exists(page)) continue;
    std::ifstream in(page);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const std::regex path(R"((src|sim|oracle|tests|bench)/[a-z0-9_/]+\.(h|cpp|md|json))");
    for (std::sregex_iterator it(text.begin(), text.end(), path), end; it != end; ++it) {
      CAPTURE(page, it->str());
      CHECK(fs::exists(it->str()));
      ++named;
    }
  }
  CHECK(named >= 15);
}
