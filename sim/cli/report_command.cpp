#include <expected>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/capacity/capacity_html.h"
#include "sim/cli/command.h"
#include "sim/cli/options.h"
#include "sim/cli/replay.h"
#include "sim/cli/result_files.h"
#include "sim/cli/stored_run.h"
#include "sim/report/report_html.h"
#include "sim/requirements/ec2_use.h"
#include "sim/study/stored_results.h"
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
  Ec2Use ec2;
  WorldOptions options;
  options.listener = &ec2;
  options.ec2_calls = &ec2;
  World world(stored->loaded.scenario, std::move(stored->plan), options, nullptr);
  while (!world.is_over()) world.run(1'000'000);
  ec2.close();
  Summary summary = world.summary();
  summary.scenario = stored->loaded.name;
  judge_thresholds(thresholds, world.collectors(), summary);
  if (summary.digest != stored->digest) {
    return std::unexpected(fmt::format(
        "{}: the run has digest {} now and had {} then: it was stopped, or a file that it reads "
        "has changed. Run it again",
        where.string(), summary.digest, stored->digest));
  }
  const auto folder = where.filename() == "summary.json" ? where.parent_path() : where;
  const Replay replay{(folder / "scenario.json").string(), {}, summary.seed, {}};
  std::string page =
      report_html(report_input(world, summary, stored->loaded.scenario, command_of(replay), &ec2));
  world.shut_down();
  return page;
}

// One run has a report of its own; several stand side by side, and so does one with a label.
bool is_one_run(const std::vector<std::string>& results) {
  if (results.size() > 1) return false;
  std::error_code error;
  const std::filesystem::path where = results.front();
  if (!std::filesystem::exists(where, error) && where.string().find('=') != std::string::npos) {
    return false;
  }
  return !std::filesystem::is_directory(where, error) ||
         std::filesystem::exists(where / "summary.json", error) || !summaries_in(where);
}

std::expected<std::string, std::string> page_of(const std::vector<std::string>& results) {
  if (is_one_run(results)) return report_again(results.front());
  const auto variants = read_variants(results);
  if (!variants) return std::unexpected(variants.error());
  return capacity_html(*variants);
}

}  // namespace

int report_command(const Arguments& arguments) {
  std::vector<std::string> results;
  std::string out;
  po::options_description options("options");
  options.add_options()("help,h", "print this")(
      "output,o", po::value(&out)->default_value("report.html"), "the file to write")(
      "results", po::value(&results),
      "results and folders of them; LABEL=RESULT gives one a name of its own");
  const CommandLine line = parse_command_line(
      arguments, options,
      {"RESULT... [-o FILE.html]",
       "Writes the report of a result that lies in a folder, by running its scenario.json again.\n"
       "Several results, or runs under several seeds, come on one page side by side: latency, "
       "cost, nodes, and the calls and vCPUs that EC2 must give.",
       "casim report x1=out/x1 x2=out/x2 x4=out/x4 -o capacity.html"},
      "results", -1);
  if (!line.goes_on) return line.exit_code;
  if (results.empty()) {
    fmt::print(stderr, "casim: report needs the folder of a result, such as out/first-burst/1\n");
    return kBadInput;
  }
  const auto page = page_of(results);
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
