// What casim says of its own commands.
#pragma once

#include <string>
#include <string_view>

#include "sim/cli/command.h"

namespace casim::sim {

// All commands, a line each.
std::string overview();

// "unknown command "rum"; did you mean "run"? allowed: ..."
std::string unknown_command(std::string_view name);

// casim(1), for man.
std::string man_page();

// The scripts that complete command lines.
std::string bash_completion();
std::string zsh_completion();

}  // namespace casim::sim
