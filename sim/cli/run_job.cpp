#include "sim/cli/run_job.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/cli/command.h"
#include "sim/cli/failure_report.h"
#include "sim/cli/host.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/progress.h"
#include "sim/cli/replay.h"
#include "sim/report/gzip_file.h"
#include "sim/report/result_folder.h"
#include "sim/report/summary_json.h"
#include "sim/report/summary_text.h"
#include "sim/world/broken_invariant.h"
#include "src/core/version.h"

namespace casim::sim {
namespace {

constexpr std::uint64_t kSliceEvents = 20'000;

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

int run_into(const std::filesystem::path& target, ResultFolder& folder, PlannedRun planned,
             const RunArguments& run) {
  const LoadedScenario& loaded = planned.loaded;
  const FailureReport report(replay_of(run, loaded.scenario.seed));
  Interrupt interrupt;  // before the world: gRPC's threads must not take the signal either
  const std::string started = utc_now();
  const double begin = monotonic_seconds();
  std::optional<GzipFile> events;
  if (run.events) events.emplace(folder.path("events.jsonl.gz"));
  Ec2Use ec2;
  WorldOptions options = run.world;
  if (run.extras.report) {
    options.listener = &ec2;
    options.ec2_calls = &ec2;
  }
  std::optional<World> world;
  try {
    world.emplace(loaded.scenario, std::move(planned.plan), options, events ? &*events : nullptr);
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}  result    none\n", report.text(e.what(), nullptr));
    return kInvariantBroken;
  }
  const AbortReport on_abort(report, *world, &folder);
  Ending ending = run_to_end(*world, run, interrupt);
  ec2.close();
  bool is_broken = !ending.failure.empty();
  const WorldState at = world->state();
  if (is_broken) fmt::print(stderr, "{}", report.text(ending.failure, &at));
  Summary summary = world->summary();
  summary.scenario = loaded.name;
  judge_thresholds(planned.thresholds, world->collectors(), summary);
  const std::string meta = meta_json(started, monotonic_seconds() - begin);
  const std::string replay = command_of(replay_of(run, summary.seed));
  Result<void> written = write_result(
      folder, {*world, summary, loaded, meta, replay, run.extras.report ? &ec2 : nullptr},
      run.extras);
  if (written && events && !events->close())
    written = unwritable(folder.name_of("events.jsonl.gz"));
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

std::filesystem::path folder_of(const LoadedScenario& loaded, const RunArguments& run) {
  const std::string seed = std::to_string(loaded.scenario.seed);
  if (run.out.empty()) return std::filesystem::path("out") / loaded.name / seed;
  const std::filesystem::path out(run.out);
  return run.run > 0 ? out / seed : out;
}

}  // namespace

int run_job(PlannedRun planned, const RunArguments& run) {
  const std::filesystem::path target = folder_of(planned.loaded, run);
  auto folder = ResultFolder::open(target);
  if (!folder) {
    fmt::print(stderr, "casim: {}\n", folder.error().message);
    return kBadInput;
  }
  return run_into(target, *folder, std::move(planned), run);
}

}  // namespace casim::sim
