#include <algorithm>
#include <limits>
#include <optional>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "sim/cli/command.h"
#include "sim/cli/host.h"
#include "sim/cli/options.h"
#include "sim/cli/replicate.h"
#include "sim/cli/run_job.h"
#include "sim/scenario/load_forecast.h"

namespace casim::sim {
namespace {

constexpr int kMostRuns = 100'000;

po::options_description run_options(RunArguments& run) {
  po::options_description options("options");
  options.add_options()("help,h", "print this")(
      "set", po::value(&run.source.overrides),
      "override a value, as in --set workloads.web.count=500; paths in it are relative to the "
      "working directory")("seed", po::value<std::string>(), "short for --set seed=N")(
      "until", po::value<std::string>(), "short for --set duration=D, such as 12h")(
      "rpc", po::value<std::string>()->default_value("memo"),
      "wire: every read goes over gRPC; memo: unchanged answers are reused, same results")(
      "out", po::value(&run.out), "result folder; default out/<scenario>/<seed>")(
      "pods", po::bool_switch(&run.extras.pods), "write pods.csv: every pod with its stages")(
      "trace", po::bool_switch(&run.extras.trace),
      "write trace.json: nodes, pods and faults on tracks, for Perfetto (ui.perfetto.dev)")(
      "report", po::bool_switch(&run.report),
      "with --runs: write report.html of each run too, as is done of a single one")(
      "no-report", po::bool_switch(&run.no_report), "leave report.html out")(
      "events", po::bool_switch(&run.events), "write events.jsonl.gz: all that happened, in order")(
      "json", po::bool_switch(&run.json), "print summary.json instead of the text")(
      "quiet,q", po::bool_switch(&run.quiet), "no progress, no text")(
      "runs", po::value(&run.runs),
      "run it under so many seeds, from its own on, and write what they say together to runs.json")(
      "run", po::value(&run.run),
      "only the run of that number (1, 2, ...) of --runs, in its place: casim merge joins them")(
      "jobs,j", po::value(&run.jobs), "of --runs: so many at once")(
      "paths", po::value(&run.paths),
      "once by each path to EC2, as in --paths direct,crossplane,cluster-api, each into a folder "
      "of its name")("event-limit", po::value(&run.event_limit),
                     "break off after so many events, exit code 3")(
      "check", po::bool_switch(&run.check), "check the model's invariants after every event")(
      "scenario", po::value<std::string>(), "the scenario file");
  return options;
}

// False: a mistake was named.
bool take_run_values(const po::variables_map& values, RunArguments& run) {
  if (values.count("scenario") == 0) {
    fmt::print(stderr, "casim: run needs a scenario file, such as scenarios/first-burst.json\n");
    return false;
  }
  run.source.file = values["scenario"].as<std::string>();
  for (const auto& [option, path] : {std::pair{"seed", "seed="}, std::pair{"until", "duration="}}) {
    if (values.count(option) == 0) continue;
    run.source.overrides.push_back(path + values[option].as<std::string>());
  }
  const std::string mode = values["rpc"].as<std::string>();
  if (mode != "wire" && mode != "memo") {
    fmt::print(stderr, "casim: --rpc takes wire or memo, not \"{}\"\n", mode);
    return false;
  }
  run.world.rpc_on_wire = mode == "wire";
  if (run.check) run.world.check_invariants = true;
  if (run.report && run.no_report) {
    fmt::print(stderr, "casim: --report and --no-report contradict each other\n");
    return false;
  }
  run.extras.report = !run.no_report;
  for (const auto& [option, value] :
       {std::pair{"runs", run.runs}, std::pair{"run", run.run}, std::pair{"jobs", run.jobs}}) {
    if (values.count(option) == 0 || (value > 0 && value <= kMostRuns)) continue;
    fmt::print(stderr, "casim: --{} takes a number from 1 to {}, not {}\n", option, kMostRuns,
               value);
    return false;
  }
  if (run.runs == 0 || run.run == 0) return true;
  fmt::print(stderr, "casim: --runs makes all runs and --run makes one: give one of them\n");
  return false;
}

// False: it was said that the machine cannot hold what the run keeps of its pods. What they take
// while they live comes on top, so this is the least.
bool fits_in_memory(const LoadedScenario& loaded, const LoadPlan& plan) {
  constexpr double kGib = 1024.0 * 1024 * 1024;
  const double pods = pods_created(loaded.scenario, plan);
  const double least = pods * static_cast<double>(World::bytes_per_pod());
  const HostMemory memory = host_memory();
  if (memory.total == 0 || least <= memory.available) return true;
  const bool is_hopeless = least > memory.total;
  fmt::print(
      stderr,
      "casim: {}the run creates about {:.3g} pods and keeps at least {:.1f} GiB of them; the "
      "machine has {:.1f} GiB, {:.1f} GiB of it free. Fewer pods, a shorter duration, or "
      "controllers.api that holds them back would help.\n",
      is_hopeless ? "" : "warning: ", pods, least / kGib, memory.total / kGib,
      memory.available / kGib);
  return !is_hopeless;
}

// The command of one run, but for its seed and folder.
std::vector<std::string> command_for_one(const RunArguments& run) {
  std::vector<std::string> command = {"casim", "run", run.source.file.string()};
  for (const std::string& assignment : run.source.overrides) {
    if (!assignment.starts_with("seed=")) command.insert(command.end(), {"--set", assignment});
  }
  if (run.world.rpc_on_wire) command.insert(command.end(), {"--rpc", "wire"});
  if (run.check) command.emplace_back("--check");
  if (run.extras.pods) command.emplace_back("--pods");
  if (!run.report) command.emplace_back("--no-report");
  if (run.extras.trace) command.emplace_back("--trace");
  if (run.events) command.emplace_back("--events");
  if (run.event_limit > 0) {
    command.insert(command.end(), {"--event-limit", std::to_string(run.event_limit)});
  }
  return command;
}

int run_replications(const PlannedRun& planned, const RunArguments& run) {
  return replicate({.command = command_for_one(run),
                    .folder = run.out.empty() ? std::filesystem::path("out") / planned.loaded.name
                                              : std::filesystem::path(run.out),
                    .first_seed = planned.loaded.scenario.seed,
                    .runs = run.runs,
                    .jobs = run.jobs,
                    .quiet = run.quiet,
                    .json = run.json});
}

// The seed of the run that --run means. False: there is no such seed, which is said.
bool take_seed_of_run(RunArguments& run) {
  config::Problems told_later;
  const auto loaded = load_scenario(run.source, told_later);
  if (!loaded) return true;
  const std::uint64_t first = loaded->scenario.seed;
  const auto after = static_cast<std::uint64_t>(run.run - 1);
  if (first > std::numeric_limits<std::uint64_t>::max() - after) {
    fmt::print(stderr, "casim: there are not so many seeds from {} on\n", first);
    return false;
  }
  run.source.overrides.push_back(fmt::format("seed={}", first + after));
  return true;
}

// Null: what is wrong was said.
std::optional<PlannedRun> plan_run(const RunArguments& run) {
  config::Problems problems;
  auto loaded = load_scenario(run.source, problems);
  LoadPlan plan;
  std::vector<SummaryThreshold> thresholds;
  if (loaded) {
    plan = make_load_plan(*loaded, problems);
    loaded->scenario = with_hashes(std::move(loaded->scenario), plan);
    thresholds = read_thresholds(*loaded, problems);
  }
  fmt::print(stderr, "{}", problems.text());
  if (problems.has_errors() || !fits_in_memory(*loaded, plan)) return std::nullopt;
  return PlannedRun{*std::move(loaded), std::move(plan), std::move(thresholds)};
}

int run_planned(PlannedRun planned, const RunArguments& run) {
  return run.runs > 0 ? run_replications(planned, run) : run_job(std::move(planned), run);
}

std::vector<std::string> names_in(const std::string& list) {
  std::vector<std::string> names;
  std::istringstream rest(list);
  for (std::string name; std::getline(rest, name, ',');) names.push_back(name);
  return names;
}

// Each path's run is that of `--set provider.path.kind=PATH`, with the same seeds: the same pods
// and the same luck. Nothing runs before all are found good. The exit code is that of the worst.
int run_by_paths(const RunArguments& run) {
  const std::vector<std::string> names = names_in(run.paths);
  std::vector<std::pair<RunArguments, PlannedRun>> all;
  for (const std::string& name : names) {
    RunArguments one = run;
    one.source.overrides.push_back("provider.path.kind=" + name);
    auto planned = plan_run(one);
    if (!planned) return kBadInput;
    const std::filesystem::path out = run.out.empty()
                                          ? std::filesystem::path("out") / planned->loaded.name
                                          : std::filesystem::path(run.out);
    one.out = out / name;
    all.emplace_back(std::move(one), *std::move(planned));
  }
  int worst = kOk;
  std::string results;
  for (auto& [one, planned] : all) {
    const int code = run_planned(std::move(planned), one);
    if (code == kInterrupted || code == kBadInput) return code;
    worst = std::max(worst, code);
    results += fmt::format(" {}={}", std::filesystem::path(one.out).filename().string(), one.out);
  }
  if (!run.quiet && !run.json) fmt::print("  together  casim report{} -o paths.html\n", results);
  return worst;
}

}  // namespace

int run_command(const Arguments& arguments) {
  RunArguments run;
  const po::options_description options = run_options(run);
  const CommandLine line = parse_command_line(
      arguments, options,
      {"SCENARIO [options]",
       "Runs a scenario, writes its result and prints a summary.\n"
       "Exit code 1: one of its thresholds is broken.",
       "casim run scenarios/first-burst.json --set workloads.web.count=500 --seed 7"},
      "scenario");
  if (!line.goes_on) return line.exit_code;
  if (!take_run_values(line.values, run)) return kBadInput;
  if (run.run > 0 && !take_seed_of_run(run)) return kBadInput;
  if (!run.paths.empty()) return run_by_paths(run);
  auto planned = plan_run(run);
  return planned ? run_planned(*std::move(planned), run) : kBadInput;
}

}  // namespace casim::sim
