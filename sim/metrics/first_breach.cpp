#include "sim/metrics/first_breach.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/metrics/latency.h"

namespace casim::sim {
namespace {

enum class Population : std::uint8_t { kAll, kExistingNode, kScaleUp };

constexpr std::array<std::pair<std::string_view, Population>, 3> kPopulations = {
    {{"pod_latency.", Population::kAll},
     {"existing_node_latency.total.", Population::kExistingNode},
     {"scale_up_latency.total.", Population::kScaleUp}}};

constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> kPercents = {
    {{"p50", 50}, {"p90", 90}, {"p99", 99}, {"max", 100}}};

constexpr std::array<std::pair<std::string_view, PodEnd>, 4> kEnds = {
    {{"pods.evicted", PodEnd::kEvicted},
     {"pods.preempted", PodEnd::kPreempted},
     {"pods.lost", PodEnd::kLost},
     {"pods.deleted", PodEnd::kDeleted}}};

// A pod, when it is known whether it waited too long.
struct Wait {
  TimePoint known;
  bool is_over;
};

bool bounds_above(const SummaryThreshold& threshold) {
  return threshold.relation == ThresholdRelation::kLess ||
         threshold.relation == ThresholdRelation::kAtMost;
}

bool holds(const SummaryThreshold& threshold, double measured) {
  const double bound = *threshold.bound.as_double();
  return threshold.relation == ThresholdRelation::kLess ? measured < bound : measured <= bound;
}

// A pod that waits to this day, and not for a node that nobody sells.
bool is_unserved(const PodRecord& pod, PodId id, const std::vector<UnfitPod>& unfit) {
  if (pod.unschedulable == kTimeNever || pod.is_bound() || pod.has_ended) return false;
  return !std::ranges::binary_search(unfit, id, {}, &UnfitPod::id);
}

std::vector<Wait> waits_of(Population population, const SummaryThreshold& threshold,
                           const Summary& summary, const Collectors& told) {
  const Duration bound = from_seconds(*threshold.bound.as_double());
  std::vector<Wait> waits;
  for (std::size_t i = 0; i < told.pods().pods().size(); ++i) {
    const PodRecord& pod = told.pods().pods()[i];
    if (pod.daemon_set) continue;
    const auto stages = stages_of(pod, told.nodes());
    if (!stages) {
      const bool counts = population != Population::kExistingNode &&
                          is_unserved(pod, PodId(static_cast<PodId::rep>(i)), summary.unfit);
      if (counts) waits.push_back({pod.waits_from + bound, true});
      continue;
    }
    if (population != Population::kAll &&
        stages->scale_up != (population == Population::kScaleUp)) {
      continue;
    }
    if (population == Population::kScaleUp && pod.created < summary.warmup) continue;
    const bool is_over = !holds(threshold, to_seconds(stages->total));
    waits.push_back({is_over ? pod.waits_from + bound : pod.running, is_over});
  }
  std::ranges::stable_sort(waits, {}, &Wait::known);
  return waits;
}

// Nearest rank, as the percentiles of the summary.
std::optional<TimePoint> percentile_breach(const std::vector<Wait>& waits, std::int64_t percent) {
  std::optional<TimePoint> from;
  std::int64_t within = 0;
  for (std::size_t i = 0; i < waits.size(); ++i) {
    if (!waits[i].is_over) ++within;
    const auto count = static_cast<std::int64_t>(i + 1);
    if (within >= std::max<std::int64_t>(1, (count * percent + 99) / 100)) {
      from.reset();
    } else if (!from) {
      from = waits[i].known;
    }
  }
  return from;
}

// The event with which a count left what it may be.
std::optional<TimePoint> count_breach(const SummaryThreshold& threshold,
                                      std::vector<TimePoint> events) {
  const double bound = *threshold.bound.as_double();
  const bool is_exact = threshold.relation == ThresholdRelation::kEqual;
  if (!bounds_above(threshold) && !is_exact) return std::nullopt;
  std::ranges::sort(events);
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto count = static_cast<double>(i + 1);
    if (is_exact ? count > bound : !holds(threshold, count)) return events[i];
  }
  return std::nullopt;  // too few, not too many
}

std::optional<TimePoint> pods_breach(PodEnd how, const SummaryThreshold& threshold,
                                     const Collectors& told) {
  std::vector<TimePoint> events;
  for (const PodRecord& pod : told.pods().pods()) {
    if (pod.has_ended && pod.how == how) events.push_back(pod.ended);
  }
  return count_breach(threshold, std::move(events));
}

std::optional<TimePoint> nodes_breach(TimePoint NodeRecord::* when,
                                      const SummaryThreshold& threshold, const Collectors& told) {
  std::vector<TimePoint> events;
  for (const NodeRecord& node : told.nodes().nodes()) {
    if (node.*when != kTimeNever) events.push_back(node.*when);
  }
  return count_breach(threshold, std::move(events));
}

std::optional<TimePoint> settling_breach(std::optional<Duration> Settling::* time,
                                         const SummaryThreshold& threshold,
                                         const Summary& summary) {
  if (!bounds_above(threshold)) return std::nullopt;
  for (const Settling& one : summary.convergence.settlings) {
    if (!(one.*time) || !holds(threshold, to_seconds(*(one.*time)))) return one.from;
  }
  return std::nullopt;
}

std::optional<TimePoint> verdict_breach(const SummaryThreshold& threshold, const Summary& summary) {
  for (const Settling& one : summary.convergence.settlings) {
    const bool is_it = name_of(one.verdict) == *threshold.bound.as_string();
    if (is_it != (threshold.relation == ThresholdRelation::kEqual)) return one.from;
  }
  return std::nullopt;
}

}  // namespace

std::optional<TimePoint> first_breach(const SummaryThreshold& threshold, const Summary& summary,
                                      const Collectors& told) {
  const std::string_view path = threshold.path;
  for (const auto& [prefix, population] : kPopulations) {
    if (!path.starts_with(prefix) || !bounds_above(threshold)) continue;
    for (const auto& [name, percent] : kPercents) {
      if (path.substr(prefix.size()) != name) continue;
      return percentile_breach(waits_of(population, threshold, summary, told), percent);
    }
  }
  for (const auto& [name, how] : kEnds) {
    if (path == name) return pods_breach(how, threshold, told);
  }
  if (path == "nodes.registered") return nodes_breach(&NodeRecord::registered, threshold, told);
  if (path == "nodes.gone") return nodes_breach(&NodeRecord::gone, threshold, told);
  if (path == "convergence.verdict") return verdict_breach(threshold, summary);
  if (path == "convergence.service_settled") {
    return settling_breach(&Settling::service_settled, threshold, summary);
  }
  if (path == "convergence.size_settled") {
    return settling_breach(&Settling::size_settled, threshold, summary);
  }
  return std::nullopt;
}

}  // namespace casim::sim
