// casim(1) in the man macros, made of the table of commands and their options.
#include <fmt/format.h>

#include "sim/cli/help_text.h"
#include "src/core/version.h"

namespace casim::sim {
namespace {

// As text of roff: no dash becomes a hyphen, no line a request.
std::string roff(std::string_view text) {
  std::string out;
  bool at_start = true;
  for (const char c : text) {
    if (at_start && (c == '.' || c == '\'')) out += "\\&";
    at_start = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string option_entry(const CommandOption& option) {
  const std::string letter =
      option.letter == 0 ? "" : fmt::format("\\fB\\-{}\\fR, ", option.letter);
  return fmt::format(".TP\n{}\\fB\\-\\-{}\\fR{}\n{}\n", letter, roff(option.name),
                     option.takes_value ? " \\fIVALUE\\fR" : "", roff(option.help));
}

std::string command_section(const Command& command) {
  const CommandSyntax syntax = syntax_of(command);
  std::string out = fmt::format(".SS casim {} {}\n{}\n", command.name, roff(syntax.usage.synopsis),
                                roff(syntax.usage.text));
  for (const CommandOption& option : syntax.options) out += option_entry(option);
  return out +
         fmt::format(".PP\nExample:\n.PP\n.RS 4\n.nf\n{}\n.fi\n.RE\n", roff(syntax.usage.example));
}

}  // namespace

std::string man_page() {
  std::string out = fmt::format(
      ".TH CASIM 1 \"\" \"casim {}\" \"User Commands\"\n"
      ".SH NAME\ncasim \\- simulate Kubernetes node autoscaling under bursts and cloud failures\n"
      ".SH SYNOPSIS\n.B casim\n\\fICOMMAND\\fR [\\fIARGUMENTS\\fR]\n"
      ".SH DESCRIPTION\nRuns a scenario (a load, a cluster and a cloud) on a virtual clock, with "
      "cluster\\-autoscaler, an external gRPC provider and EC2 in it, and says who waited how "
      "long for what, and what it cost.\n.SH COMMANDS\n",
      kResultsVersion);
  for (const Command& command : commands()) out += command_section(command);
  out += ".SH \"EXIT STATUS\"\n";
  for (const auto& [code, meaning] : kExitCodes) {
    out += fmt::format(".TP\n.B {}\n{}\n", code, roff(meaning));
  }
  return out +
         ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nIf set, nothing is coloured on a terminal.\n"
         ".SH FILES\n.TP\n.I out/SCENARIO/SEED/\nThe result of a run: summary.json, "
         "scenario.json (which runs it again), meta.json and what else was asked for.\n";
}

}  // namespace casim::sim
