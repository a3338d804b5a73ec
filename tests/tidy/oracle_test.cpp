// What judges recorded cases is the simulator itself, not code of its own.
#include <fstream>
#include <iterator>
#include <string>

#include "tests/catch.h"

TEST_CASE("recorded cases are judged by the simulator's own units", "[tidy]") {
  const auto includes = [](const char* path, const char* header) {
    std::ifstream in(path);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    return text.find(std::string("#include \"") + header + '"') != std::string::npos;
  };
  CHECK(includes("oracle/loops/loop_run.cpp", "sim/autoscaler/core/autoscaler.h"));
  CHECK(includes("oracle/scheduler/scheduler_world.h", "sim/scheduler/scheduler.h"));
}
