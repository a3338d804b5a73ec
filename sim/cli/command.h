// The subcommands of casim. Each takes its own arguments and answers with an exit code.
#pragma once

#include <string>
#include <vector>

namespace casim::sim {

// Design section 6.
enum ExitCode {
  kOk = 0,
  kRegression = 1,
  kBadInput = 2,
  kInvariantBroken = 3,
  kInterrupted = 130,
};

using Arguments = std::vector<std::string>;

int run_command(const Arguments& arguments);
int validate_command(const Arguments& arguments);
int schema_command(const Arguments& arguments);

}  // namespace casim::sim
