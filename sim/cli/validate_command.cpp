#include <fmt/format.h>

#include "sim/cli/command.h"
#include "sim/cli/forecast_text.h"
#include "sim/cli/options.h"
#include "sim/scenario/load_plan.h"
#include "sim/scenario/load_scenario.h"
#include "sim/study/thresholds.h"
#include "sim/world/world.h"

namespace casim::sim {

int validate_command(const Arguments& arguments) {
  ScenarioSource source;
  po::options_description options("options");
  bool explain = false;
  options.add_options()("help,h", "print this")(
      "explain", po::bool_switch(&explain),
      "say what its load would offer, over time and per node group, without running it")(
      "set", po::value(&source.overrides), "override a value: workloads.web.count=500")(
      "scenario", po::value<std::string>(), "the scenario file");
  const CommandLine line =
      parse_command_line(arguments, options,
                         {"SCENARIO [--explain] [--set PATH=VALUE ...]",
                          "Says all that is wrong with a scenario, without running it.",
                          "casim validate scenarios/first-burst.json --explain"},
                         "scenario");
  if (!line.goes_on) return line.exit_code;
  if (line.values.count("scenario") == 0) {
    fmt::print(stderr, "casim: validate needs a scenario file\n");
    return kBadInput;
  }
  source.file = line.values["scenario"].as<std::string>();
  config::Problems problems;
  const auto loaded = load_scenario(source, problems);
  LoadPlan plan;
  if (loaded) {
    plan = make_load_plan(*loaded, problems);
    read_thresholds(*loaded, problems);
  }
  fmt::print(stderr, "{}", problems.text());
  if (problems.has_errors()) return kBadInput;
  fmt::print("{}: valid\n", source.file.string());
  if (explain) {
    const double pods = pods_created(loaded->scenario, plan);
    fmt::print("{}", to_text(forecast(loaded->scenario, std::move(plan))));
    fmt::print(
        "\n  Memory\n    a run keeps {} bytes of each of about {:.3g} pods, {:.1f} MiB in "
        "all, and more while they live\n",
        World::bytes_per_pod(), pods,
        pods * static_cast<double>(World::bytes_per_pod()) / (1024.0 * 1024));
  }
  return kOk;
}

}  // namespace casim::sim
