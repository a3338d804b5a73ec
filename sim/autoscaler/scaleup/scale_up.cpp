#include "sim/autoscaler/scaleup/scale_up.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace casim::sim {
namespace {

constexpr std::string_view kNotReady = "not ready for scale-up";
constexpr std::string_view kInBackoff = "in backoff after failed scale-up";
constexpr std::string_view kMaxReached = "max node group size reached";
constexpr std::string_view kAtomicTooLarge = "atomic scale-up exceeds cluster node count limit";

constexpr std::string_view kNoPodFits = "No pod can fit";
constexpr std::string_view kNotAllPodsFit = "Some pods can't fit";
constexpr std::string_view kTimeIsUp = "max-binpacking-time is over";

ScaleUpPolicy policy_of(const AutoscalerOptions& options, const ScaleUpOrchestrator::Ports& ports) {
  return ScaleUpPolicy{
      ExpanderChain(options.expanders,
                    {ports.provider, ports.view, ports.events, ports.clock, ports.order}),
      SimilarityRules(options),
      default_thresholds(options.max_nodes_per_scaleup, options.max_nodegroup_binpacking_duration)};
}

std::vector<PodPtr> pods_without_place(const std::vector<PodGroup>& groups) {
  std::vector<PodPtr> pods;
  for (const PodGroup& group : groups) {
    if (!group.fitting_groups.empty()) continue;
    pods.insert(pods.end(), group.pods.begin(), group.pods.end());
  }
  return pods;
}

}  // namespace

ScaleUpOutcome ScaleUpOutcome::of(ScaleUpResult result) {
  ScaleUpOutcome outcome;
  outcome.result = result;
  return outcome;
}

ScaleUpOutcome ScaleUpOutcome::failed(AutoscalerErrorType type, std::string message) {
  ScaleUpOutcome outcome = of(ScaleUpResult::kError);
  outcome.error = AutoscalerError{type, std::move(message)};
  return outcome;
}

ScaleUpOrchestrator::ScaleUpOrchestrator(const AutoscalerOptions& options, Ports ports)
    : ScaleUpOrchestrator(options, ports, policy_of(options, ports)) {}

ScaleUpOrchestrator::ScaleUpOrchestrator(const AutoscalerOptions& options, Ports ports,
                                         ScaleUpPolicy policy)
    : options_(options), ports_(ports), policy_(std::move(policy)) {}

Awaitable<ScaleUpOutcome> ScaleUpOrchestrator::scale_up(LoopId by, std::vector<PodPtr> pods,
                                                        std::vector<NodePtr> nodes,
                                                        bool all_or_nothing) {
  if (by != last_loop_) attempts_ = 0;
  last_loop_ = by;
  Attempt attempt;
  attempt.by = by;
  attempt.n = attempts_++;
  attempt.pod_groups = build_pod_groups(pods);
  ports_.order.arrange({"pod-groups", by, attempt.n}, attempt.pod_groups,
                       [](const PodGroup& group) { return pod_name(group.pods.front()); });
  attempt.pods = pods.size();
  attempt.node_count = static_cast<int>(nodes.size());
  attempt.all_or_nothing = all_or_nothing;
  const std::vector<NodeGroupPtr> groups = co_await ports_.provider.node_groups(by);
  if (!co_await has_templates_for_upcoming(by)) {
    co_return failure(attempt, AutoscalerErrorType::kInternalError,
                      "an upcoming node has no template", {});
  }
  attempt.packing_start = ports_.clock.now();
  Result<QuotaTracker> tracker = co_await QuotaTracker::make(
      by, ports_.provider, quotas(), QuotaTracker::Side::kMax, std::move(nodes));
  if (!tracker) {
    co_return failure(attempt, AutoscalerErrorType::kInternalError, tracker.error().message, {});
  }
  attempt.now = ports_.clock.now();  // not the loop's start (1.4)
  attempt.candidates = co_await valid_groups(by, groups, *tracker, attempt.node_count, attempt.now);
  Rejected rejected;
  for (Candidate& candidate : attempt.candidates) {
    find_fitting(candidate, attempt.pod_groups, rejected);
  }
  report_rejected(by, std::move(rejected));
  std::vector<ScaleUpOption> options = co_await options_of(attempt);
  if (options.empty()) co_return no_options(attempt);
  std::optional<ScaleUpOption> best = co_await choose(attempt, std::move(options));
  if (!best || best->node_count <= 0) co_return abort(attempt);
  co_return co_await carry_out(attempt, std::move(*best), *tracker);
}

