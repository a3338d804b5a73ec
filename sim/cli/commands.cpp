#include "sim/cli/command.h"

namespace casim::sim {
namespace {

constexpr Command kCommands[] = {
    {"run", "run a scenario and write its result", run_command},
    {"validate", "check a scenario without running it", validate_command},
    {"report", "write the report of a result, with charts, as one page", report_command},
    {"explain", "say why a pod waited, or what came of a node, a group or a loop", explain_command},
    {"requirements", "list what the EC2 API must satisfy, per path, from results",
     requirements_command},
    {"merge", "join results of one scenario under several seeds", merge_command},
    {"compare", "compare two results, for CI: is the new one worse?", compare_command},
    {"baseline", "keep results, and say what has changed since", baseline_command},
    {"schema", "print the JSON Schema of scenarios, for editors, or of results", schema_command},
    {"import", "make a scenario of a cluster, of what kubectl get prints", import_command},
    {"live", "serve a scenario's machines to a real cluster-autoscaler", live_command},
    {"fuzz", "search for faults that break something", fuzz_command},
    {"ec2", "serve the EC2 model over HTTP, for real clients", ec2_command},
    {"types", "print the instance types of EC2 that scenarios may name", types_command},
    {"help", "print the help of casim or of a command, or its man page", help_command},
    {"completion", "print what makes a shell complete casim's commands", completion_command},
};

}  // namespace

std::span<const Command> commands() { return kCommands; }

CommandSyntax syntax_of(const Command& command) {
  CommandSyntax syntax;
  command.run({{}, &syntax});
  return syntax;
}

}  // namespace casim::sim
