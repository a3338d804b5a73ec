#include "sim/cli/replicate.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <system_error>

#include <fmt/format.h>

#include "sim/cli/child_runs.h"
#include "sim/cli/command.h"
#include "sim/study/replications.h"
#include "src/config/document.h"
#include "src/config/problems.h"

namespace casim::sim {

namespace fs = std::filesystem;

namespace {

// The scenario beside a summary, without its seed; empty: there is none.
std::string scenario_beside(const fs::path& summary) {
  std::ifstream in(summary.parent_path() / "scenario.json", std::ios::binary);
  std::string text;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("  \"seed\":")) text += line + '\n';
  }
  return text;
}

}  // namespace

int merge_results(const std::vector<fs::path>& summaries, const fs::path& file, bool quiet,
                  bool json) {
  std::vector<config::Value> read;
  for (const fs::path& summary : summaries) {
    config::Problems problems;
    const auto document = config::load_file(summary, problems);
    fmt::print(stderr, "{}", problems.text());
    if (!document || problems.has_errors()) return kBadInput;
    read.push_back(document->root());
  }
  for (const fs::path& summary : summaries) {
    if (scenario_beside(summary) == scenario_beside(summaries.front())) continue;
    fmt::print(stderr, "casim: {} and {} are of scenarios that differ in more than the seed\n",
               summaries.front().string(), summary.string());
    return kBadInput;
  }
  const auto replications = replications_of(read);
  if (!replications) {
    fmt::print(stderr, "casim: {}\n", replications.error());
    return kBadInput;
  }
  const std::string text = config::to_json(to_value(*replications));
  const fs::path temporary = file.string() + ".new";
  std::ofstream out(temporary, std::ios::binary);
  out << text;
  out.close();
  std::error_code error;
  if (out) fs::rename(temporary, file, error);
  if (!out || error) {
    fs::remove(temporary, error);
    fmt::print(stderr, "casim: {}: cannot be written\n", file.string());
    return kBadInput;
  }
  if (json) {
    fmt::print("{}", text);
  } else if (!quiet) {
    fmt::print("{}\n  result {}\n", to_text(*replications), file.string());
  }
  const auto runs = static_cast<std::int64_t>(replications->seeds.size());
  const bool all_held = std::ranges::all_of(
      replications->held, [&](const auto& threshold) { return threshold.second == runs; });
  return all_held ? kOk : kThresholdBroken;
}

int replicate(const ReplicationPlan& plan) {
  if (plan.first_seed >
      std::numeric_limits<std::uint64_t>::max() - static_cast<unsigned>(plan.runs)) {
    fmt::print(stderr, "casim: there are not so many seeds from {} on\n", plan.first_seed);
    return kBadInput;
  }
  std::error_code error;
  if (fs::exists(plan.folder / "summary.json", error)) {
    fmt::print(stderr, "casim: {} holds the result of one run; --out names another folder\n",
               plan.folder.string());
    return kBadInput;
  }
  fs::create_directories(plan.folder, error);
  if (error) {
    fmt::print(stderr, "casim: {}: {}\n", plan.folder.string(), error.message());
    return kBadInput;
  }
  std::vector<ChildRun> children;
  std::vector<fs::path> summaries;
  for (int run = 0; run < plan.runs; ++run) {
    const std::string seed = std::to_string(plan.first_seed + static_cast<std::uint64_t>(run));
    const fs::path folder = plan.folder / seed;
    std::vector<std::string> command = plan.command;
    command.insert(command.end(), {"--seed", seed, "--out", folder.string(), "--quiet"});
    children.push_back({std::move(command), "seed " + seed});
    summaries.push_back(folder / "summary.json");
  }
  const ChildrenEnd end = run_children(children, plan.jobs, !plan.quiet);
  if (end.exit_code == kInterrupted) {
    fmt::print(stderr, "casim: stopped; {} of {} runs are done and kept in {}\n", end.done,
               plan.runs, plan.folder.string());
  }
  if (end.exit_code > kThresholdBroken) return end.exit_code;
  return merge_results(summaries, plan.folder / "runs.json", plan.quiet, plan.json);
}

}  // namespace casim::sim
