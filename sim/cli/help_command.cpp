#include <fmt/format.h>

#include "sim/cli/command.h"
#include "sim/cli/help_text.h"
#include "sim/cli/options.h"

namespace casim::sim {

int help_command(const Arguments& arguments) {
  bool man = false;
  std::string name;
  po::options_description options("options");
  options.add_options()("help,h", "print this")(
      "man", po::bool_switch(&man), "print the man page, casim(1)")("command", po::value(&name),
                                                                    "the command");
  const CommandLine line =
      parse_command_line(arguments, options,
                         {"[COMMAND] [--man]", "The help of casim, or of one command.",
                          "casim help --man > /usr/local/share/man/man1/casim.1"},
                         "command");
  if (!line.goes_on) return line.exit_code;
  if (man || name.empty()) {
    fmt::print("{}", man ? man_page() : overview());
    return kOk;
  }
  for (const Command& command : commands()) {
    if (name == command.name) return command.run({{"--help"}});
  }
  fmt::print(stderr, "casim: {}\n", unknown_command(name));
  return kBadInput;
}

int completion_command(const Arguments& arguments) {
  std::string shell;
  po::options_description options("options");
  options.add_options()("help,h", "print this")("shell", po::value(&shell), "bash or zsh");
  const CommandLine line = parse_command_line(
      arguments, options,
      {"bash|zsh", "A script that makes the shell complete commands, options and files.",
       ". <(casim completion bash)"},
      "shell");
  if (!line.goes_on) return line.exit_code;
  if (shell != "bash" && shell != "zsh") {
    fmt::print(stderr, "casim: completion is for bash or zsh, not \"{}\"\n", shell);
    return kBadInput;
  }
  fmt::print("{}", shell == "bash" ? bash_completion() : zsh_completion());
  return kOk;
}

}  // namespace casim::sim
