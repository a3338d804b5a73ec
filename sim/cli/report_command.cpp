#include <expected>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "sim/cli/command.h"
#include "sim/cli/options.h"
#include "sim/cli/replay.h"
#include "sim/cli/result_files.h"
#include "sim/cli/stored_run.h"
#include "sim/report/report_html.h"
#include "sim/study/thresholds.h"
#include "sim/world/world.h"

namespace casim::sim {
namespace {

// Runs the scenario of a result again, as far as it came. The error says why not.
std::expected<std::string, std::string> report_again(const std::filesystem::path& where) {
  auto stored = open_run(where);
  if (!stored) return std::unexpected(stored.error());
  config::Problems problems;
  const auto thresholds = read_thresholds(stored->loaded, problems);
  if (problems.has_errors()) return std::unexpected(problems.text());
  World world(stored->loaded.scenario, std::move(stored->plan), {}, nullptr);
  while (!world.is_over()) world.run(1'000'000);
  Summary summary = world.summary();
  summary.scenario = stored->loaded.name;
  judge_thresholds(thresholds, summary);
  if (summary.digest != stored->digest) {
    return std::unexpected(fmt::format(
        "{}: the run has digest {} now and had {} then: it was stopped, or a file that it reads "
        "has changed. Run it again",
        where.string(), summary.digest, stored->digest));
  }
  const auto folder = where.filename() == "summary.json" ? where.parent_path() : where;
  const Replay replay{(folder / "scenario.json").string(), {}, summary.seed, {}};
  std::string page =
      report_html(report_input(world, summary, stored->loaded.scenario, command_of(replay)));
  world.shut_down();
  return page;
}

}  // namespace

int report_command(const Arguments& arguments) {
  std::string where;
  std::string out;
  po::options_description options("options");
  options.add_options()("help,h", "print this")(
      "output,o", po::value(&out)->default_value("report.html"), "the file to write")(
      "result", po::value(&where), "the folder of a result, or its summary.json");
  const CommandLine line = parse_command_line(
      arguments, options,
      {"RESULT [-o FILE.html]",
       "Writes the report of a result that lies in a folder, by running its scenario.json again.",
       "casim report out/api-outage/1 -o outage.html"},
      "result");
  if (!line.goes_on) return line.exit_code;
  if (where.empty()) {
    fmt::print(stderr, "casim: report needs the folder of a result, such as out/first-burst/1\n");
    return kBadInput;
  }
  const auto page = report_again(where);
  if (!page) {
    fmt::print(stderr, "casim: {}{}", page.error(), page.error().ends_with('\n') ? "" : "\n");
    return kBadInput;
  }
  std::ofstream file(out, std::ios::binary);
  file << *page;
  file.close();
  if (!file) {
    fmt::print(stderr, "casim: {}: cannot be written\n", out);
    return kBadInput;
  }
  fmt::print("{}\n", out);
  return kOk;
}

}  // namespace casim::sim
