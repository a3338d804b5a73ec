#include <cstdio>
#include <exception>

#include <fmt/format.h>

#include "sim/cli/command.h"
#include "src/config/names.h"
#include "src/core/version.h"

namespace casim::sim {
namespace {

struct Command {
  const char* name;
  const char* help;
  int (*run)(const Arguments&);
};

constexpr Command kCommands[] = {
    {"run", "run a scenario and write its result", run_command},
    {"report", "write the report of a result, with charts, as one page", report_command},
    {"validate", "check a scenario without running it", validate_command},
    {"merge", "join results of one scenario under several seeds", merge_command},
    {"compare", "compare two results, for CI: is the new one worse?", compare_command},
    {"baseline", "keep results, and say what has changed since", baseline_command},
    {"schema", "print the JSON Schema of scenarios, for editors, or of results", schema_command},
    {"import", "make a scenario of a cluster, of what kubectl get prints", import_command},
    {"fuzz", "search for faults that break something", fuzz_command},
    {"types", "print the instance types of EC2 that scenarios may name", types_command},
};

void print_usage(std::FILE* to) {
  fmt::print(to,
             "casim {}: how will node autoscaling behave under bursts and cloud failures?\n\n"
             "usage: casim COMMAND [ARGUMENTS]\n\n",
             kResultsVersion);
  for (const Command& command : kCommands) {
    fmt::print(to, "  {:<10} {}\n", command.name, command.help);
  }
  fmt::print(to,
             "\ncasim COMMAND --help tells more. Example:\n"
             "  casim run scenarios/first-burst.json --set workloads.web.count=500\n");
}

int dispatch(const Arguments& arguments) {
  if (arguments.empty()) {
    print_usage(stderr);
    return kBadInput;
  }
  const std::string& name = arguments.front();
  if (name == "--help" || name == "-h" || name == "help") {
    print_usage(stdout);
    return kOk;
  }
  if (name == "--version") {
    fmt::print("casim {}\n", kResultsVersion);
    return kOk;
  }
  std::vector<std::string_view> names;
  for (const Command& command : kCommands) {
    if (name == command.name) return command.run(Arguments(arguments.begin() + 1, arguments.end()));
    names.emplace_back(command.name);
  }
  fmt::print(stderr, "casim: unknown command \"{}\"{}\n", name, config::suggestion(name, names));
  return kBadInput;
}

}  // namespace
}  // namespace casim::sim

int main(int argc, char** argv) {
  try {
    return casim::sim::dispatch(casim::sim::Arguments(argv + 1, argv + argc));
  } catch (const std::exception& e) {
    fmt::print(stderr, "casim: internal error: {}\n", e.what());
    return casim::sim::kInvariantBroken;
  }
}
