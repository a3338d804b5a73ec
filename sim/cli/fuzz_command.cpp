// Runs a scenario again and again, each time with other faults, until one run breaks.
#include <unistd.h>

#include <algorithm>
#include <expected>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "sim/cli/command.h"
#include "sim/cli/failure_report.h"
#include "sim/cli/host.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/number_option.h"
#include "sim/cli/options.h"
#include "sim/cli/replay.h"
#include "sim/scenario/describe.h"
#include "sim/scenario/fault_search.h"
#include "sim/scenario/load_plan.h"
#include "sim/world/fault_trial.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

namespace fs = std::filesystem;

CommandUsage fuzz_usage() {
  return {"[SCENARIO] [options]",
          "Runs a scenario with faults that are drawn, seed after seed, and checks every invariant "
          "at every\nevent. What breaks it is written down as a scenario.",
          "casim fuzz --seeds 1000"};
}

struct FuzzArguments {
  ScenarioSource source;  // no file: the built-in one
  std::uint64_t seeds = 0;
  std::uint64_t first = 0;
  fs::path out;
  bool quiet = false;
};

po::options_description fuzz_options() {
  po::options_description options("options");
  options.add_options()("help,h", "print this")(
      "seeds", po::value<std::string>()->default_value("1000"), "how many runs")(
      "seed", po::value<std::string>()->default_value("1"),
      "seed of the first; then one more each")("set", po::value<std::vector<std::string>>(),
                                               "override a value of the scenario")(
      "out", po::value<std::string>()->default_value("out/fuzz"),
      "folder for the scenario of a run that breaks")("quiet,q", po::bool_switch(), "no progress")(
      "scenario", po::value<std::string>(),
      "scenario file, whose faults are replaced; absent: a small one of casim's own");
  return options;
}

std::optional<FuzzArguments> take_fuzz_values(const po::variables_map& values) {
  FuzzArguments fuzz;
  const auto seeds = number_option<std::uint64_t>(values, "seeds", 1, UINT64_MAX);
  const auto first = number_option<std::uint64_t>(values, "seed", 0, UINT64_MAX);
  if (!seeds || !first) return std::nullopt;
  fuzz.seeds = *seeds;
  fuzz.first = *first;
  fuzz.out = values["out"].as<std::string>();
  fuzz.quiet = values["quiet"].as<bool>();
  if (values.count("scenario") > 0) fuzz.source.file = values["scenario"].as<std::string>();
  if (values.count("set") > 0) {
    fuzz.source.overrides = values["set"].as<std::vector<std::string>>();
  }
  if (fuzz.source.file.empty() && !fuzz.source.overrides.empty()) {
    fmt::print(stderr, "casim: --set changes a scenario file, and none is named\n");
    return std::nullopt;
  }
  return fuzz;
}

std::optional<Scenario> scenario_of(const FuzzArguments& fuzz) {
  if (fuzz.source.file.empty()) return search_scenario();
  config::Problems problems;
  const auto loaded = load_scenario(fuzz.source, problems);
  if (loaded) static_cast<void>(make_load_plan(*loaded, problems));
  fmt::print(stderr, "{}", problems.text());
  if (problems.has_errors()) return std::nullopt;
  return loaded->scenario;
}

// The scenario of one run, in a file, so that it is there whatever ends the run.
class CaseFile {
 public:
  CaseFile(const fs::path& folder, std::uint64_t seed)
      : path_(folder / fmt::format("{}.json", seed)) {}

  bool write(const Scenario& scenario) const {
    std::ofstream out(path_, std::ios::binary);
    out << config::to_json(config::write(scenario, path_.parent_path())) << "\n";
    out.close();
    return static_cast<bool>(out);
  }

  void remove() const {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }

  std::string name() const { return path_.string(); }

 private:
  fs::path path_;
};

class FuzzProgress {
 public:
  explicit FuzzProgress(bool is_quiet)
      : is_quiet_(is_quiet), on_terminal_(is_terminal(STDERR_FILENO)) {}

  ~FuzzProgress() { clear(); }

  void clear() {
    if (line_is_open_) fmt::print(stderr, "\r\033[K");
    line_is_open_ = false;
  }

  void update(std::uint64_t done, std::uint64_t all) {
    const double now = monotonic_seconds();
    if (is_quiet_ || now - shown_ < (on_terminal_ ? 0.2 : 10)) return;
    shown_ = now;
    const std::string text = fmt::format("{} of {} seeds, {:.1f} a second", done, all, rate(done));
    if (on_terminal_) {
      fmt::print(stderr, "\r\033[K{}", text);
      line_is_open_ = true;
    } else {
      fmt::print(stderr, "{}\n", text);
    }
    std::fflush(stderr);
  }

  double rate(std::uint64_t done) const {
    return static_cast<double>(done) / std::max(1e-9, monotonic_seconds() - begun_);
  }

 private:
  bool is_quiet_;
  bool on_terminal_;
  double begun_ = monotonic_seconds();
  double shown_ = begun_;
  bool line_is_open_ = false;
};

