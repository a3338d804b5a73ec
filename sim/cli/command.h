// The subcommands of casim. Each takes its own arguments and answers with an exit code.
#pragma once

#include <string>
#include <vector>

namespace casim::sim {

// Of every subcommand. Design section 6.
enum ExitCode {
  kOk = 0,
  kThresholdBroken = 1,
  kBadInput = 2,         // command line, scenario, or a result folder that cannot be written
  kInvariantBroken = 3,  // a defect of casim
  kInterrupted = 130,    // by Ctrl-C; results so far are kept, marked partial
};

using Arguments = std::vector<std::string>;  // without the names of program and subcommand

// Runs a scenario and writes its result.
int run_command(const Arguments& arguments);
// Writes the report of a result that was made before.
int report_command(const Arguments& arguments);
// Says all that is wrong with a scenario.
int validate_command(const Arguments& arguments);
// What results of one scenario under several seeds say together.
int merge_command(const Arguments& arguments);
// Says what differs between two results, and fails when the new one is worse.
int compare_command(const Arguments& arguments);
// Keeps summaries of scenarios, and says what has changed since.
int baseline_command(const Arguments& arguments);
// Prints the JSON Schema of scenarios, or of results.
int schema_command(const Arguments& arguments);
// Runs a scenario with faults that are drawn, seed after seed, until one breaks something.
int fuzz_command(const Arguments& arguments);
// Makes a scenario of a snapshot of a cluster.
int import_command(const Arguments& arguments);
// Prints the catalogue of instance types.
int types_command(const Arguments& arguments);

}  // namespace casim::sim
