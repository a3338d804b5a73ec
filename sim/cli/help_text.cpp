#include "sim/cli/help_text.h"

#include <fmt/format.h>

#include "src/config/names.h"
#include "src/core/version.h"

namespace casim::sim {

std::string overview() {
  std::string out = fmt::format(
      "casim {}: how will node autoscaling behave under bursts and cloud failures?\n\n"
      "usage: casim COMMAND [ARGUMENTS]\n\n",
      kResultsVersion);
  for (const Command& command : commands()) {
    out += fmt::format("  {:<12} {}\n", command.name, command.help);
  }
  return out +
         "\ncasim COMMAND --help tells more. Example:\n"
         "  casim run scenarios/first-burst.json --set workloads.web.count=500\n";
}

std::string unknown_command(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Command& command : commands()) names.emplace_back(command.name);
  return fmt::format("unknown command \"{}\"{}", name, config::suggestion(name, names));
}

}  // namespace casim::sim
