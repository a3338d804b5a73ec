#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "sim/cli/command.h"
#include "sim/cli/options.h"
#include "sim/cli/replay.h"
#include "sim/cli/result_files.h"
#include "sim/report/report_html.h"
#include "sim/scenario/load_plan.h"
#include "sim/study/stored_results.h"
#include "sim/study/thresholds.h"
#include "sim/world/world.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

namespace fs = std::filesystem;

// What a run that was made before says of itself.
struct StoredRun {
  fs::path folder;
  std::string scenario;
  std::string digest;
};

// None: it was said what is wrong.
std::optional<StoredRun> read_stored(const fs::path& where) {
  const auto results = read_results(where);
  if (!results) {
    fmt::print(stderr, "casim: {}\n", results.error());
    return std::nullopt;
  }
  if (results->size() > 1) {
    fmt::print(stderr, "casim: {} holds {} results; name one of them, such as {}\n", where.string(),
               results->size(), results->begin()->second.folder.string());
    return std::nullopt;
  }
  const StoredResult& result = results->begin()->second;
  const auto text = [&result](const char* key) {
    const config::Value* value = result.summary.find(key);
    const std::string* found = value == nullptr ? nullptr : value->as_string();
    return found == nullptr ? "" : *found;
  };
  return StoredRun{result.folder, text("scenario"), text("digest")};
}

// Runs the scenario of a result again. Empty: it was said what is wrong.
std::string report_again(const StoredRun& stored) {
  config::Problems problems;
  const fs::path file = stored.folder / "scenario.json";
  auto loaded = load_scenario({file, {}}, problems);
  LoadPlan plan;
  std::vector<SummaryThreshold> thresholds;
  if (loaded) {
    plan = make_load_plan(*loaded, problems);
    thresholds = read_thresholds(*loaded, problems);
  }
  if (problems.has_errors()) {
    fmt::print(stderr, "{}", problems.text());
    return "";
  }
  World world(loaded->scenario, std::move(plan), {}, nullptr);
  while (!world.is_over()) world.run(1'000'000);
  Summary summary = world.summary();
  summary.scenario = stored.scenario;
  judge_thresholds(thresholds, summary);
  if (summary.digest != stored.digest) {
    fmt::print(
        stderr,
        "casim: {}: the run has digest {} now and had {} then: it was made by another "
        "version of casim, was stopped, or a file that it reads has changed. Run it again.\n",
        stored.folder.string(), summary.digest, stored.digest);
    return "";
  }
  const Replay replay{file.string(), {}, summary.seed, {}};
  std::string page =
      report_html(report_input(world, summary, loaded->scenario, command_of(replay)));
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
      "usage: casim report RESULT [-o FILE.html]\n\nWrites the report of a result that lies in a "
      "folder, by running its scenario.json again.\nExample: casim report out/api-outage/1 -o "
      "outage.html",
      "result");
  if (!line.goes_on) return line.exit_code;
  if (where.empty()) {
    fmt::print(stderr, "casim: report needs the folder of a result, such as out/first-burst/1\n");
    return kBadInput;
  }
  const auto stored = read_stored(where);
  if (!stored) return kBadInput;
  const std::string page = report_again(*stored);
  if (page.empty()) return kBadInput;
  std::ofstream file(out, std::ios::binary);
  file << page;
  file.close();
  if (!file) {
    fmt::print(stderr, "casim: {}: cannot be written\n", out);
    return kBadInput;
  }
  fmt::print("{}\n", out);
  return kOk;
}

}  // namespace casim::sim
