// How long files and functions are, against the style's aims.

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <map>
#include <string_view>
#include <vector>

#include "tests/catch.h"
#include "tests/tidy/functions.h"
#include "tests/tidy/source_text.h"
#include "tests/tidy/sources.h"

using namespace casim::tidy;

namespace {

constexpr std::size_t kFunctionLinesMax = 60;

// Files with a function that may pass kFunctionLinesMax, its limit and why.
const std::map<std::string_view, std::size_t> kLongFunctions = {
    {"sim/autoscaler/options/flags.cpp", 100},  // a table
    {"sim/world/world.cpp", 83},                // the initialiser list of the composition root
};

}  // namespace

TEST_CASE("files and functions stay as short as the style asks", "[tidy]") {
  std::vector<std::size_t> files;
  std::vector<std::size_t> functions;
  for (const SourceFile& source : read_sources(std::filesystem::current_path())) {
    if (source.path.starts_with("tests/") || source.path.starts_with("bench/")) continue;
    files.push_back(lines_of(source.text).size());
    for (const Function& function : functions_in(source.text)) {
      functions.push_back(function.lines);
      CAPTURE(source.path, function.first_line, function.lines);
      const auto longer = kLongFunctions.find(source.path);
      CHECK(function.lines <=
            (longer == kLongFunctions.end() ? kFunctionLinesMax : longer->second));
    }
  }
  const auto at = [](std::vector<std::size_t>& values, std::size_t percent) {
    std::ranges::sort(values);
    return values.at((values.size() - 1) * percent / 100);
  };
  std::cout << "files: " << files.size() << ", lines median " << at(files, 50) << ", p90 "
            << at(files, 90) << ", max " << at(files, 100) << "\n"
            << "functions: " << functions.size() << ", lines median " << at(functions, 50)
            << ", p90 " << at(functions, 90) << ", max " << at(functions, 100) << "\n";
  CHECK(at(files, 50) <= 80);
  CHECK(at(files, 90) <= 220);
  CHECK(at(functions, 50) <= 10);
  CHECK(at(functions, 90) <= 30);
}

TEST_CASE("functions are measured from their first line to their last", "[tidy]") {
  const auto found = functions_in(
      "namespace a {\nstruct S {\n  int f() const { return 1; }\n  int x = 0;\n};\n"
      "int g(int a,\n      int b) {\n  if (a) {\n    return b;\n  }\n  return 0;\n}\n"
      "const int k[] = {1, 2};\nvoid h() {\n  const auto l = [] {\n    return 1;\n  };\n}\n}\n");
  REQUIRE(found.size() == 3);
  CHECK((found[0].first_line == 3 && found[0].lines == 1));
  CHECK((found[1].first_line == 6 && found[1].lines == 7));
  CHECK((found[2].first_line == 14 && found[2].lines == 5));
}
