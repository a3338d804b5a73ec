#include <fmt/format.h>

#include "sim/cli/command.h"
#include "sim/cli/options.h"
#include "sim/report/result_schema.h"
#include "sim/scenario/describe.h"
#include "src/config/config.h"

namespace casim::sim {

int schema_command(const Arguments& arguments) {
  bool of_results = false;
  po::options_description options("options");
  options.add_options()("help,h", "print this")(
      "result", po::bool_switch(&of_results),
      "the JSON Schema of results (summary.json): each value with its unit, its meaning, and "
      "whether lower or higher is better; else that of scenarios");
  const CommandLine line = parse_command_line(
      arguments, options,
      {"[--result]",
       "The JSON Schema of scenarios, with every member, its meaning and its default, or of "
       "results.",
       "casim schema > casim.schema.json"},
      nullptr);
  if (!line.goes_on) return line.exit_code;
  if (of_results) {
    fmt::print("{}", result_schema());
    return kOk;
  }
  const config::Value schema = config::schema<Scenario>(
      "casim scenario", "A load, a cluster and a cloud: what casim run simulates.");
  fmt::print("{}\n", config::to_json(schema));
  return kOk;
}

}  // namespace casim::sim