ScaleUpOutcome ScaleUpOrchestrator::no_options(const Attempt& attempt) {
  ScaleUpOutcome outcome = ScaleUpOutcome::of(ScaleUpResult::kNoOptionsAvailable);
  outcome.remaining = pods_without_place(attempt.pod_groups);
  for (const PodPtr& pod : outcome.remaining) {
    ports_.events.about_pod("NotTriggerScaleUp", pod->id);
  }
  return outcome;
}

ScaleUpOutcome ScaleUpOrchestrator::abort(Attempt& attempt) {
  for (PodGroup& group : attempt.pod_groups) group.fitting_groups.clear();
  return no_options(attempt);
}

ScaleUpOutcome ScaleUpOrchestrator::failure(Attempt& attempt, AutoscalerErrorType type,
                                            std::string message, const ScaleUpOption& best) {
  for (PodGroup& group : attempt.pod_groups) group.fitting_groups.clear();
  ScaleUpOutcome outcome = ScaleUpOutcome::failed(type, std::move(message));
  outcome.pods = best.pods;
  outcome.remaining = pods_without_place(attempt.pod_groups);
  return outcome;
}

Awaitable<bool> ScaleUpOrchestrator::has_templates_for_upcoming(LoopId by) {
  const UpcomingNodes upcoming = co_await ports_.state.upcoming(by);
  for (const auto& [group, count] : upcoming.counts) {
    if (ports_.templates.find(group) == nullptr) co_return false;
  }
  co_return true;
}

std::vector<Quota> ScaleUpOrchestrator::quotas() const {
  std::vector<Quota> quotas = {cluster_wide(options_)};
  for (const CapacityQuota& given : ports_.view.capacity_quotas()) {
    Quota quota{"CapacityQuota/" + given.name, given.selector, {}};
    for (const auto& [resource, limit] : given.limits) {
      quota.limits[resource] = ResourceLimit{0, limit};
    }
    quotas.push_back(std::move(quota));
  }
  return quotas;
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
  co_return *quota_texts_.insert(fmt::format("{}", fmt::join(reasons_of(*check), "; "))).first;
}

// The first pod of each group speaks for all of it; it is checked, not placed.
void ScaleUpOrchestrator::find_fitting(Candidate& candidate, std::vector<PodGroup>& groups,
                                       Rejected& rejected) {
  ports_.snapshot.fork();
  const Slot slot = ports_.snapshot.add_unnamed(candidate.info);
  for (PodGroup& group : groups) {
    const NodeInfo& node = ports_.snapshot.info(slot);
    const FailedFilter failed = run_filters(ports_.snapshot, group.exemplar(), node);
    if (failed != FailedFilter::kNone) {
      rejected[{candidate.group->id(), failed}] += static_cast<int>(group.pods.size());
      continue;
    }
    candidate.fitting.push_back(&group);
    group.fitting_groups.push_back(candidate.group->id());
  }
  ports_.snapshot.revert();
}

