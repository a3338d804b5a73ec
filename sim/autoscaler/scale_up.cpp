#include "sim/autoscaler/scale_up.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace casim::sim {
namespace {

constexpr std::string_view kNotReady = "not ready for scale-up";
constexpr std::string_view kInBackoff = "in backoff after failed scale-up";
constexpr std::string_view kMaxReached = "max node group size reached";
constexpr std::string_view kAtomicTooLarge = "atomic scale-up exceeds cluster node count limit";

constexpr std::string_view kNoPodFits = "No pod can fit";

}  // namespace

ScaleUpOutcome ScaleUpOutcome::of(ScaleUpResult result) {
  ScaleUpOutcome outcome;
  outcome.result = result;
  return outcome;
}

ScaleUpOutcome ScaleUpOutcome::failed(std::string type) {
  ScaleUpOutcome outcome = of(ScaleUpResult::kError);
  outcome.error = std::move(type);
  return outcome;
}

std::string_view name_of(ScaleUpResult result) {
  constexpr std::array<std::string_view, 7> kNames = {
      "ScaleUpSuccessful", "ScaleUpError",      "ScaleUpNoOptionsAvailable",    "ScaleUpNotNeeded",
      "ScaleUpNotTried",   "ScaleUpInCooldown", "ScaleUpLimitedByMaxNodesTotal"};
  return kNames.at(static_cast<std::size_t>(result));
}

ScaleUpOrchestrator::ScaleUpOrchestrator(const AutoscalerOptions& options, Ports ports)
    : options_(options),
      similarity_(options),
      ports_(ports),
      expander_(options.expanders,
                {ports.provider, ports.view, ports.events, ports.clock, ports.order}) {}

Awaitable<ScaleUpOutcome> ScaleUpOrchestrator::scale_up(LoopId by, std::vector<PodPtr> pods,
                                                        std::vector<NodePtr> nodes) {
  std::vector<PodGroup> pod_groups = build_pod_groups(pods);
  const std::vector<NodeGroupPtr> groups = co_await ports_.provider.node_groups(by);
  if (!co_await has_templates_for_upcoming(by)) co_return ScaleUpOutcome::failed("internalError");
  const int node_count = static_cast<int>(nodes.size());
  Result<QuotaTracker> tracker = co_await QuotaTracker::make(
      by, ports_.provider, options_, QuotaTracker::Side::kMax, std::move(nodes));
  if (!tracker) co_return ScaleUpOutcome::failed("internalError");
  const TimePoint now = ports_.clock.now();  // not the loop's start (1.4)
  Candidates candidates = co_await valid_groups(by, groups, *tracker, node_count, now);
  Rejected rejected;
  for (Candidate& candidate : candidates) find_fitting(candidate, pod_groups, rejected);
  tell_rejected(by, std::move(rejected));
  std::vector<ScaleUpOption> options = co_await options_of(by, candidates, node_count, now);
  if (options.empty()) {
    record_unhelped(pod_groups, false);
    co_return ScaleUpOutcome::of(ScaleUpResult::kNoOptions);
  }
  std::optional<ScaleUpOption> best = co_await choose(by, std::move(options));
  if (!best || best->node_count <= 0) {
    record_unhelped(pod_groups, true);
    co_return ScaleUpOutcome::of(ScaleUpResult::kNoOptions);
  }
  co_return co_await carry_out(by, std::move(*best), candidates, *tracker, node_count, now);
}

Awaitable<bool> ScaleUpOrchestrator::has_templates_for_upcoming(LoopId by) {
  const UpcomingNodes upcoming = co_await ports_.state.upcoming(by);
  for (const auto& [group, count] : upcoming.counts) {
    if (ports_.templates.find(group) == nullptr) co_return false;
  }
  co_return true;
}

std::string_view ScaleUpOrchestrator::unready_reason(const NodeGroup& group, TimePoint now) const {
  if (!ports_.state.is_group_healthy(group.id())) return kNotReady;
  return ports_.state.backoff_of(group.id(), now) == nullptr ? std::string_view() : kInBackoff;
}

