// The second half of a scale-up: caps, the plan, the order to the provider (3.7 to 3.11).
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/autoscaler/parallel.h"
#include "sim/autoscaler/scale_up.h"

namespace casim::sim {
namespace {

constexpr int kQuotasOfSimilarGroups = 36;  // before it only the chosen group's quota counts

}  // namespace

Awaitable<ScaleUpOutcome> ScaleUpOrchestrator::carry_out(LoopId by, ScaleUpOption best,
                                                         const Candidates& candidates,
                                                         QuotaTracker& tracker, int node_count,
                                                         TimePoint now) {
  int new_nodes = capped(best.node_count, node_count);
  if (new_nodes < best.node_count) {
    ports_.events.about_status(fmt::format("MaxNodesTotalReached {}", options_.max_nodes_total));
  }
  if (new_nodes < 1) co_return ScaleUpOutcome::failed("transientError");
  const NodePtr node = ports_.templates.find(best.group->id())->node;
  const Result<QuotaTracker::Check> quota = co_await tracker.check(by, best.group, node, new_nodes);
  if (!quota) co_return ScaleUpOutcome::failed("internalError");
  new_nodes = quota->allowed;
  std::vector<NodeGroupPtr> groups{best.group};
  const std::vector<NodeGroupPtr> similar =
      co_await similar_groups(by, best.group, candidates, now);
  for (const NodeGroupPtr& other : similar) {
    if (options_.version >= kQuotasOfSimilarGroups) {
      const std::string_view reason = co_await over_quota(by, other, tracker, 1);
      if (!reason.empty()) continue;
    }
    groups.push_back(other);
  }
  Result<std::vector<ScaleUpInfo>> infos = co_await plan(by, std::move(groups), new_nodes, tracker);
  if (!infos) co_return ScaleUpOutcome::failed("cloudProviderError");
  std::vector<PodId> pods;
  for (const PodPtr& pod : best.pods) pods.push_back(pod->id);
  ScaleUpOutcome outcome = ScaleUpOutcome::of(ScaleUpResult::kSuccessful);
  outcome.raised = *infos;
  const std::string error = co_await execute(by, std::move(*infos), std::move(pods), now);
  if (!error.empty()) co_return ScaleUpOutcome::failed(error);
  co_await ports_.state.recalculate(by);
  for (const PodPtr& pod : best.pods) ports_.events.about_pod("TriggeredScaleUp", pod->id);
  outcome.pods = std::move(best.pods);
  co_return outcome;
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
  if (options_.version < kQuotasOfSimilarGroups) co_return infos;
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

// Returns the type of the first error; empty when the whole plan succeeded.
Awaitable<std::string> ScaleUpOrchestrator::execute(LoopId by, std::vector<ScaleUpInfo> infos,
                                                    std::vector<PodId> pods, TimePoint now) {
  co_await ports_.provider.available_gpu_types(by);
  if (options_.parallel_scale_up) {
    std::vector<std::string> errors(infos.size());
    std::vector<Awaitable<void>> orders;
    for (std::size_t i = 0; i < infos.size(); ++i) {
      orders.push_back(raise(by, infos[i], pods, now, errors[i]));
    }
    co_await run_all(ports_.scope, std::move(orders));
    for (const std::string& error : errors) {
      if (!error.empty()) co_return error;
    }
    co_return "";
  }
  for (const ScaleUpInfo& info : infos) {
    std::string error;
    co_await raise(by, info, pods, now, error);
    if (!error.empty()) co_return error;  // the rest of the plan is dropped
  }
  co_return "";
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
  error = "cloudProviderError";
  ScaleUpError failure{error, "failed to increase node group size: " + reply.error().message, 99};
  co_await ports_.state.register_failed_scale_up(by, info.group, std::move(failure), now);
}

Awaitable<ScaleUpOutcome> ScaleUpOrchestrator::raise_to_min(LoopId by, std::vector<NodePtr> nodes) {
  const TimePoint now = ports_.clock.now();
  const std::vector<NodeGroupPtr> groups = co_await ports_.provider.node_groups(by);
  Result<QuotaTracker> tracker = co_await QuotaTracker::make(
      by, ports_.provider, options_, QuotaTracker::Side::kMax, std::move(nodes));
  if (!tracker) co_return ScaleUpOutcome::failed("internalError");
  std::vector<ScaleUpInfo> infos;
  for (const NodeGroupPtr& group : groups) {
    const Result<int> target = co_await group->target_size(by);
    if (!target || *target >= group->min_size()) continue;
    const int missing = co_await missing_to_min(by, group, *tracker, *target, now);
    if (missing < 1) continue;
    infos.push_back(ScaleUpInfo{group, *target, *target + missing, group->max_size()});
  }
  if (infos.empty()) co_return ScaleUpOutcome::of(ScaleUpResult::kNotNeeded);
  const std::string error = co_await execute(by, std::move(infos), std::vector<PodId>(), now);
  if (!error.empty()) co_return ScaleUpOutcome::failed(error);
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
