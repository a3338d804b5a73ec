#include "sim/autoscaler/scaledown/eligibility.h"

#include <charconv>
#include <cstddef>

#include "src/core/prefetch.h"

namespace casim::sim {
namespace {

constexpr Duration kMaxDeletionTime = std::chrono::minutes(5);
constexpr const char* kDisabledAnnotation = "cluster-autoscaler.kubernetes.io/scale-down-disabled";

}  // namespace

bool is_being_deleted(const Node& node, WallTime now) {
  for (const Taint& taint : node.taints) {
    if (taint.key != kToBeDeletedTaint) continue;
    std::int64_t seconds = 0;
    const char* const end = taint.value.data() + taint.value.size();
    const auto [stop, error] = std::from_chars(taint.value.data(), end, seconds);
    if (error != std::errc() || stop != end) return false;
    return now - WallTime(std::chrono::seconds(seconds)) < kMaxDeletionTime;
  }
  return false;
}

bool is_scale_down_disabled(const Node& node) {
  if (node.annotations.empty()) return false;  // no text is made for most
  const auto annotation = node.annotations.find(kDisabledAnnotation);
  return annotation != node.annotations.end() && annotation->second == "true";
}

EligibilityChecker::EligibilityChecker(const AutoscalerOptions& options, CloudProvider& provider,
                                       const Snapshot& snapshot)
    : options_(options), provider_(provider), snapshot_(snapshot) {}

Awaitable<Eligibility> EligibilityChecker::check(LoopId by, const std::vector<NodePtr>& candidates,
                                                 RecentlyUnremovable& recent, LoopTime time) {
  Eligibility result;
  result.ineligible.reserve(candidates.size());
  OptionsInARow options(provider_, by, options_.group_defaults);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    prefetch_after(candidates, i);
    const NodePtr& node = candidates[i];
    std::string_view reason;
    const std::optional<Slot> slot = snapshot_.find(*node);
    if (!slot) {
      reason = "UnexpectedError";
    } else if (recent.contains(*node)) {
      reason = kRecentlyUnremovable;
    } else if (const auto known = reason_at_once(options, *node, *slot, time)) {
      reason = *known;
    } else {
      options.end();
      reason = co_await reason_of(by, node, *slot, time);
    }
    if (reason.empty()) {
      result.eligible.push_back(node);
    } else {
      result.ineligible.push_back(UnremovableNode{node, reason});
    }
  }
  options.end();
  co_return result;
}

UtilizationRules EligibilityChecker::rules_for(const Node& node, const NodeGroupOptions& options,
                                               const std::string& gpu_label) {
  UtilizationRules rules;
  rules.ignore_daemonsets = options.ignore_daemonsets_utilization;
  rules.ignore_mirror = options_.ignore_mirror_pods_utilization;
  set_gpu_rules(rules, node, gpu_nodes_.has(node, gpu_label));
  return rules;
}

// What reason_of says, where nothing has to be waited for.
std::optional<std::string_view> EligibilityChecker::reason_at_once(OptionsInARow& row,
                                                                   const Node& node, Slot slot,
                                                                   LoopTime time) {
  const NodeInfo& info = snapshot_.info(slot);
  const Node& seen = *info.node;
  if (is_being_deleted(seen, time.wall)) return "CurrentlyBeingDeleted";
  if (is_scale_down_disabled(seen)) return "ScaleDownDisabledAnnotation";
  const NodeGroupPtr* const group = provider_.known_group_of(seen);
  const std::string* const gpu_label = provider_.known_gpu_label();
  if (group == nullptr || gpu_label == nullptr) return std::nullopt;
  if (*group == nullptr) return "NotAutoscaled";
  constexpr int kCalls = 2;  // once for each of the two settings
  const Result<NodeGroupOptions>* const options = row.look(**group, kCalls);
  if (options == nullptr) return std::nullopt;
  row.make(1);
  if (!*options) return "UnexpectedError";
  const UtilizationRules rules = rules_for(node, **options, *gpu_label);
  const std::optional<Utilization> used = utilization(info, rules, time.wall);
  if (!used) return "UnexpectedError";
  if (!options_.scale_down_unready_enabled && !is_ready(node)) return "ScaleDownUnreadyDisabled";
  row.make(kCalls - 1);
  const double threshold = rules.is_gpu_node ? (*options)->scale_down_gpu_utilization_threshold
                                             : (*options)->scale_down_utilization_threshold;
  return used->highest > threshold ? std::string_view("NotUnderutilized") : std::string_view();
}

Awaitable<std::string_view> EligibilityChecker::reason_of(LoopId by, NodePtr node, Slot slot,
                                                          LoopTime time) {
  // The snapshot's node, as upstream: it may be newer than the candidate's.
  const NodePtr seen = snapshot_.info(slot).node;
  if (is_being_deleted(*seen, time.wall)) co_return "CurrentlyBeingDeleted";
  if (is_scale_down_disabled(*seen)) co_return "ScaleDownDisabledAnnotation";
  Result<NodeGroupPtr> group;
  if (const NodeGroupPtr* known = provider_.known_group_of(*seen)) {
    group = *known;
  } else {
    group = co_await provider_.group_of(by, seen);
  }
  if (!group) co_return "UnexpectedError";
  if (*group == nullptr) co_return "NotAutoscaled";
  const NodeGroupPtr found = *group;
  co_return co_await reason_by_use(by, node, found, slot, time);
}

Awaitable<std::string_view> EligibilityChecker::reason_by_use(LoopId by, NodePtr node,
                                                              NodeGroupPtr group, Slot slot,
                                                              LoopTime time) {
  // Asked twice for each node, once for each of the two settings.
  Result<NodeGroupOptions> options = co_await group->options(by, options_.group_defaults);
  if (!options) co_return "UnexpectedError";
  std::string label;
  if (const std::string* known = provider_.known_gpu_label()) {
    label = *known;
  } else {
    label = co_await provider_.gpu_label(by);
    label = co_await provider_.gpu_label(by);
  }
  const UtilizationRules rules = rules_for(*node, *options, label);
  const std::optional<Utilization> used = utilization(snapshot_.info(slot), rules, time.wall);
  if (!used) co_return "UnexpectedError";
  if (!options_.scale_down_unready_enabled && !is_ready(*node)) {
    co_return "ScaleDownUnreadyDisabled";
  }
  options = co_await group->options(by, options_.group_defaults);
  if (!options) co_return "UnexpectedError";
  const double threshold = rules.is_gpu_node ? options->scale_down_gpu_utilization_threshold
                                             : options->scale_down_utilization_threshold;
  co_return used->highest > threshold ? std::string_view("NotUnderutilized") : std::string_view();
}

}  // namespace casim::sim