Awaitable<ScaleUpOrchestrator::Candidates> ScaleUpOrchestrator::valid_groups(
    LoopId by, std::vector<NodeGroupPtr> groups, QuotaTracker& tracker, int node_count,
    TimePoint now) {
  Candidates result;
  for (const NodeGroupPtr& group : groups) {
    const std::string_view reason = co_await invalid_reason(by, group, tracker, node_count, now);
    skipped_.note(by, group->id(), {reason, {}});
    if (!reason.empty()) continue;
    result.push_back(Candidate{group, ports_.templates.find(group->id()), {}});
  }
  skipped_.end_loop(by, [&](const std::string& group, const ReasonLog::Reason& reason) {
    ports_.observer.on_group_skipped(by, group, reason.name);
  });
  co_return result;
}

// In upstream's order of tests (3.2).
Awaitable<std::string_view> ScaleUpOrchestrator::invalid_reason(LoopId by, NodeGroupPtr group,
                                                                QuotaTracker& tracker,
                                                                int node_count, TimePoint now) {
  const std::string_view unready = unready_reason(*group, now);
  if (!unready.empty()) co_return unready;
  const Result<int> target = co_await group->target_size(by);
  if (!target) co_return kNotReady;
  if (*target >= group->max_size()) co_return kMaxReached;
  const Result<NodeGroupOptions> options = co_await group->options(by, options_.group_defaults);
  int count = 1;
  if (options && options->zero_or_max_node_scaling) {
    count = group->max_size() - *target;
    if (options_.max_nodes_total != 0 && node_count + count > options_.max_nodes_total) {
      co_return kAtomicTooLarge;
    }
  }
  if (ports_.templates.find(group->id()) == nullptr) co_return kNotReady;
  co_return co_await over_quota(by, group, tracker, count);
}

Awaitable<std::string_view> ScaleUpOrchestrator::over_quota(LoopId by, NodeGroupPtr group,
                                                            QuotaTracker& tracker, int count) {
  const NodePtr node = ports_.templates.find(group->id())->node;
  const Result<QuotaTracker::Check> check = co_await tracker.check(by, group, node, count);
  if (!check) co_return kNotReady;
  if (check->exceeded.empty()) co_return "";
  co_return *quota_texts_
      .insert(fmt::format("exceeded quota: \"cluster-wide\", resources: {}",
                          fmt::join(check->exceeded, ", ")))
      .first;
}

// The first pod of each group speaks for all of it; it is checked, not placed.
void ScaleUpOrchestrator::find_fitting(Candidate& candidate, std::vector<PodGroup>& groups,
                                       Rejected& rejected) {
  ports_.snapshot.fork();
  const Slot slot = ports_.snapshot.add_unnamed(candidate.info);
  for (PodGroup& group : groups) {
    const NodeInfo& node = ports_.snapshot.info(slot);
    const Misfit misfit = check(ports_.snapshot, group.exemplar(), node);
    if (misfit != Misfit::kNone) {
      rejected[{candidate.group->id(), misfit}] += static_cast<int>(group.pods.size());
      continue;
    }
    candidate.fitting.push_back(&group);
    group.fitting_groups.push_back(candidate.group->id());
  }
  ports_.snapshot.revert();
}

void ScaleUpOrchestrator::tell_rejected(LoopId by, Rejected rejected) {
  for (const auto& [key, pods] : rejected_) rejected.try_emplace(key, 0);
  for (const auto& [key, pods] : rejected) {
    const auto before = rejected_.find(key);
    if (before != rejected_.end() && before->second == pods) continue;
    ports_.observer.on_pods_rejected(by, key.first, name_of(key.second), pods);
  }
  std::erase_if(rejected, [](const auto& entry) { return entry.second == 0; });
  rejected_ = std::move(rejected);
}

Awaitable<std::optional<ScaleUpOption>> ScaleUpOrchestrator::choose(
    LoopId by, std::vector<ScaleUpOption> options) {
  std::vector<ConsideredOption> considered;
  std::vector<NodeGroupPtr> groups;  // hold the names
  for (const ScaleUpOption& option : options) {
    groups.push_back(option.group);
    considered.push_back(ConsideredOption{
        groups.back()->id(), option.node_count, static_cast<int>(option.pods.size()), {}});
  }
  const ExpanderInput input{by, ports_.templates.infos()};
  ExpanderChain::Rejections rejections;
  std::optional<ScaleUpOption> best =
      co_await expander_.choose(input, std::move(options), &rejections);
  for (ConsideredOption& option : considered) {
    const auto rejected = rejections.find(std::string(option.group));
    if (rejected != rejections.end()) option.rejected_by = rejected->second;
    ports_.observer.on_option_considered(by, option);
  }
  co_return best;
}

