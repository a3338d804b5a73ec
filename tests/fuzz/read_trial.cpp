#include "tests/fuzz/read_trial.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "sim/scenario/arrival_plan.h"
#include "sim/scenario/describe.h"
#include "src/config/config.h"

namespace casim::fuzz {
namespace {

constexpr std::int64_t kMostNodes = 200;
constexpr std::int64_t kMostPods = 2000;

std::int64_t expected_arrivals(const sim::Scenario& scenario, const sim::Workload& workload) {
  const auto& arrivals = std::get<sim::ArrivalWorkload>(workload.body);
  if (!arrivals.to && !scenario.duration) return 0;  // refused anyway
  config::Problems problems;
  const auto spec = sim::make_arrivals(workload.name, arrivals, scenario, problems);
  if (!spec || spec->end > 1e6) return spec ? kMostPods + 1 : 0;
  return static_cast<std::int64_t>(sim::integral(*spec->rate, 0, spec->end));
}

constexpr std::int64_t kMostJobs = 60;  // of a CronJob in a trial, by a guess

std::int64_t pods_of(const sim::JobTemplate& job) {
  return std::max(job.completions.value_or(1), job.parallelism.value_or(1));
}

bool is_too_large(const sim::Scenario& scenario) {
  std::int64_t nodes = 0;
  std::int64_t pods = 0;
  for (const sim::NodeGroupConfig& group : scenario.node_groups) {
    nodes += std::max(group.initial, group.min);
  }
  for (const sim::Workload& workload : scenario.workloads) {
    if (const auto* burst = std::get_if<sim::BurstWorkload>(&workload.body)) {
      pods += burst->count;
    } else if (const auto* initial = std::get_if<sim::InitialWorkload>(&workload.body)) {
      std::vector<sim::InitialPlace> places = initial->also;
      places.push_back(initial->place);
      pods += initial->pending;
      for (const sim::InitialPlace& place : places) {
        nodes += place.nodes;
        pods += std::int64_t{place.nodes} * place.per_node;
      }
    } else if (std::holds_alternative<sim::ArrivalWorkload>(workload.body)) {
      pods += expected_arrivals(scenario, workload);
    } else if (const auto* job = std::get_if<sim::JobWorkload>(&workload.body)) {
      pods += pods_of(job->job);
    } else if (const auto* cron_job = std::get_if<sim::CronJobWorkload>(&workload.body)) {
      pods += kMostJobs * pods_of(cron_job->job);
    }
  }
  for (const sim::HpaScenario& hpa : scenario.hpas) pods += hpa.max_replicas;
  return nodes > kMostNodes || pods > kMostPods;
}

// What a result folder keeps must be a scenario too, the same one.
void check_round_trip(const sim::Scenario& scenario) {
  const std::string text = config::to_json(config::write(scenario));
  config::Problems problems;
  const auto document = config::parse_text(text, config::Format::kJson, {"again", ""}, problems);
  sim::Scenario again;
  if (document && config::read(*document, again, problems) &&
      config::to_json(config::write(again)) == text) {
    return;
  }
  std::fprintf(stderr, "not read back: %s%s\n", problems.text().c_str(), text.c_str());
  std::abort();
}

}  // namespace

ReadTrial read_trial(std::string_view text, config::Format format) {
  config::Problems problems;
  auto document = config::parse_text(text, format, {"trial", ""}, problems);
  if (!document) return {{Verdict::kRefused, problems.text()}, std::nullopt};
  sim::LoadedScenario loaded{"trial", {}, *std::move(document)};
  config::read(loaded.document, loaded.scenario, problems);
  if (is_too_large(loaded.scenario)) return {{Verdict::kTooLarge, {}}, std::nullopt};
  sim::validate(loaded.scenario, loaded.document, problems);
  if (problems.has_errors()) return {{Verdict::kRefused, problems.text()}, std::nullopt};
  check_round_trip(loaded.scenario);
  return {{Verdict::kGood, problems.text()}, std::move(loaded)};
}

Trial try_reading(std::string_view text, config::Format format) {
  return read_trial(text, format).trial;
}

}  // namespace casim::fuzz
