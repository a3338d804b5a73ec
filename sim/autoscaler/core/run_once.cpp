// RunOnce, step by step (autoscaler-algorithm.md 1.2; numbers as there).
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/autoscaler/core/autoscaler_state.h"
#include "sim/autoscaler/core/status.h"

namespace casim::sim {

Awaitable<LoopEnd> Autoscaler::State::run(RunOnceContext& run) {
  co_await clean_up_once(run.id);
  run.nodes = co_await obtain_nodes(run.id);
  if (!options.scale_up_from_zero && run.nodes.ready.empty()) {
    co_return LoopEnd{{}, EarlyReturn::kNoReadyNodes};
  }
  run.pods = bucket_pods(ports.view, options);
  arrange_pods(run.pods.unschedulable, run.id, ports.order);
  note_unschedulable(run.id, run.pods.unschedulable);
  run.deletions = actuator.tracker();
  Error error = co_await refresh_state(run);
  if (error) co_return LoopEnd{error, {}};
  run.has_state = true;
  const std::optional<LoopEnd> end = co_await repair(run);
  if (end) co_return *end;
  std::vector<PodPtr> pods = std::move(run.pods.unschedulable);
  pods.insert(pods.end(), run.pods.unprocessed.begin(), run.pods.unprocessed.end());
  co_await add_upcoming(run);
  // As the list is before pods are placed, which orders it anew; a loop without pods asks for none.
  const bool may_scale_up =
      !pods.empty() || options.enforce_node_group_min_size || !actuator.tracker().drained().empty();
  std::vector<NodePtr> nodes;
  if (may_scale_up) nodes = snapshot.nodes();
  pods = pod_list.process(snapshot, std::move(pods), actuator.tracker().drained());
  pods = without_young(std::move(pods), run.time.wall, options);
  if (should_scale_up(run, pods)) co_await scale_up_pods(run, std::move(pods), nodes);
  LoopResults& results = run.results;
  if (results.scale_up == ScaleUpResult::kSuccessful) {
    results.scale_down = ScaleDownResult::kInCooldown;
  }
  if (options.scale_down_enabled && allows_scale_down(degradation)) {
    error = co_await scale_down(run);
    if (error) co_return LoopEnd{error, {}};
  }
  if (options.enforce_node_group_min_size) {
    const ScaleUpOutcome outcome = co_await scale_up.raise_to_min(run.id, nodes);
    // That no group is too small hides nothing that this loop did for its pods.
    const bool is_news = outcome.result != ScaleUpResult::kNotNeeded;
    if (is_news || results.scale_up == ScaleUpResult::kNotTried) note_scale_up(run, outcome);
  }
  co_return LoopEnd{};
}

// Errors of a scale-up are swallowed (1.3); only a success sets the time.
void Autoscaler::State::note_scale_up(RunOnceContext& run, const ScaleUpOutcome& outcome) {
  run.results.scale_up = outcome.result;
  run.results.scale_up_error = outcome.error;
  if (outcome.ok()) last_scale_up_time = run.time.now;
}

void Autoscaler::State::report_results(const RunOnceContext& run) {
  if (run.results == reported_results) return;
  reported_results = run.results;
  ports.observer.on_results(run.id, run.results);
}

void Autoscaler::State::note_unschedulable(LoopId by, const std::vector<PodPtr>& pods) {
  // Those that have a node or are gone never come back; they go when they are the most.
  if (known_unschedulable.size() > 2 * pods.size() + 64) {
    boost::unordered::erase_if(known_unschedulable, [this](PodId id) {
      const PodPtr pod = ports.view.find_pod(id);
      return pod == nullptr || !pod->node_name.empty();
    });
  }
  std::vector<PodId> fresh;
  for (const PodPtr& pod : pods) {
    if (known_unschedulable.insert(pod->id).second) fresh.push_back(pod->id);
  }
  if (!fresh.empty()) ports.observer.on_pods_seen(by, fresh);
}

Awaitable<Autoscaler::State::Error> Autoscaler::State::refresh_state(RunOnceContext& run) {
  std::vector<Owner> daemon_sets = ports.view.daemon_sets();
  // With the pods as they were listed: one that is bound during the calls below is still pending.
  snapshot_cache.fill(run.id, snapshot, run.nodes.all, ports.view, run.pods.nominated);
  // All that a loop does for each node, also one that ends with the next call.
  co_await compute(ComputeWork{static_cast<int>(run.nodes.all.size()), 0, 0});
  const Result<void> refreshed = co_await ports.provider.refresh(run.id);
  if (!refreshed) co_return AutoscalerErrorType::kCloudProviderError;
  co_await ports.provider.node_groups(run.id);  // for the gauges of minimum and maximum
  planner.pdbs().reset(ports.view.pdbs());
  co_await templates.recompute(run.id, run.nodes.all, snapshot, std::move(daemon_sets),
                               run.time.now, run.time.wall);
  const Result<void> updated = co_await state.update(run.id, run.nodes.all, run.time);
  if (!updated) {
    planner.forget_unneeded();
    co_return AutoscalerErrorType::kCloudProviderError;
  }
  co_return std::nullopt;
}

Awaitable<std::optional<LoopEnd>> Autoscaler::State::repair(RunOnceContext& run) {
  if (!state.unregistered().empty()) {
    co_await repairs.remove_old_unregistered(run.id, run.time.now);
  }
  if (!state.is_cluster_healthy()) {
    planner.forget_unneeded();
    events.about_status("ClusterUnhealthy");
    co_return LoopEnd{{}, EarlyReturn::kClusterUnhealthy};
  }
  co_await repairs.delete_failed_instances(run.id);
  const Result<bool> fixed = co_await repairs.fix_group_sizes(run.id, run.time.now);
  if (!fixed) co_return LoopEnd{AutoscalerErrorType::kCloudProviderError, {}};
  if (*fixed) co_return LoopEnd{{}, EarlyReturn::kGroupSizeFixed};
  co_return std::nullopt;
}

Awaitable<void> Autoscaler::State::add_upcoming(RunOnceContext& run) {
  const UpcomingNodes upcoming = co_await state.upcoming(run.id);
  int awaited = 0;
  for (const auto& [group, count] : upcoming.counts) {
    const NodeInfoPtr info = templates.find(group);
    if (info == nullptr) continue;
    awaited += count;
    const NodeInfo placeholder = upcoming_node(*info);
    for (int i = 0; i < count; ++i) {
      snapshot.add(fresh_node(placeholder, fmt::format("{}-upcoming-{}", info->node->name, i)));
    }
  }
  co_await ports.provider.node_groups(run.id);  // groups by id
  const std::set<std::string> registered(upcoming.registered.begin(), upcoming.registered.end());
  boost::unordered_flat_set<const Node*> gone;
  for (const std::string& name : registered) {
    const std::optional<Slot> slot = snapshot.find(name);
    if (!slot) continue;
    gone.insert(snapshot.info(*slot).node.get());
    snapshot.remove(*slot);
  }
  if (!gone.empty()) {
    std::erase_if(run.nodes.all, [&](const NodePtr& node) { return gone.contains(node.get()); });
  }
  co_await compute(ComputeWork{0, 0, awaited});
}

Awaitable<void> Autoscaler::State::compute(ComputeWork work) {
  const Duration cost = ports.compute_time.cost_of(work);
  if (cost > Duration{}) co_await ports.clock.sleep_for(cost);
}

bool Autoscaler::State::should_scale_up(RunOnceContext& run, const std::vector<PodPtr>& pods) {
  if (pods.empty()) {
    run.results.scale_up = ScaleUpResult::kNotNeeded;
    return false;
  }
  const int limit = options.max_nodes_total;
  if (limit > 0 && static_cast<int>(run.nodes.ready.size()) >= limit) {
    run.results.scale_up = ScaleUpResult::kLimitedByMaxNodesTotal;
    events.about_status(fmt::format("MaxNodesTotalReached {}", limit));
    for (const PodPtr& pod : pods) events.about_pod("NotTriggerScaleUp", pod->id);
    return false;
  }
  if (options.bypassed_scheduler_names.empty() && are_all_new(pods, run.time.wall)) {
    run.results.scale_up = ScaleUpResult::kInCooldown;
    run.scale_down_disabled = true;
    return false;
  }
  return allows_scale_up(degradation);
}

Awaitable<void> Autoscaler::State::write_status(RunOnceContext& run) {
  if (options.write_status_configmap) {
    const std::vector<NodeGroupPtr> groups = co_await ports.provider.node_groups(run.id);
    StatusWrite status;
    status.json = [&] { return status_json(state, groups, candidate_counts, run.time.now); };
    co_await ports.writer.write_status(std::move(status));
  }
  co_await planner.look_up_unremovable(run.id);
  co_await ports.provider.node_groups(run.id);  // for the gauges of health and backoff
}

}  // namespace casim::sim
