// A run in this process, and explanations of it.
#pragma once

#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "sim/events/fact_tee.h"
#include "sim/explain/explanation.h"
#include "sim/explain/kept_facts.h"
#include "sim/world/world.h"
#include "tests/scenario/small_scenario.h"

namespace casim::sim {

// Runs twice: to find the thing, and to hear of it.
class ExplainedRun {
 public:
  explicit ExplainedRun(LoadedScenario loaded) : loaded_(std::move(loaded)) { run(nullptr); }

  explicit ExplainedRun(const Scenario& scenario)
      : ExplainedRun(LoadedScenario{"test", scenario, config::Document(config::Value())}) {}

  ~ExplainedRun() { world_->shut_down(); }

  ExplainedRun(const ExplainedRun&) = delete;
  ExplainedRun& operator=(const ExplainedRun&) = delete;

  ReplayedRun finished() const {
    ReplayedRun out{.pods = world_->collectors().pods(),
                    .nodes = world_->collectors().nodes(),
                    .text_of = [this](PodId pod) { return world_->text_of(pod); },
                    .groups = {},
                    .warmup = kTimeZero + loaded_.scenario.warmup,
                    .end = world_->state().now};
    for (const NodeGroupConfig& group : loaded_.scenario.node_groups) {
      out.groups.push_back(group.name);
    }
    return out;
  }

  std::string pods_csv() const {
    std::ostringstream csv;
    write_pods_csv(csv, world_->collectors().pods(), world_->collectors().nodes(),
                   [this](PodId pod) { return world_->text_of(pod); });
    return csv.str();
  }

  // The error, or the text of each.
  std::vector<std::string> explain(const std::string& asked) {
    const auto subject = parse_subject(asked, loaded_.scenario.start);
    if (!subject) return {subject.error()};
    const auto targets = targets_of(*subject, finished());
    if (!targets) return {targets.error()};
    FactTee tee;
    std::vector<std::unique_ptr<KeptFacts>> kept;
    for (const Target& target : *targets) {
      kept.push_back(facts_for(target));
      tee.add(*kept.back());
    }
    run(&tee);
    std::vector<std::string> out;
    for (std::size_t i = 0; i < targets->size(); ++i) {
      out.push_back(to_text(sim::explain(targets->at(i), finished(), *kept[i]), {}));
    }
    return out;
  }

 private:
  void run(FactSink* listener) {
    if (world_) world_->shut_down();
    config::Problems problems;
    WorldOptions options;
    options.listener = listener;
    world_.emplace(loaded_.scenario, make_load_plan(loaded_, problems), options, nullptr);
    while (!world_->is_over()) world_->run(1'000'000);
  }

  LoadedScenario loaded_;
  std::optional<World> world_;
};

}  // namespace casim::sim
