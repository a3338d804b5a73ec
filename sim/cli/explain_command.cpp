#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "sim/cli/command.h"
#include "sim/cli/host.h"
#include "sim/cli/options.h"
#include "sim/cli/run_again.h"
#include "sim/explain/explanation.h"
#include "sim/explain/kept_facts.h"
#include "sim/explain/subject.h"
#include "sim/explain/target.h"
#include "sim/world/world.h"

namespace casim::sim {
namespace {

int refused(const std::string& why) {
  fmt::print(stderr, "casim: {}{}", why, why.ends_with('\n') ? "" : "\n");
  return kBadInput;
}

ReplayedRun finished(const World& world, const StoredRun& stored) {
  const Scenario& scenario = stored.loaded.scenario;
  ReplayedRun out{.pods = world.collectors().pods(),
                  .nodes = world.collectors().nodes(),
                  .text_of = [&world](PodId pod) { return world.text_of(pod); },
                  .groups = {},
                  .warmup = kTimeZero + scenario.warmup,
                  .end = world.state().now};
  for (const NodeGroupConfig& group : scenario.node_groups) out.groups.push_back(group.name);
  return out;
}

void print(const std::vector<Target>& targets, const ReplayedRun& run,
           const std::vector<std::unique_ptr<KeptFacts>>& kept) {
  TerminalStyle style;
  style.colour = is_terminal(STDOUT_FILENO) && std::getenv("NO_COLOR") == nullptr;
  style.width = is_terminal(STDOUT_FILENO) ? terminal_width(STDOUT_FILENO) : 100;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    fmt::print("{}{}", i == 0 ? "" : "\n", to_text(explain(targets[i], run, *kept[i]), style));
  }
}

// Once to find the thing, and once more to hear of it what is asked: of a large run only that is
// kept.
int explain_run(const StoredRun& stored, const std::string& asked) {
  const auto subject = parse_subject(asked, stored.loaded.scenario.start);
  if (!subject) return refused(subject.error());
  Interrupt interrupt;
  std::vector<Target> targets;
  {
    Replaying replaying;
    WorldOptions options;
    options.listener = &replaying;
    World world(stored.loaded.scenario, stored.plan, options, nullptr);
    if (!run_again(world, replaying, stored, interrupt)) return kInterrupted;
    warn_of_digest(world, stored);
    auto found = targets_of(*subject, finished(world, stored));
    if (!found) return refused(found.error());
    targets = *std::move(found);
    world.shut_down();
  }
  Replaying replaying;
  std::vector<std::unique_ptr<KeptFacts>> kept;
  for (const Target& target : targets) {
    kept.push_back(facts_for(target));
    replaying.add(*kept.back());
  }
  WorldOptions options;
  options.listener = &replaying;
  World world(stored.loaded.scenario, stored.plan, options, nullptr);
  if (!run_again(world, replaying, stored, interrupt)) return kInterrupted;
  print(targets, finished(world, stored), kept);
  world.shut_down();
  return kOk;
}

}  // namespace

int explain_command(const Arguments& arguments) {
  std::vector<std::string> given;
  po::options_description options("options");
  options.add_options()("help,h", "print this")("arguments", po::value(&given),
                                                "the folder of a result, and what to explain");
  const CommandLine line = parse_command_line(
      arguments, options,
      {"RESULT pod/NAME | node/NAME | group/NAME | loop/TIME | slowest",
       "Runs the result's scenario again and says what came of one thing, and why.\n"
       "loop/TIME: the loop of the autoscaler that ran at that time, or the last before it (480, "
       "8m,\n2026-01-05T08:08:00Z). slowest: the pods that waited longest for a new node, and "
       "that of the\n99th percentile.",
       "casim explain out/first-burst/1 slowest"},
      "arguments", 2);
  if (!line.goes_on) return line.exit_code;
  if (given.size() != 2) {
    return refused(
        "explain needs a result and a thing, as in casim explain out/first-burst/1 "
        "slowest");
  }
  const auto stored = open_run(given[0]);
  if (!stored) return refused(stored.error());
  return explain_run(*stored, given[1]);
}

}  // namespace casim::sim
