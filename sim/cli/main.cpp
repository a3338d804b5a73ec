#include <cstdio>
#include <exception>

#include <fmt/format.h>

#include "sim/cli/command.h"
#include "sim/cli/help_text.h"
#include "src/config/names.h"
#include "src/core/version.h"

namespace casim::sim {
namespace {

int dispatch(const std::vector<std::string>& words) {
  if (words.empty()) {
    fmt::print(stderr, "{}", overview());
    return kBadInput;
  }
  const std::string& name = words.front();
  if (name == "--help" || name == "-h") {
    fmt::print("{}", overview());
    return kOk;
  }
  if (name == "--version") {
    fmt::print("casim {}\n", kResultsVersion);
    return kOk;
  }
  const Arguments arguments{{words.begin() + 1, words.end()}};
  for (const Command& command : commands()) {
    if (name == command.name) return command.run(arguments);
  }
  fmt::print(stderr, "casim: {}\n", unknown_command(name));
  return kBadInput;
}

}  // namespace
}  // namespace casim::sim

int main(int argc, char** argv) {
  try {
    return casim::sim::dispatch({argv + 1, argv + argc});
  } catch (const std::exception& e) {
    fmt::print(stderr, "casim: internal error: {}\n", e.what());
    return casim::sim::kInvariantBroken;
  }
}
