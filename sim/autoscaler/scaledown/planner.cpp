#include "sim/autoscaler/scaledown/planner.h"

#include <algorithm>
#include <set>
#include <utility>

#include "sim/cluster/kept_check.h"

namespace casim::sim {

ScaleDownPlanner::ScaleDownPlanner(const AutoscalerOptions& options, Ports ports)
    : options_(options),
      ports_(ports),
      unneeded_(options, ports.provider, ports.order),
      eligibility_(options, ports.provider, ports.snapshot),
      removal_(options.version),
      evicted_(options.version),
      min_interval_(std::max(options.group_defaults.scale_down_unneeded_time, Duration(1))) {}

Awaitable<void> ScaleDownPlanner::update(LoopId by, const std::vector<NodePtr>& destinations,
                                         std::vector<NodePtr> candidates, DeletionTracker deletions,
                                         LoopTime time) {
  if (updated_before_) min_interval_ = std::min(min_interval_, time.now - latest_update_);
  updated_before_ = true;
  latest_update_ = time.now;
  deletions_ = std::move(deletions);
  ports_.snapshot.fork("scale-down");
  place_evicted();
  std::erase_if(candidates, [this](const NodePtr& n) { return is_in_deletion(*n); });
  co_await categorize(by, destinations, std::move(candidates), time);
  ports_.snapshot.revert();
  removal_.end_round();
  evicted_.end_round();
}

// Of a known controller only as many as it still lacks.
void ScaleDownPlanner::place_evicted() {
  std::map<std::string, int> added;
  std::vector<PodPtr> pods;
  for (const PodPtr& pod : deletions_.recent_evictions()) {
    if (pod->is_daemon_set() || pod->spec->owner == OwnerKind::kMirror) continue;
    const std::string& uid = pod->spec->owner_uid;
    const Owner* const owner = ports_.view.find_owner(uid);
    if (owner != nullptr && added[uid] >= owner->replicas - owner->current_replicas) continue;
    ++added[uid];
    pods.push_back(pod);
  }
  const auto anywhere = [](Slot, const NodeInfo&) { return true; };
  evicted_.place(ports_.snapshot, pods, anywhere, true);
}

ScaleDownPlanner::Destinations ScaleDownPlanner::slots_of(
    const std::vector<NodePtr>& destinations) const {
  Destinations slots(ports_.snapshot.slots());
  for (const NodePtr& node : destinations) {
    if (is_in_deletion(*node)) continue;
    if (const std::optional<Slot> slot = ports_.snapshot.find(*node)) slots[*slot] = true;
  }
  return slots;
}

Awaitable<void> ScaleDownPlanner::categorize(LoopId by, const std::vector<NodePtr>& destinations,
                                             std::vector<NodePtr> candidates, LoopTime time) {
  recently_unremovable_.update(time.now, ports_.snapshot);
  unremovable_.clear();
  const Eligibility eligibility =
      co_await eligibility_.check(by, candidates, recently_unremovable_, time);
  for (const UnremovableNode& node : eligibility.ineligible) note(by, node);
  const DrainContext context{options_, time.wall, &pdbs_, &ports_.view};
  std::vector<NodeToBeRemoved> removable;
  std::size_t atomic = 0;
  Destinations is_open;
  if (!eligibility.eligible.empty()) is_open = slots_of(destinations);
  const auto is_destination = [&](Slot slot, const NodeInfo&) { return is_open[slot]; };
  const TimePoint start = ports_.clock.now();
  Duration computed{};  // charged with the whole loop's, so the clock does not show it
  for (const NodePtr& candidate : eligibility.eligible) {
    const Duration elapsed = ports_.clock.now() - start + computed;
    if (elapsed >= options_.scale_down_simulation_timeout) break;
    if (removable.size() - atomic >= unneeded_limit()) break;
    computed += ports_.compute_time.cost_of(ComputeWork{1, 0, 0});
    const std::optional<Slot> slot = ports_.snapshot.find(*candidate);
    RemovalSimulator::Outcome outcome =
        removal_.simulate(ports_.snapshot, candidate->name, is_destination, context);
    if (const auto* no = std::get_if<UnremovableNode>(&outcome)) {
      recently_unremovable_.add(candidate, time.now + options_.unremovable_node_recheck_timeout);
      note(by, *no);
      continue;
    }
    NodeToBeRemoved node = std::move(std::get<NodeToBeRemoved>(outcome));
    node.is_risky = !pdbs_.can_remove_together(node.pods);
    note_removable(by, node.node);
    is_open[*slot] = false;
    pdbs_.remove(node.pods);
    if (co_await is_atomic(by, node.node)) ++atomic;
    removable.push_back(std::move(node));
  }
  co_await unneeded_.update(by, std::move(removable), time.now);
}

void ScaleDownPlanner::note(LoopId by, const UnremovableNode& node) {
  unremovable_.push_back(node.node);
  // That a node was unremovable recently says nothing new: the reason of then still stands.
  if (node.reason == kRecentlyUnremovable) {
    reasons_.keep(by, *node.node);
  } else {
    reasons_.note(by, *node.node, {node.reason, node.detail});
  }
}

void ScaleDownPlanner::note_removable(LoopId by, const NodePtr& node) {
  reasons_.note(by, *node, {});
}

Awaitable<void> ScaleDownPlanner::look_up_unremovable(LoopId by) {
  for (const NodePtr& node : unremovable_) {
    if (ports_.provider.known_group_of(*node) == nullptr) {
      co_await ports_.provider.group_of(by, node);
    }
  }
}

void ScaleDownPlanner::report_reasons(LoopId by) {
  reasons_.end_loop(by, [&](const std::string& node, const ReasonLog::Reason& reason) {
    ports_.observer.on_node_unremovable(by, node, reason.name, reason.detail);
  });
}

Awaitable<bool> ScaleDownPlanner::is_atomic(LoopId by, NodePtr node) {
  const Result<NodeGroupPtr> group = co_await ports_.provider.group_of(by, node);
  if (!group || *group == nullptr) co_return false;
  const Result<NodeGroupOptions> options = co_await (*group)->options(by, options_.group_defaults);
  co_return options && options->zero_or_max_node_scaling;
}

std::size_t ScaleDownPlanner::unneeded_limit() const {
  const std::int64_t n = options_.max_scale_down_parallelism;
  const std::int64_t limit = static_cast<std::int64_t>(unneeded_.size()) + 2 * n;
  const std::int64_t interval = min_interval_.count();
  const std::int64_t unneeded =
      std::max(options_.group_defaults.scale_down_unneeded_time.count(), interval);
  // Immediate loops on a virtual clock may start at one instant; upstream would divide by zero.
  const std::int64_t upper = interval <= 0 ? limit : n * (unneeded / interval) + n;
  return static_cast<std::size_t>(std::max<std::int64_t>(0, std::min(limit, upper)));
}

Awaitable<NodesToDelete> ScaleDownPlanner::nodes_to_delete(LoopId by) {
  NodesToDelete result;
  std::vector<Quota> limits = {cluster_wide(options_)};
  std::vector<NodePtr> counted;
  // Where nothing is unneeded, nobody asks what is left.
  const bool is_moot =
      unneeded_.size() == 0 && QuotaTracker::asks_nobody(ports_.provider, ports_.snapshot);
  if (!is_moot || ports_.checks) counted = ports_.snapshot.nodes();
  const TimePoint asked = ports_.clock.now();
  Result<QuotaTracker> quotas = co_await QuotaTracker::make(
      by, ports_.provider, std::move(limits), QuotaTracker::Side::kMin, std::move(counted));
  if (is_moot && ports_.checks) {
    check_kept("quotas", "the cluster", quotas.has_value() && ports_.clock.now() == asked);
  }
  if (!quotas) co_return result;
  UnneededNodes::Removable removable =
      co_await unneeded_.removable_at(by, latest_update_, *quotas, deletions_);
  for (const UnremovableNode& node : removable.unremovable) note(by, node);
  std::stable_partition(removable.drain.begin(), removable.drain.end(),
                        [](const NodeToBeRemoved& node) { return !node.is_risky; });
  std::vector<NodeToBeRemoved> all = std::move(removable.empty);
  all.insert(all.end(), removable.drain.begin(), removable.drain.end());
  all = co_await without_parts(by, std::move(all));
  for (const NodeToBeRemoved& node : all) {
    if (!node.on_completion.empty()) {
      note(by, UnremovableNode{node.node, "BlockedByOnCompletionPod"});
      continue;
    }
    (node.pods.empty() ? result.empty : result.drain).push_back(node.node);
  }
  co_return result;
}

// By node group object, as upstream: where each node has one of its own, a group of more than one
// node is never complete (1.7).
Awaitable<std::vector<NodeToBeRemoved>> ScaleDownPlanner::without_parts(
    LoopId by, std::vector<NodeToBeRemoved> nodes) {
  std::vector<NodeToBeRemoved> kept;
  std::vector<std::pair<NodeGroupPtr, std::vector<NodeToBeRemoved>>> atomic;
  for (NodeToBeRemoved& node : nodes) {
    const Result<NodeGroupPtr> found = co_await ports_.provider.group_of(by, node.node);
    if (!found || *found == nullptr) {
      note(by, UnremovableNode{node.node, found ? "NotAutoscaled" : "UnexpectedError"});
      continue;
    }
    const NodeGroupPtr group = *found;
    const Result<NodeGroupOptions> options = co_await group->options(by, options_.group_defaults);
    if (!options) {
      note(by, UnremovableNode{node.node, "UnexpectedError"});
    } else if (options->zero_or_max_node_scaling) {
      auto same = std::find_if(atomic.begin(), atomic.end(),
                               [&](const auto& entry) { return entry.first == group; });
      if (same == atomic.end())
        same = atomic.emplace(atomic.end(), group, std::vector<NodeToBeRemoved>());
      same->second.push_back(std::move(node));
    } else {
      kept.push_back(std::move(node));
    }
  }
  for (auto& [group, together] : atomic) {
    const std::string_view reason = co_await reason_against(by, group, together.size());
    for (NodeToBeRemoved& node : together) {
      if (reason.empty()) {
        kept.push_back(std::move(node));
      } else {
        note(by, UnremovableNode{node.node, reason});
      }
    }
  }
  co_return kept;
}

Awaitable<std::string_view> ScaleDownPlanner::reason_against(LoopId by, NodeGroupPtr group,
                                                             std::size_t nodes) {
  const Result<int> target = co_await group->target_size(by);
  if (!target) co_return "UnexpectedError";
  if (static_cast<std::size_t>(*target) == nodes) co_return std::string_view();
  const Result<std::vector<RpcInstance>> instances = co_await group->nodes(by);
  if (!instances) co_return "AtomicScaleDownFailed";
  std::set<std::string> ids;
  for (const RpcInstance& instance : *instances) ids.insert(instance.id);
  std::size_t registered = 0;
  for (const Slot slot : ports_.snapshot.order()) {
    const Node& node = *ports_.snapshot.info(slot).node;
    const auto upcoming = node.annotations.find(std::string(kUpcomingAnnotation));
    if (upcoming != node.annotations.end() && upcoming->second == "true") continue;
    if (ids.contains(node.provider_id)) ++registered;
  }
  co_return registered == nodes ? std::string_view() : std::string_view("AtomicScaleDownFailed");
}

}  // namespace casim::sim