void ScaleUpOrchestrator::report_rejected(LoopId by, Rejected rejected) {
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
    const Attempt& attempt, std::vector<ScaleUpOption> options) {
  std::vector<ConsideredOption> considered;
  std::vector<NodeGroupPtr> groups;  // hold the names
  for (const ScaleUpOption& option : options) {
    groups.push_back(option.group);
    considered.push_back(ConsideredOption{
        groups.back()->id(), option.node_count, static_cast<int>(option.pods.size()), {}});
  }
  const ExpanderInput input{attempt.by, ports_.templates.infos(), attempt.n};
  ExpanderChain::Rejections rejections;
  std::optional<ScaleUpOption> best =
      co_await policy_.expander.choose(input, std::move(options), &rejections);
  for (ConsideredOption& option : considered) {
    const auto rejected = rejections.find(std::string(option.group));
    if (rejected != rejections.end()) option.rejected_by = rejected->second;
    ports_.observer.on_option_considered(attempt.by, option);
  }
  co_return best;
}

Awaitable<std::vector<ScaleUpOption>> ScaleUpOrchestrator::options_of(const Attempt& attempt) {
  std::vector<ScaleUpOption> options;
  const TimePoint packing_end = attempt.packing_start + options_.max_binpacking_time;
  bool is_time_up = false;
  for (const Candidate& candidate : attempt.candidates) {
    if (is_time_up) {
      report_no_option(attempt.by, candidate, kTimeIsUp);
      continue;
    }
    std::string_view problem = kNoPodFits;
    if (!candidate.fitting.empty()) {
      std::vector<NodeGroupPtr> similar =
          co_await similar_groups(attempt.by, candidate.group, attempt.candidates, attempt.now);
      ScaleUpOption option = co_await option_of(attempt, candidate, std::move(similar));
      if (!option.pods.empty() && option.node_count > 0) {
        const bool is_partial = attempt.all_or_nothing && option.pods.size() < attempt.pods;
        problem = is_partial ? kNotAllPodsFit : std::string_view();
        if (!is_partial) options.push_back(std::move(option));
      }
    }
    if (!problem.empty()) report_no_option(attempt.by, candidate, problem);
    is_time_up = ports_.clock.now() > packing_end;
  }
  co_return options;
}

void ScaleUpOrchestrator::report_no_option(LoopId by, const Candidate& candidate,
                                           std::string_view reason) {
  ports_.observer.on_option_considered(by, {candidate.group->id(), 0, 0, reason});
}

Awaitable<ScaleUpOption> ScaleUpOrchestrator::option_of(const Attempt& attempt,
                                                        const Candidate& candidate,
                                                        std::vector<NodeGroupPtr> similar) {
  ScaleUpOption option;
  option.group = candidate.group;
  similar.insert(similar.begin(), candidate.group);
  EstimationContext context{{}, options_.max_nodes_total, attempt.node_count};
  for (const NodeGroupPtr& group : similar) {
    const Result<int> target = co_await group->target_size(attempt.by);
    if (target) context.groups.push_back(GroupCapacity{group->max_size(), *target});
  }
  std::vector<Threshold> thresholds;
  for (const ThresholdRule& rule : policy_.thresholds) thresholds.push_back(rule(context));
  BinpackingEstimator estimator(ports_.snapshot, *candidate.info, combined(thresholds),
                                ports_.compute_time);
  Estimate estimate = estimator.estimate(candidate.fitting);
  option.node_count = estimate.node_count;
  option.pods = std::move(estimate.pods);
  const Duration cost = ports_.compute_time.cost_of(ComputeWork{0, option.node_count, 0});
  if (cost > Duration{}) co_await ports_.clock.sleep_for(cost);
  const Result<NodeGroupOptions> options =
      co_await candidate.group->options(attempt.by, options_.group_defaults);
  if (!options || !options->zero_or_max_node_scaling) co_return option;
  const int whole = candidate.group->max_size();
  if (attempt.all_or_nothing && option.node_count > whole) option.pods.clear();
  if (option.node_count > 0) option.node_count = whole;
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
    if (!are_similar(*own.info, *candidate->info, policy_.similarity)) continue;
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
