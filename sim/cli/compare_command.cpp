#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "sim/cli/command.h"
#include "sim/cli/options.h"
#include "sim/study/comparison.h"
#include "sim/study/comparison_text.h"
#include "sim/study/gate.h"
#include "sim/study/paired_comparison.h"
#include "sim/study/stored_results.h"
#include "sim/study/summary_leaves.h"
#include "sim/study/wall_time.h"

namespace casim::sim {
namespace {

constexpr std::size_t kShownChanges = 25;

struct CompareArguments {
  std::string base;
  std::string now;
  std::string gate;
  std::string junit;
  bool across = false;
  bool json = false;
  bool markdown = false;
  bool all = false;
  bool each = false;
};

using Results = std::map<std::string, StoredResult>;
using Pairs = std::vector<std::pair<const StoredResult*, const StoredResult*>>;

// One against one whatever they are, else each against its own. The error names what has none.
std::expected<Pairs, std::string> pairs_of(const Results& base, const Results& now) {
  if (base.size() == 1 && now.size() == 1) {
    return Pairs{{&base.begin()->second, &now.begin()->second}};
  }
  Pairs out;
  std::string alone;
  for (const auto& [key, result] : base) {
    const auto same = now.find(key);
    if (same == now.end()) {
      alone += fmt::format("{} is only in the base\n", key);
    } else {
      out.emplace_back(&result, &same->second);
    }
  }
  for (const auto& [key, result] : now) {
    if (!base.contains(key)) alone += fmt::format("{} is only in the new results\n", key);
  }
  if (!alone.empty()) return std::unexpected(alone);
  return out;
}

int said(const std::string& problem) {
  fmt::print(stderr, "casim: {}{}", problem, problem.ends_with('\n') ? "" : "\n");
  return kBadInput;
}

void print(const std::vector<JudgedComparison>& all, const CompareArguments& arguments) {
  if (arguments.json) {
    config::Value::List list;
    for (const JudgedComparison& judged : all) list.push_back(to_value(judged));
    fmt::print("{}", config::to_json(config::Value(std::move(list))));
    return;
  }
  const std::size_t most = arguments.all ? static_cast<std::size_t>(-1) : kShownChanges;
  for (const JudgedComparison& judged : all) {
    fmt::print("{}\n", arguments.markdown ? to_markdown(judged, most) : to_text(judged, most));
  }
}

// What is compared as one: the runs of a scenario under enough seeds, else each pair by itself.
std::vector<std::pair<std::string, Pairs>> sets_of(const Pairs& pairs,
                                                   const CompareArguments& arguments) {
  std::map<std::string, Pairs> by_scenario;
  for (const auto& pair : pairs) {
    by_scenario[member_text(pair.first->summary, "scenario")].push_back(pair);
  }
  std::vector<std::pair<std::string, Pairs>> out;
  for (auto& [scenario, runs] : by_scenario) {
    if (runs.size() >= kFewestPairs && !arguments.each) {
      out.emplace_back(scenario, std::move(runs));
    } else {
      for (const auto& pair : runs) out.emplace_back(scenario, Pairs{pair});
    }
  }
  return out;
}

std::expected<Comparison, std::string> compare_set(const std::string& scenario, const Pairs& runs,
                                                   const CompareArguments& arguments) {
  if (runs.size() == 1) {
    return compare_summaries(runs.front().first->summary, runs.front().second->summary,
                             arguments.across);
  }
  std::vector<SummaryPair> summaries;
  for (const auto& [before, after] : runs) {
    summaries.emplace_back(&before->summary, &after->summary);
  }
  return compare_replicated(scenario, summaries, arguments.across);
}

void judge_wall_time(JudgedComparison& judged, const Pairs& runs, std::optional<double> limit) {
  std::vector<std::pair<std::optional<RunDuration>, std::optional<RunDuration>>> times;
  for (const auto& [before, after] : runs) {
    times.emplace_back(wall_time_of(before->folder), wall_time_of(after->folder));
  }
  // One pair is an anecdote.
  if (runs.size() == 1 && !limit) return;
  judged.wall_time = compare_wall_times(times);
  judged.is_too_slow = judged.wall_time && limit && is_slower(*judged.wall_time, *limit);
}

int compare(const CompareArguments& arguments) {
  std::optional<Gate> gate;
  if (!arguments.gate.empty()) {
    config::Problems problems;
    const auto document = config::load_file(arguments.gate, problems);
    if (document) gate = read_gate(*document, problems);
    fmt::print(stderr, "{}", problems.text());
    if (problems.has_errors()) return kBadInput;
  }
  const auto base = read_results(arguments.base);
  if (!base) return said(base.error());
  const auto now = read_results(arguments.now);
  if (!now) return said(now.error());
  const auto pairs = pairs_of(*base, *now);
  if (!pairs) return said(pairs.error());
  std::vector<JudgedComparison> all;
  for (const auto& [scenario, runs] : sets_of(*pairs, arguments)) {
    auto comparison = compare_set(scenario, runs, arguments);
    if (!comparison) return said(comparison.error());
    JudgedComparison& judged = all.emplace_back(JudgedComparison{*std::move(comparison), {}});
    judged.failures = failures(judged.comparison, gate ? &*gate : nullptr);
    judge_wall_time(judged, runs, gate ? gate->wall_time : std::nullopt);
  }
  print(all, arguments);
  if (!arguments.junit.empty()) {
    std::ofstream file(arguments.junit, std::ios::binary);
    file << to_junit(all);
    file.close();
    if (!file) return said(arguments.junit + ": cannot be written");
  }
  return std::ranges::any_of(all, &JudgedComparison::fails) ? kThresholdBroken : kOk;
}

}  // namespace

int compare_command(const Arguments& arguments) {
  CompareArguments compared;
  std::vector<std::string> results;
  po::options_description options("options");
  options.add_options()("help,h", "print this")(
      "gate", po::value(&compared.gate),
      "a file that says how much worse which values may be; without it none may be worse")(
      "across", po::bool_switch(&compared.across), "compare other scenarios or seeds all the same")(
      "all", po::bool_switch(&compared.all), "show every value that changed")(
      "each", po::bool_switch(&compared.each),
      "compare seed by seed and exactly, also where there are 5 or more of a scenario")(
      "json", po::bool_switch(&compared.json), "print JSON")(
      "markdown", po::bool_switch(&compared.markdown), "print Markdown")(
      "junit", po::value(&compared.junit), "write JUnit XML to this file, for CI")(
      "results", po::value(&results), "two results, or folders of them");
  const CommandLine line = parse_command_line(
      arguments, options,
      {"BASE NEW [options]",
       "Says what differs between two results, or folders of them, and whether that is worse.\n"
       "Five or more seeds of a scenario are paired: means, intervals of their differences, and a "
       "test.\nExit code 1: something is worse than it may be.",
       "casim compare out-main out --gate gate.json --junit compare.xml"},
      "results", 2);
  if (!line.goes_on) return line.exit_code;
  if (results.size() != 2) return said("compare needs two results, or two folders of results");
  compared.base = results[0];
  compared.now = results[1];
  return compare(compared);
}

}  // namespace casim::sim
