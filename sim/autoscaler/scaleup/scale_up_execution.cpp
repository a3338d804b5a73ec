// The second half of a scale-up: caps, the plan, the order to the provider (3.7 to 3.11).
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "sim/autoscaler/scaleup/scale_up.h"
#include "src/async/run_all.h"

namespace casim::sim {
namespace {

constexpr AutoscalerErrorType kProviderError = AutoscalerErrorType::kCloudProviderError;
constexpr AutoscalerErrorType kInternalError = AutoscalerErrorType::kInternalError;

// One error for several: the first by text, and the others if they say something else.
std::string combined_message(std::vector<std::string> messages) {
  std::sort(messages.begin(), messages.end());
  messages.erase(std::unique(messages.begin(), messages.end()), messages.end());
  if (messages.size() < 2) return messages.empty() ? "" : messages.front();
  const std::string first = messages.front();
  messages.erase(messages.begin());
  return fmt::format("{} ...and other errors: [\"{}\"]", first, fmt::join(messages, "\", \""));
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Awaitable<ScaleUpOutcome> ScaleUpOrchestrator::carry_out(Attempt& attempt, ScaleUpOption best,
                                                         QuotaTracker& tracker) {
  const LoopId by = attempt.by;
  int new_nodes = capped(best.node_count, attempt.node_count);
  if (new_nodes < best.node_count) {
    ports_.events.about_status(fmt::format("MaxNodesTotalReached {}", options_.max_nodes_total));
  }
  if (new_nodes < 1) {
    co_return failure(attempt, AutoscalerErrorType::kTransientError, "max-nodes-total is reached",
                      best);
  }
  const NodePtr node = ports_.templates.find(best.group->id())->node;
  const Result<QuotaTracker::Check> quota = co_await tracker.check(by, best.group, node, new_nodes);
  if (!quota) co_return failure(attempt, kInternalError, quota.error().message, best);
  new_nodes = quota->allowed;
  if (attempt.all_or_nothing && new_nodes < best.node_count) co_return abort(attempt);
  std::vector<NodeGroupPtr> groups = co_await groups_to_raise(attempt, best.group, tracker);
  Result<std::vector<ScaleUpInfo>> infos = co_await plan(by, std::move(groups), new_nodes, tracker);
  if (!infos) co_return failure(attempt, kProviderError, infos.error().message, best);
  int total = 0;
  for (const ScaleUpInfo& info : *infos) total += info.new_size - info.current_size;
  if (attempt.all_or_nothing && total < new_nodes) co_return abort(attempt);
  std::vector<PodId> pods;
  for (const PodPtr& pod : best.pods) pods.push_back(pod->id);
  const Refusal refusal = co_await execute(by, *infos, std::move(pods), attempt.now);
  ScaleUpOutcome outcome = outcome_of(attempt, best, refusal);
  outcome.raised = std::move(*infos);
  if (!outcome.ok()) co_return outcome;
  co_await ports_.state.recalculate(by);
  for (const PodPtr& pod : best.pods) ports_.events.about_pod("TriggeredScaleUp", pod->id);
  co_return outcome;
}

ScaleUpOutcome ScaleUpOrchestrator::outcome_of(const Attempt& attempt, const ScaleUpOption& best,
                                               const Refusal& refusal) const {
  const bool is_refused = refusal.error.has_value();
  ScaleUpOutcome outcome = is_refused ? ScaleUpOutcome::failed(*refusal.error, refusal.message)
                                      : ScaleUpOutcome::of(ScaleUpResult::kSuccessful);
  outcome.pods = best.pods;
  for (const PodGroup& group : attempt.pod_groups) {
    const std::vector<std::string>& fitting = group.fitting_groups;
    const bool has_place = std::any_of(fitting.begin(), fitting.end(), [&](const auto& name) {
      return !contains(refusal.groups, name);
    });
    if (!has_place) {
      outcome.remaining.insert(outcome.remaining.end(), group.pods.begin(), group.pods.end());
    } else if (!is_refused && !contains(fitting, best.group->id())) {
      outcome.awaiting.insert(outcome.awaiting.end(), group.pods.begin(), group.pods.end());
    }
  }
  return outcome;
}

Awaitable<std::vector<NodeGroupPtr>> ScaleUpOrchestrator::groups_to_raise(const Attempt& attempt,
                                                                          NodeGroupPtr group,
                                                                          QuotaTracker& tracker) {
  std::vector<NodeGroupPtr> groups{group};
  const std::vector<NodeGroupPtr> similar =
      co_await similar_groups(attempt.by, group, attempt.candidates, attempt.now);
  for (const NodeGroupPtr& other : similar) {
    if (has(Behaviour::kQuotasOfSimilarGroups, options_.version)) {
      const std::string_view reason = co_await over_quota(attempt.by, other, tracker, 1);
      if (!reason.empty()) continue;
    }
    groups.push_back(other);
  }
  co_return groups;
}

// Each group's share is cut to its quota; what is cut off goes to no other group.
Awaitable<Result<std::vector<ScaleUpInfo>>> ScaleUpOrchestrator::plan(
    LoopId by, std::vector<NodeGroupPtr> groups, int new_nodes, QuotaTracker& tracker) {
  std::vector<ScaleUpInfo> infos;
  for (const NodeGroupPtr& group : groups) {
    const Result<int> target = co_await group->target_size(by);
    if (!target) co_return std::unexpected(target.error());
    infos.push_back(ScaleUpInfo{group, *target, *target, group->max_size()});
  }
  infos = balance(std::move(infos), new_nodes);
  if (!has(Behaviour::kQuotasOfSimilarGroups, options_.version)) co_return infos;
  for (ScaleUpInfo& info : infos) {
    const NodePtr node = ports_.templates.find(info.group->id())->node;
    const int delta = info.new_size - info.current_size;
    const Result<QuotaTracker::Check> check = co_await tracker.check(by, info.group, node, delta);
    if (!check) continue;
    info.new_size = info.current_size + check->allowed;
    if (check->allowed > 0) co_await tracker.consume(by, info.group, node, check->allowed);
  }
  std::erase_if(infos, [](const ScaleUpInfo& i) { return i.new_size == i.current_size; });
  co_return infos;
}

Awaitable<ScaleUpOrchestrator::Refusal> ScaleUpOrchestrator::execute(LoopId by,
                                                                     std::vector<ScaleUpInfo> infos,
                                                                     std::vector<PodId> pods,
                                                                     TimePoint now) {
  co_await ports_.provider.available_gpu_types(by);
  if (!options_.parallel_scale_up) {
    co_return co_await execute_in_turn(by, std::move(infos), std::move(pods), now);
  }
  std::vector<std::string> errors(infos.size());
  std::vector<Awaitable<void>> orders;
  for (std::size_t i = 0; i < infos.size(); ++i) {
    orders.push_back(raise(by, infos[i], pods, now, errors[i]));
  }
  co_await run_all(std::move(orders));
  Refusal refusal;
  std::vector<std::string> messages;
  for (std::size_t i = 0; i < infos.size(); ++i) {
    if (errors[i].empty()) continue;
    refusal.error = kProviderError;
    refusal.groups.push_back(infos[i].group->id());
    messages.push_back(errors[i]);
  }
  refusal.message = combined_message(std::move(messages));
  co_return refusal;
}

// The first error ends it: the rest of the plan is dropped.
Awaitable<ScaleUpOrchestrator::Refusal> ScaleUpOrchestrator::execute_in_turn(
    LoopId by, std::vector<ScaleUpInfo> infos, std::vector<PodId> pods, TimePoint now) {
  Refusal refusal;
  for (const ScaleUpInfo& info : infos) {
    if (!refusal.error) co_await raise(by, info, pods, now, refusal.message);
    if (refusal.message.empty()) continue;
    refusal.error = kProviderError;
    refusal.groups.push_back(info.group->id());
  }
  co_return refusal;
}

Awaitable<void> ScaleUpOrchestrator::raise(LoopId by, ScaleUpInfo info, std::vector<PodId> pods,
                                           TimePoint now, std::string& error) {
  if (ports_.provider.known_gpu_label() == nullptr) co_await ports_.provider.gpu_label(by);
  const int delta = info.new_size - info.current_size;
  ports_.observer.on_scale_up(by, info.group->id(), delta, pods);
  const std::string change =
      fmt::format("{} from {} to {}", info.group->id(), info.current_size, info.new_size);
  ports_.events.about_status("ScaledUpGroup: setting " + change);
  const Result<void> reply = co_await info.group->increase_size(by, delta);
  if (reply) {
    co_await ports_.state.register_scale_up(by, info.group, delta);
    ports_.delays.note_scale_up(info.group->id(), ports_.clock.now());
    ports_.events.about_status("ScaledUpGroup: set " + change);
    co_return;
  }
  ports_.events.about_status("FailedToScaleUpGroup " + info.group->id() + reply.error().message);
  error = "failed to increase node group size: " + reply.error().message;
  InstanceErrorInfo failure{std::string(name_of(kProviderError)), error, 99};
  co_await ports_.state.register_failed_scale_up(by, info.group, delta, std::move(failure), now);
}

Awaitable<ScaleUpOutcome> ScaleUpOrchestrator::raise_to_min(LoopId by, std::vector<NodePtr> nodes) {
  const TimePoint now = ports_.clock.now();
  const std::vector<NodeGroupPtr> groups = co_await ports_.provider.node_groups(by);
  Result<QuotaTracker> tracker = co_await QuotaTracker::make(
      by, ports_.provider, quotas(), QuotaTracker::Side::kMax, std::move(nodes));
  if (!tracker) co_return ScaleUpOutcome::failed(kInternalError, tracker.error().message);
  std::vector<ScaleUpInfo> infos;
  for (const NodeGroupPtr& group : groups) {
    const Result<int> target = co_await group->target_size(by);
    if (!target || *target >= group->min_size()) continue;
    const int missing = co_await missing_to_min(by, group, *tracker, *target, now);
    if (missing < 1) continue;
    infos.push_back(ScaleUpInfo{group, *target, *target + missing, group->max_size()});
  }
  if (infos.empty()) co_return ScaleUpOutcome::of(ScaleUpResult::kNotNeeded);
  const Refusal refusal = co_await execute(by, std::move(infos), std::vector<PodId>(), now);
  if (refusal.error) co_return ScaleUpOutcome::failed(*refusal.error, refusal.message);
  co_await ports_.state.recalculate(by);
  co_return ScaleUpOutcome::of(ScaleUpResult::kSuccessful);
}

Awaitable<int> ScaleUpOrchestrator::missing_to_min(LoopId by, NodeGroupPtr group,
                                                   QuotaTracker& tracker, int target,
                                                   TimePoint now) {
  if (!unready_reason(*group, now).empty()) co_return 0;
  if (ports_.templates.find(group->id()) == nullptr) co_return 0;
  const std::string_view reason = co_await over_quota(by, group, tracker, 1);
  if (!reason.empty()) co_return 0;
  const NodePtr node = ports_.templates.find(group->id())->node;
  const int wanted = group->min_size() - target;
  const Result<QuotaTracker::Check> check = co_await tracker.check(by, group, node, wanted);
  if (!check) co_return 0;
  // Upstream passes the group's own target as the number of nodes (3.7).
  co_return capped(check->allowed, target);
}

}  // namespace casim::sim
