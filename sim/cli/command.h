// The subcommands of casim. Each takes its own arguments and answers with an exit code.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
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

// What they say to a user.
inline constexpr std::array<std::pair<int, std::string_view>, 5> kExitCodes = {{
    {kOk, "all is well"},
    {kThresholdBroken, "a threshold of the scenario is broken, or a comparison fails"},
    {kBadInput, "the command line, a scenario or a result is wrong, or a file cannot be written"},
    {kInvariantBroken, "the run broke: a defect of casim, or its event limit"},
    {kInterrupted, "interrupted; what there was until then is kept, marked partial"},
}};

// How a command is called, for its help, the man page and completion.
struct CommandUsage {
  std::string synopsis;  // behind the command's name: "SCENARIO [options]"
  std::string text;      // what it does, in sentences
  std::string example;   // a whole command line
};

struct CommandOption {
  std::string name;  // without dashes
  char letter = 0;   // 0: has none
  bool takes_value = false;
  std::string help;
};

// What a command takes.
struct CommandSyntax {
  CommandUsage usage;
  std::vector<CommandOption> options;
};

struct Arguments {
  std::vector<std::string> words;  // without the names of program and subcommand
  // Not null: the command fills it, by parse_command_line(), and does nothing else.
  CommandSyntax* syntax = nullptr;
};

// Runs a scenario and writes its result.
int run_command(const Arguments& arguments);
// Writes the report of a result that was made before.
int report_command(const Arguments& arguments);
// Says all that is wrong with a scenario.
int validate_command(const Arguments& arguments);
// Says of one thing of a run what came of it, and why.
int explain_command(const Arguments& arguments);
// Prints what the EC2 API must satisfy for the paths of results.
int requirements_command(const Arguments& arguments);
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
// Serves a scenario's machines to a real autoscaler.
int live_command(const Arguments& arguments);
// Makes a scenario of a snapshot of a cluster.
int import_command(const Arguments& arguments);
// Serves the EC2 model over HTTP.
int ec2_command(const Arguments& arguments);
// Prints the catalogue of instance types.
int types_command(const Arguments& arguments);
// Prints the help of casim or of a command, or the man page.
int help_command(const Arguments& arguments);
// Prints what makes a shell complete command lines of casim.
int completion_command(const Arguments& arguments);

// A row of the table of commands.
struct Command {
  const char* name;
  const char* help;  // in one line
  int (*run)(const Arguments&);
};

std::span<const Command> commands();

// As its own command line parser has it.
CommandSyntax syntax_of(const Command& command);

}  // namespace casim::sim
