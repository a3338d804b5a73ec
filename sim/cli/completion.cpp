// Shell completion, made of the table of commands and their options.
#include <fmt/format.h>

#include "sim/cli/help_text.h"

namespace casim::sim {
namespace {

std::string words_of(const CommandSyntax& syntax) {
  std::string out;
  for (const CommandOption& option : syntax.options) {
    out += fmt::format("{}--{}", out.empty() ? "" : " ", option.name);
    if (option.letter != 0) out += fmt::format(" -{}", option.letter);
  }
  return out;
}

// Arguments that are no files.
std::string_view choices_of(std::string_view command) {
  if (command == "explain") return "pod/ node/ group/ loop/ slowest";
  if (command == "completion") return "bash zsh";
  return "";
}

// Inside of single quotes of a shell, and of the brackets of _arguments.
std::string quoted_for_zsh(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else if (c == '[' || c == ']' || c == ':') {
      out += fmt::format("\\{}", c);
    } else {
      out += c == '\n' ? ' ' : c;
    }
  }
  return out;
}

std::string names_of_commands() {
  std::string out;
  for (const Command& command : commands()) {
    out += fmt::format("{}{}", out.empty() ? "" : " ", command.name);
  }
  return out;
}

}  // namespace

std::string bash_completion() {
  std::string out = fmt::format(
      "# bash completion of casim: . <(casim completion bash)\n"
      "_casim() {{\n"
      "  local word=${{COMP_WORDS[COMP_CWORD]}} options= choices=\n"
      "  COMPREPLY=()\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W '{} --help --version' -- \"$word\")\n"
      "    return\n"
      "  fi\n"
      "  case ${{COMP_WORDS[1]}} in\n",
      names_of_commands());
  for (const Command& command : commands()) {
    out += fmt::format(
        "    {})\n      options='{}'\n      choices='{}'\n      ;;\n", command.name,
        words_of(syntax_of(command)),
        std::string_view(command.name) == "help" ? names_of_commands() : choices_of(command.name));
  }
  return out +
         "  esac\n"
         "  case $word in\n"
         "    -*) mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\") ;;\n"
         "    *) mapfile -t COMPREPLY < <(compgen -W \"$choices\" -- \"$word\"; "
         "compgen -f -- \"$word\") ;;\n"
         "  esac\n"
         "}\n"
         "complete -o filenames -F _casim casim\n";
}

std::string zsh_completion() {
  std::string out =
      "#compdef casim\n# zsh completion of casim: casim completion zsh > "
      "\"${fpath[1]}/_casim\"\n_casim() {\n  local -a commands\n  commands=(\n";
  for (const Command& command : commands()) {
    out += fmt::format("    '{}:{}'\n", command.name, quoted_for_zsh(command.help));
  }
  out +=
      "  )\n  if (( CURRENT == 2 )); then\n    _describe command commands\n    return\n  fi\n"
      "  local name=${words[2]}\n  shift words\n  (( CURRENT-- ))\n  case $name in\n";
  for (const Command& command : commands()) {
    out += fmt::format("    {})\n      _arguments -S", command.name);
    for (const CommandOption& option : syntax_of(command).options) {
      const std::string rest = fmt::format("[{}]{}", quoted_for_zsh(option.help),
                                           option.takes_value ? ":value:_files" : "");
      out += fmt::format(" \\\n        '*--{}{}'", option.name, rest);
      if (option.letter != 0) out += fmt::format(" \\\n        '*-{}{}'", option.letter, rest);
    }
    const std::string_view choices = choices_of(command.name);
    if (choices.empty()) {
      out += " \\\n        '*:file:_files'\n      ;;\n";
    } else {
      out += fmt::format(
          " \\\n        '*:what:_alternative \"words:what:({})\" "
          "\"files:file:_files\"'\n      ;;\n",
          choices);
    }
  }
  return out + "  esac\n}\n_casim \"$@\"\n";
}

}  // namespace casim::sim
