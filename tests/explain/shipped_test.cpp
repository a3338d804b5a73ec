// For every scenario that is shipped: what is explained of its slowest pods is what pods.csv says.
#include <algorithm>
#include <filesystem>

#include "tests/catch.h"
#include "tests/explain/explained_run.h"
#include "tests/explain/told_parts.h"

namespace casim::sim {

TEST_CASE("the slowest pods of each shipped scenario are explained as pods.csv has them",
          "[explain]") {
  int explained = 0;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator("scenarios")) {
    const std::string name = entry.path().stem().string();
    // These two need traces that are not part of casim.
    const bool has_trace = name == "openb" || name == "surf";
    if (entry.path().extension() == ".json" && !has_trace) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  for (const auto& file : files) {
    CAPTURE(file);
    config::Problems problems;
    auto loaded = load_scenario({file, {}}, problems);
    REQUIRE(loaded);
    ExplainedRun run(*std::move(loaded));
    std::istringstream csv(run.pods_csv());
    const auto pods = test::pods_by_name(csv);
    for (const std::string& text : run.explain("slowest")) {
      CAPTURE(text);
      // The first line is "NAME waited ...", "NAME never ran", or that nobody waited.
      if (text.starts_with("no pod of the run waited") || text.find(" never ran\n") < 100) continue;
      const std::string name = text.substr(0, text.find(' '));
      REQUIRE(pods.contains(name));
      CHECK(test::parts_told(text) == test::parts_in(pods.at(name)));
      ++explained;
    }
  }
  CHECK(explained > 30);
}

}  // namespace casim::sim
