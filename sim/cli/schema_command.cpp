#include <fmt/format.h>

#include "sim/cli/command.h"
#include "sim/cli/options.h"
#include "sim/scenario/describe.h"
#include "src/config/config.h"

namespace casim::sim {

int schema_command(const Arguments& arguments) {
  po::options_description options("options");
  options.add_options()("help,h", "print this");
  const CommandLine line =
      parse_command_line(arguments, options, "usage: casim schema > casim.schema.json", nullptr);
  if (!line.goes_on) return line.exit_code;
  const config::Value schema = config::schema<Scenario>(
      "casim scenario", "A load, a cluster and a cloud: what casim run simulates.");
  fmt::print("{}\n", config::to_json(schema));
  return kOk;
}

}  // namespace casim::sim
