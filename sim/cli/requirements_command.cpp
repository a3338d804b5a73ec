#include <unistd.h>

#include <cstdlib>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/cli/command.h"
#include "sim/cli/host.h"
#include "sim/cli/options.h"
#include "sim/cli/run_again.h"
#include "sim/requirements/requirements_text.h"
#include "sim/study/stored_results.h"
#include "src/config/document.h"

namespace casim::sim {
namespace {

int not_listed(const std::string& why) {
  fmt::print(stderr, "casim: {}{}", why, why.ends_with('\n') ? "" : "\n");
  return kBadInput;
}

// The runs of results and folders of them; a result that is none says why.
std::expected<std::vector<StoredRun>, std::string> runs_in(const std::vector<std::string>& given) {
  std::vector<StoredRun> out;
  for (const std::string& where : given) {
    std::vector<std::filesystem::path> folders = {where};
    if (const auto summaries = summaries_in(where)) folders = *summaries;
    for (const std::filesystem::path& folder : folders) {
      auto run = open_run(folder);
      if (!run) return std::unexpected(run.error());
      out.push_back(*std::move(run));
    }
  }
  return out;
}

// None: it was interrupted.
std::optional<Requirements> requirements_of_run(const StoredRun& stored, Interrupt& interrupt) {
  Ec2Use use;
  Replaying replaying;
  replaying.add(use);
  WorldOptions options;
  options.listener = &replaying;
  options.ec2_calls = &use;
  World world(stored.loaded.scenario, stored.plan, options, nullptr);
  if (!run_again(world, replaying, stored, interrupt)) return std::nullopt;
  warn_of_digest(world, stored);
  use.close();
  Summary summary = world.summary();
  summary.scenario = stored.loaded.name;
  Requirements out = requirements_of(stored.loaded.scenario, summary, use);
  world.shut_down();
  return out;
}

TerminalStyle style_of_terminal() {
  TerminalStyle style;
  style.colour = is_terminal(STDOUT_FILENO) && std::getenv("NO_COLOR") == nullptr;
  style.width = is_terminal(STDOUT_FILENO) ? terminal_width(STDOUT_FILENO) : 100;
  return style;
}

int list_requirements(const std::vector<StoredRun>& runs, bool json, bool markdown) {
  Interrupt interrupt;
  config::Value::List list;
  std::string text;
  for (const StoredRun& stored : runs) {
    const auto requirements = requirements_of_run(stored, interrupt);
    if (!requirements) return kInterrupted;
    if (json) {
      list.push_back(to_value(*requirements));
      continue;
    }
    text += text.empty() ? "" : "\n";
    text += markdown ? to_markdown(*requirements) : to_text(*requirements, style_of_terminal());
  }
  fmt::print("{}", json ? config::to_json(config::Value(std::move(list))) : text);
  return kOk;
}

}  // namespace

int requirements_command(const Arguments& arguments) {
  std::vector<std::string> results;
  bool json = false;
  bool markdown = false;
  po::options_description options("options");
  options.add_options()("help,h", "print this")("json", po::bool_switch(&json), "print JSON")(
      "markdown", po::bool_switch(&markdown), "print Markdown")("results", po::value(&results),
                                                                "results and folders of them");
  const CommandLine line = parse_command_line(
      arguments, options,
      {"RESULT... [options]",
       "Runs the scenarios of results again and lists what the EC2 API must satisfy for the path "
       "of each:\nactions, parameters and rates, idempotency, lists by tag, consistency lag, "
       "answer time, and the\nanswers that the path tells apart. Each statement says whether the "
       "run has shown it or the\npath's rules say so.",
       "casim requirements out/paths-burst --markdown"},
      "results", -1);
  if (!line.goes_on) return line.exit_code;
  if (results.empty()) {
    return not_listed("requirements needs the folder of a result, such as out/first-burst/1");
  }
  if (json && markdown) return not_listed("--json and --markdown contradict each other");
  const auto runs = runs_in(results);
  if (!runs) return not_listed(runs.error());
  return list_requirements(*runs, json, markdown);
}

}  // namespace casim::sim
