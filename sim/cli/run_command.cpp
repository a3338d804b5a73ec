#include <unistd.h>

#include <cstdlib>
#include <limits>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/cli/command.h"
#include "sim/cli/failure_report.h"
#include "sim/cli/host.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/options.h"
#include "sim/cli/progress.h"
#include "sim/cli/replay.h"
#include "sim/cli/replicate.h"
#include "sim/cli/result_files.h"
#include "sim/report/gzip_file.h"
#include "sim/report/result_folder.h"
#include "sim/report/summary_json.h"
#include "sim/report/summary_text.h"
#include "sim/scenario/load_forecast.h"
#include "sim/scenario/load_plan.h"
#include "sim/scenario/load_scenario.h"
#include "sim/study/thresholds.h"
#include "sim/world/broken_invariant.h"
#include "sim/world/world.h"
#include "src/core/version.h"

namespace casim::sim {
namespace {

constexpr std::uint64_t kSliceEvents = 20'000;
constexpr int kMostRuns = 100'000;

struct RunArguments {
  ScenarioSource source;
  WorldOptions world;
  std::string out;
  std::uint64_t event_limit = 0;  // 0: none
  bool json = false;
  bool quiet = false;
  ResultExtras extras;
  bool report = false;
  bool no_report = false;
  bool events = false;
  bool check = false;
  int runs = 0;  // 0: one, and no replications
  int run = 0;   // of replications this one alone, from 1; 0: not of replications
  int jobs = 1;
};

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
      "event-limit", po::value(&run.event_limit), "break off after so many events, exit code 3")(
      "check", po::bool_switch(&run.check), "check the model's invariants after every event")(
      "scenario", po::value<std::string>(), "the scenario file");
  return options;
}

