// Help, man page and completion say the same of every command: they come from one table.
#include <algorithm>
#include <set>

#include "tests/catch.h"
#include "tests/cli/shell.h"

namespace casim::test {
namespace {

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

// The commands that casim --help lists.
std::vector<std::string> commands(const Shell& shell) {
  std::istringstream lines(shell.run("--help").out);
  std::vector<std::string> out;
  for (std::string line; std::getline(lines, line);) {
    const std::vector<std::string> words = words_of(line);
    if (line.starts_with("  ") && words.size() > 3 && words[0] != "casim") out.push_back(words[0]);
  }
  return out;
}

// The long options that the help of a command lists.
std::set<std::string> options(const std::string& help) {
  std::set<std::string> out;
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = line.find("--");
    if (!line.starts_with("  -") || begin == std::string::npos) continue;
    const std::size_t end = line.find_first_of(" ]", begin);
    out.insert(line.substr(begin + 2, end - begin - 2));
  }
  return out;
}

int run_shell(const std::string& command) { return std::system(command.c_str()); }

}  // namespace

TEST_CASE("each command has help with an example that its own parser takes", "[cli]") {
  const Shell shell;
  const std::vector<std::string> all = commands(shell);
  CHECK(all.size() >= 12);
  for (const std::string& command : all) {
    CAPTURE(command);
    const Output help = shell.run(command + " --help");
    CHECK(help.exit_code == 0);
    CHECK(help.err.empty());
    CHECK(help.out.starts_with("usage: casim " + command + " "));
    CHECK(options(help.out).contains("help"));
    CHECK(shell.run("help " + command).out == help.out);
    const std::string mark = "Example:\n  ";
    const std::size_t at = help.out.find(mark);
    REQUIRE(at != std::string::npos);
    const std::string example = help.out.substr(at + mark.size());
    const std::size_t begin = example.find("casim " + command);
    REQUIRE(begin != std::string::npos);
    // With --help behind it nothing is run, and an option that does not exist is still one.
    std::string line = example.substr(begin + 6, example.find_first_of(">)\n", begin) - begin - 6);
    const Output tried = shell.run(line + " --help");
    CHECK(tried.exit_code == 0);
    CHECK(says(shell.run(command + " --no-such-option").err, "unknown option --no-such-option"));
  }
  CHECK(shell.run("help nonsense").exit_code == 2);
}

TEST_CASE("every option stands in the man page and in both completions", "[cli]") {
  const Shell shell;
  const std::string man = shell.run("help --man").out;
  const std::string bash = shell.run("completion bash").out;
  const std::string zsh = shell.run("completion zsh").out;
  int count = 0;
  for (const std::string& command : commands(shell)) {
    CAPTURE(command);
    const std::size_t from = man.find(".SS casim " + command + " ");
    REQUIRE(from != std::string::npos);
    const std::string section = man.substr(from, man.find("\n.S", from + 4) - from);
    const std::size_t in_bash = bash.find("    " + command + ")\n");
    const std::size_t in_zsh = zsh.find("    " + command + ")\n");
    REQUIRE(in_bash != std::string::npos);
    REQUIRE(in_zsh != std::string::npos);
    const std::string bash_case = bash.substr(in_bash, bash.find(";;", in_bash) - in_bash);
    const std::string zsh_case = zsh.substr(in_zsh, zsh.find("\n      ;;", in_zsh) - in_zsh);
    for (const std::string& option : options(shell.run(command + " --help").out)) {
      CAPTURE(option);
      std::string in_roff;
      for (const char c : option) in_roff += c == '-' ? std::string("\\-") : std::string(1, c);
      CHECK(says(section, "\\fB\\-\\-" + in_roff + "\\fR"));
      CHECK(says(bash_case + " ", "--" + option));
      CHECK(says(zsh_case, "'*--" + option + "["));
      ++count;
    }
  }
  CHECK(count > 40);
}

TEST_CASE("the man page is one to groff, and the completion completes", "[cli]") {
  const Shell shell;
  const std::string out = (shell / "out").string();
  const std::string err = (shell / "err").string();
  if (run_shell("command -v groff >/dev/null") == 0) {
    std::ofstream(shell / "casim.1") << shell.run("help --man").out;
    CHECK(run_shell("groff -man -Tutf8 -ww " + (shell / "casim.1").string() + " >" + out + " 2>" +
                    err) == 0);
    CHECK(Shell::read(err).empty());
    CHECK(says(Shell::read(out), "casim run"));
  } else {
    WARN("groff is missing: the man page was not formatted");
  }
  std::ofstream(shell / "completion") << shell.run("completion bash").out;
  std::ofstream(shell / "try.sh")
      << ". " << (shell / "completion").string()
      << "\nlook() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _casim; echo "
         "\"${COMPREPLY[*]}\"; }\nlook casim ex\nlook casim run --ru\nlook casim merge --j\n"
         "look casim explain out sl\nlook casim types --nothing\n";
  CHECK(run_shell("bash " + (shell / "try.sh").string() + " >" + out + " 2>" + err) == 0);
  CHECK(Shell::read(err).empty());
  CHECK(Shell::read(out) == "explain\n--runs --run\n--json\nslowest\n\n");
  if (run_shell("command -v zsh >/dev/null") == 0) {
    std::ofstream(shell / "_casim") << shell.run("completion zsh").out;
    CHECK(run_shell("zsh -n " + (shell / "_casim").string()) == 0);
  }
  CHECK(shell.run("completion fish").exit_code == 2);
}

}  // namespace casim::test