void ScaleUpOrchestrator::record_unhelped(const std::vector<PodGroup>& groups, bool all) {
  for (const PodGroup& group : groups) {
    if (!all && !group.fitting_groups.empty()) continue;
    for (const PodPtr& pod : group.pods) {
      ports_.events.about_pod("NotTriggerScaleUp", pod->id);
    }
  }
}

Awaitable<std::vector<ScaleUpOption>> ScaleUpOrchestrator::options_of(LoopId by,
                                                                      const Candidates& candidates,
                                                                      int node_count,
                                                                      TimePoint now) {
  std::vector<ScaleUpOption> options;
  Duration spent{};
  for (const Candidate& candidate : candidates) {
    bool is_option = false;
    if (!candidate.fitting.empty()) {
      std::vector<NodeGroupPtr> similar =
          co_await similar_groups(by, candidate.group, candidates, now);
      ScaleUpOption option =
          co_await option_of(by, candidate, std::move(similar), node_count, spent);
      is_option = !option.pods.empty() && option.node_count > 0;
      if (is_option) options.push_back(std::move(option));
    }
    if (!is_option) {
      const ConsideredOption none{candidate.group->id(), 0, 0, kNoPodFits};
      ports_.observer.on_option_considered(by, none);
    }
    if (spent > options_.max_binpacking_time) break;
  }
  co_return options;
}

Awaitable<ScaleUpOption> ScaleUpOrchestrator::option_of(LoopId by, const Candidate& candidate,
                                                        std::vector<NodeGroupPtr> similar,
                                                        int node_count, Duration& spent) {
  ScaleUpOption option;
  option.group = candidate.group;
  similar.insert(similar.begin(), candidate.group);
  int capacity = 0;
  for (const NodeGroupPtr& group : similar) {
    const Result<int> target = co_await group->target_size(by);
    if (target) capacity += std::max(0, group->max_size() - *target);
  }
  const Threshold limit = combined({
      Threshold{options_.max_nodes_per_scaleup, options_.max_nodegroup_binpacking_duration},
      capacity_threshold(capacity),
      cluster_threshold(options_.max_nodes_total, node_count),
  });
  BinpackingEstimator estimator(ports_.snapshot, *candidate.info, limit, ports_.compute_time);
  Estimate estimate = estimator.estimate(candidate.fitting);
  option.node_count = estimate.node_count;
  option.pods = std::move(estimate.pods);
  const Duration cost = ports_.compute_time.cost_of(ComputeWork{0, option.node_count, 0});
  if (cost > Duration{}) co_await ports_.clock.sleep_for(cost);
  spent += cost;
  const Result<NodeGroupOptions> options =
      co_await candidate.group->options(by, options_.group_defaults);
  const bool is_atomic = options && options->zero_or_max_node_scaling;
  if (is_atomic && option.node_count > 0) option.node_count = candidate.group->max_size();
  co_return option;
}

Awaitable<std::vector<NodeGroupPtr>> ScaleUpOrchestrator::similar_groups(
    LoopId by, NodeGroupPtr group, const Candidates& candidates, TimePoint now) {
  std::vector<NodeGroupPtr> similar;
  if (!options_.balance_similar_node_groups) co_return similar;
  const Result<NodeGroupOptions> options = co_await group->options(by, options_.group_defaults);
  if (options && options->zero_or_max_node_scaling) co_return similar;
  const auto find = [&](const NodeGroup& wanted) {
    return std::find_if(candidates.begin(), candidates.end(),
                        [&](const Candidate& c) { return c.group->id() == wanted.id(); });
  };
  const Candidate& own = *find(*group);
  const std::vector<NodeGroupPtr> groups = co_await ports_.provider.node_groups(by);
  for (const NodeGroupPtr& other : groups) {
    const auto candidate = find(*other);
    if (other->id() == group->id() || candidate == candidates.end()) continue;
    if (!are_similar(*own.info, *candidate->info, similarity_)) continue;
    if (!unready_reason(*other, now).empty()) continue;
    const bool takes_all = std::includes(candidate->fitting.begin(), candidate->fitting.end(),
                                         own.fitting.begin(), own.fitting.end(), std::less<>());
    if (takes_all) similar.push_back(other);
  }
  co_return similar;
}

int ScaleUpOrchestrator::capped(int new_nodes, int node_count) const {
  if (options_.max_nodes_total <= 0) return new_nodes;
  return std::min(new_nodes, options_.max_nodes_total - node_count);
}

}  // namespace casim::sim