// False: a mistake was named.
bool take_values(const po::variables_map& values, RunArguments& run) {
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

Progress::Mode progress_mode(const RunArguments& run) {
  if (run.quiet) return Progress::Mode::kQuiet;
  return is_terminal(STDERR_FILENO) ? Progress::Mode::kTerminal : Progress::Mode::kPlain;
}

Replay replay_of(const RunArguments& run, std::uint64_t seed) {
  Replay replay{.scenario = run.source.file.string(), .overrides = {}, .seed = seed, .options = {}};
  for (const std::string& assignment : run.source.overrides) {
    if (!assignment.starts_with("seed=")) replay.overrides.push_back(assignment);
  }
  if (run.world.rpc_on_wire) replay.options.emplace_back("--rpc wire");
  if (run.world.check_invariants && !kChecksByDefault) replay.options.emplace_back("--check");
  if (run.event_limit > 0) {
    replay.options.push_back(fmt::format("--event-limit {}", run.event_limit));
  }
  return replay;
}

// How a run ended.
struct Ending {
  int exit_code = kOk;
  std::string failure;  // what broke, if something did
};

// Runs in slices, so that progress shows and Ctrl-C is heard.
Ending run_slices(World& world, const RunArguments& run, Interrupt& interrupt) {
  Progress progress(progress_mode(run));
  while (!world.is_over()) {
    if (interrupt.is_requested()) {
      world.stop("interrupt");
      return {kInterrupted, ""};
    }
    std::uint64_t slice = kSliceEvents;
    if (run.event_limit > 0) {
      const std::uint64_t left = run.event_limit - std::min(run.event_limit, world.events_run());
      if (left == 0) {
        world.stop("event limit");
        return {kInvariantBroken,
                fmt::format("the limit of {} events is reached", run.event_limit)};
      }
      slice = std::min(slice, left);
    }
    world.run(slice);
    progress.update(world.state());
  }
  return {};
}

Ending run_to_end(World& world, const RunArguments& run, Interrupt& interrupt) {
  try {
    return run_slices(world, run, interrupt);
  } catch (const BrokenInvariant& e) {
    world.stop("broken invariant", e.what());
    return {kInvariantBroken, e.what()};
  } catch (const std::exception& e) {
    world.stop("exception", e.what());
    return {kInvariantBroken, e.what()};
  }
}

std::string meta_json(const std::string& started, double wall_seconds) {
  nlohmann::ordered_json meta;
  meta["version"] = kResultsVersion;
  meta["commit"] = build_commit();
  meta["build"] = build_kind();
  meta["host"] = host_name();
  meta["started"] = started;
  meta["wall_s"] = wall_seconds;
  return meta.dump(2) + "\n";
}

void print_summary(const Summary& summary, const RunArguments& run,
                   const std::filesystem::path& folder) {
  if (run.json) {
    fmt::print("{}", to_json(summary));
    return;
  }
  if (run.quiet) return;
  TerminalStyle style;
  style.colour = is_terminal(STDOUT_FILENO) && std::getenv("NO_COLOR") == nullptr;
  style.width = terminal_width(STDOUT_FILENO);
  fmt::print("{}  result {}\n", to_text(summary, style), folder.string());
  fmt::print("  again  {}\n", command_of(replay_of(run, summary.seed)));
}

// What a task threw as it unwound; empty: nothing.
std::string shut_down(World& world) {
  try {
    world.shut_down();
  } catch (const std::exception& e) {
    return e.what();
  }
  return "";
}

// What is run.
struct PlannedRun {
  LoadedScenario loaded;
  LoadPlan plan;
  std::vector<SummaryThreshold> thresholds;
};

int run_into(const std::filesystem::path& target, ResultFolder& folder, PlannedRun planned,
             const RunArguments& run) {
  const LoadedScenario& loaded = planned.loaded;
  const FailureReport report(replay_of(run, loaded.scenario.seed));
  Interrupt interrupt;  // before the world: gRPC's threads must not take the signal either
  const std::string started = utc_now();
  const double begin = monotonic_seconds();
  std::optional<GzipFile> events;
  if (run.events) events.emplace(folder.path("events.jsonl.gz"));
  std::optional<World> world;
  try {
    world.emplace(loaded.scenario, std::move(planned.plan), run.world, events ? &*events : nullptr);
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}  result    none\n", report.text(e.what(), nullptr));
    return kInvariantBroken;
  }
  const AbortReport on_abort(report, *world, &folder);
  Ending ending = run_to_end(*world, run, interrupt);
  bool is_broken = !ending.failure.empty();
  const WorldState at = world->state();
  if (is_broken) fmt::print(stderr, "{}", report.text(ending.failure, &at));
  Summary summary = world->summary();
  summary.scenario = loaded.name;
  judge_thresholds(planned.thresholds, world->collectors(), summary);
  const std::string meta = meta_json(started, monotonic_seconds() - begin);
  const std::string replay = command_of(replay_of(run, summary.seed));
  Result<void> written = write_result(folder, {*world, summary, loaded, meta, replay}, run.extras);
  if (written && events && !events->close()) written = unwritable("events.jsonl.gz");
  if (const std::string failure = shut_down(*world); !failure.empty() && !is_broken) {
    is_broken = true;
    ending.exit_code = kInvariantBroken;
    fmt::print(stderr, "{}", report.text("at the end: " + failure, &at));
  }
  if (written) written = folder.commit();
  print_summary(summary, run, target);
  if (is_broken) {
    fmt::print(stderr, "  result    {}\n", written ? target.string() + " (partial)" : "none");
  }
  if (written && ending.exit_code == kOk && breaks_threshold(summary)) return kThresholdBroken;
  if (written) return ending.exit_code;
  fmt::print(stderr, "casim: {}\n", written.error().message);
  return is_broken ? ending.exit_code : kBadInput;
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

std::filesystem::path folder_of(const LoadedScenario& loaded, const RunArguments& run) {
  const std::string seed = std::to_string(loaded.scenario.seed);
  if (run.out.empty()) return std::filesystem::path("out") / loaded.name / seed;
  const std::filesystem::path out(run.out);
  return run.run > 0 ? out / seed : out;
}

int run_job(PlannedRun planned, const RunArguments& run) {
  const std::filesystem::path target = folder_of(planned.loaded, run);
  auto folder = ResultFolder::open(target);
  if (!folder) {
    fmt::print(stderr, "casim: {}\n", folder.error().message);
    return kBadInput;
  }
  return run_into(target, *folder, std::move(planned), run);
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
  if (!take_values(line.values, run)) return kBadInput;
  if (run.run > 0 && !take_seed_of_run(run)) return kBadInput;
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
  if (problems.has_errors()) return kBadInput;
  if (!fits_in_memory(*loaded, plan)) return kBadInput;
  PlannedRun planned{*std::move(loaded), std::move(plan), std::move(thresholds)};
  return run.runs > 0 ? run_replications(planned, run) : run_job(std::move(planned), run);
}

}  // namespace casim::sim