struct CaseOptions {
  bool ends_at_rest = true;
  std::uint64_t event_limit = kEndlessEvents;
};

// The trial's failure is what broke.
FaultTrial run_case(const LoadedScenario& loaded, const FailureReport& report,
                    const CaseOptions& options, Interrupt& interrupt) {
  std::optional<AbortReport> on_abort;
  return try_faults(
      loaded, {.ends_at_rest = options.ends_at_rest,
               .event_limit = options.event_limit,
               .goes_on = [&] { return !interrupt.is_requested(); },
               .on_world = [&](const World& world) { on_abort.emplace(report, world, nullptr); },
               .on_end = [&] { on_abort.reset(); }});
}

// The scenario when nothing goes wrong. What does not come to rest then cannot be asked to with
// faults, and they may make a run some times as long.
std::expected<CaseOptions, int> calm_run(const Scenario& scenario, const FuzzArguments& fuzz,
                                         Interrupt& interrupt) {
  LoadedScenario calm{"calm", scenario, config::Document(config::Value())};
  calm.scenario.faults.clear();
  const FailureReport report({.scenario = fuzz.source.file.string(),
                              .overrides = fuzz.source.overrides,
                              .seed = scenario.seed,
                              .options = {"--check", "--set faults=[]"}});
  const CaseOptions endless{.event_limit = std::numeric_limits<std::uint64_t>::max()};
  const FaultTrial trial = run_case(calm, report, endless, interrupt);
  if (trial.is_cut_short) {
    fmt::print("no seed was run; interrupted in the run without faults\n");
    return std::unexpected(kInterrupted);
  }
  if (!trial.failure.empty() && !trial.is_restless) {
    fmt::print(stderr, "casim: the run broke without faults: {}\n", trial.failure);
    return std::unexpected(kInvariantBroken);
  }
  if (trial.is_restless) {
    fmt::print(stderr, "casim: without faults: {}; so rest is not asked for\n", trial.failure);
  }
  constexpr std::uint64_t kLonger = 20;
  return CaseOptions{.ends_at_rest = !trial.is_restless,
                     .event_limit = std::max(kEndlessEvents, kLonger * trial.events)};
}

// The same case, with the question of rest at the end.
std::string search_again(const FuzzArguments& fuzz, std::uint64_t seed) {
  std::string command = "casim fuzz";
  if (!fuzz.source.file.empty()) command += " " + shell_word(fuzz.source.file.string());
  for (const std::string& assignment : fuzz.source.overrides) {
    command += " --set " + shell_word(assignment);
  }
  return command + fmt::format(" --seeds 1 --seed {}", seed);
}

int search(const Scenario& scenario, const FuzzArguments& fuzz) {
  Interrupt interrupt;
  const auto options = calm_run(scenario, fuzz, interrupt);
  if (!options) return options.error();
  FuzzProgress progress(fuzz.quiet);
  for (std::uint64_t i = 0; i < fuzz.seeds; ++i) {
    const std::uint64_t seed = fuzz.first + i;
    const LoadedScenario loaded = fault_case(scenario, seed);
    const CaseFile file(fuzz.out, seed);
    if (!file.write(loaded.scenario)) {
      fmt::print(stderr, "casim: {}: cannot be written\n", file.name());
      return kBadInput;
    }
    const FailureReport report(
        {.scenario = file.name(), .overrides = {}, .seed = seed, .options = {"--check"}});
    const FaultTrial trial = run_case(loaded, report, *options, interrupt);
    if (!trial.failure.empty()) {
      progress.clear();
      fmt::print(stderr, "{}  search    {}\n", report.text(trial.failure, &trial.at),
                 search_again(fuzz, seed));
      return kInvariantBroken;
    }
    file.remove();
    if (trial.is_cut_short) {
      progress.clear();
      fmt::print("{} seeds, none broke; interrupted at {}\n", i, seed);
      return kInterrupted;
    }
    progress.update(i + 1, fuzz.seeds);
  }
  progress.clear();
  fmt::print("{} seeds from {} on, none broke, {:.1f} a second\n", fuzz.seeds, fuzz.first,
             progress.rate(fuzz.seeds));
  return kOk;
}

}  // namespace

int fuzz_command(const Arguments& arguments) {
  const CommandLine line = parse_command_line(arguments, fuzz_options(), fuzz_usage(), "scenario");
  if (!line.goes_on) return line.exit_code;
  const auto fuzz = take_fuzz_values(line.values);
  if (!fuzz) return kBadInput;
  const auto scenario = scenario_of(*fuzz);
  if (!scenario) return kBadInput;
  std::error_code error;
  fs::create_directories(fuzz->out, error);
  if (error) {
    fmt::print(stderr, "casim: {}: cannot be made: {}\n", fuzz->out.string(), error.message());
    return kBadInput;
  }
  return search(*scenario, *fuzz);
}

}  // namespace casim::sim
