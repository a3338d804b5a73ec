#include <fmt/format.h>

#include "sim/cli/command.h"
#include "sim/cli/options.h"
#include "sim/scenario/load_plan.h"
#include "sim/scenario/load_scenario.h"

namespace casim::sim {

int validate_command(const Arguments& arguments) {
  ScenarioSource source;
  po::options_description options("options");
  options.add_options()("help,h", "print this")("set", po::value(&source.overrides),
                                                "override a value: workloads.web.count=500")(
      "scenario", po::value<std::string>(), "the scenario file");
  const CommandLine line = parse_command_line(
      arguments, options, "usage: casim validate SCENARIO [--set PATH=VALUE ...]", "scenario");
  if (!line.goes_on) return line.exit_code;
  if (line.values.count("scenario") == 0) {
    fmt::print(stderr, "casim: validate needs a scenario file\n");
    return kBadInput;
  }
  source.file = line.values["scenario"].as<std::string>();
  config::Problems problems;
  const auto loaded = load_scenario(source, problems);
  if (loaded) make_load_plan(*loaded, problems);
  fmt::print(stderr, "{}", problems.text());
  if (problems.has_errors()) return kBadInput;
  fmt::print("{}: valid\n", source.file.string());
  return kOk;
}

}  // namespace casim::sim
