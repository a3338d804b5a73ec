// Step 29 of RunOnce: planning, cooldown, deletion, soft taints (autoscaler-algorithm.md 4).
#include <algorithm>
#include <utility>

#include "sim/autoscaler/core/autoscaler_state.h"
#include "sim/autoscaler/scaledown/candidates.h"
#include "sim/autoscaler/scaledown/soft_taints.h"

namespace casim::sim {

Awaitable<Autoscaler::State::Error> Autoscaler::State::scale_down(RunOnceContext& run) {
  std::vector<NodePtr> candidates =
      co_await scale_down_candidates(run.id, ports.provider, run.nodes.all);
  candidates =
      candidate_order.sorted(std::move(candidates), snapshot, run.time.wall, previous_candidates);
  if (options.scale_down_delay_type_local) {
    candidates = co_await without_delayed(run.id, ports.provider, delays, std::move(candidates),
                                          ports.clock.now());
  }
  const bool has_candidates = !candidates.empty();
  co_await plan_scale_down(run, std::move(candidates));
  const bool waits = is_in_cooldown(run);
  if (waits || !has_candidates) {
    run.results.scale_down = waits ? ScaleDownResult::kInCooldown : ScaleDownResult::kNoCandidates;
    planner.report_reasons(run.id);
    co_await update_soft_taints_of(run);
    co_return std::nullopt;
  }
  NodesToDelete nodes = co_await planner.nodes_to_delete(run.id);
  planner.report_reasons(run.id);
  const ScaleDownResult result = co_await actuator.start_deletion(run.id, std::move(nodes));
  run.results.scale_down = result;
  if (result == ScaleDownResult::kNodeDeleteStarted) {
    last_scale_down_delete_time = run.time.now;
    co_await state.recalculate(run.id);
  }
  co_await update_soft_taints_of(run);
  if (result != ScaleDownResult::kError) co_return std::nullopt;
  last_scale_down_fail_time = run.time.now;
  co_return AutoscalerErrorType::kApiCallError;
}

Awaitable<void> Autoscaler::State::plan_scale_down(RunOnceContext& run,
                                                   std::vector<NodePtr> candidates) {
  co_await planner.update(run.id, run.nodes.all, std::move(candidates), run.deletions, run.time);
  previous_candidates.clear();
  candidate_counts.clear();
  const std::vector<NodePtr> unneeded = planner.unneeded();
  for (const NodePtr& node : unneeded) {
    previous_candidates.insert(*node);
    if (const NodeGroupPtr* known = ports.provider.known_group_of(*node)) {
      if (*known != nullptr) ++candidate_counts[(*known)->id()];
      continue;
    }
    const Result<NodeGroupPtr> group = co_await ports.provider.group_of(run.id, node);
    if (group && *group != nullptr) ++candidate_counts[(*group)->id()];
  }
}

bool Autoscaler::State::is_in_cooldown(const RunOnceContext& run) const {
  if (run.scale_down_disabled) return true;
  if (options.scale_down_delay_type_local) return false;
  return last_scale_up_time + options.scale_down_delay_after_add > run.time.now ||
         last_scale_down_fail_time + options.scale_down_delay_after_failure > run.time.now ||
         last_scale_down_delete_time + options.scale_down_delay_after_delete > run.time.now;
}

Awaitable<void> Autoscaler::State::update_soft_taints_of(RunOnceContext& run) {
  if (options.max_bulk_soft_taint_count == 0) co_return;
  const auto is_plain = [this](const NodePtr& node) {
    const NodeGroupPtr* const known = ports.provider.known_group_of(*node);
    return known != nullptr && !node->has_taint(kDeletionCandidateTaint);
  };
  // Nobody to ask about, no taint to remove, none to add.
  const bool is_quiet = planner.unneeded_nodes().size() == 0 &&
                        std::all_of(run.nodes.all.begin(), run.nodes.all.end(), is_plain);
  if (is_quiet) co_return;
  std::vector<NodePtr> nodes = co_await nodes_of_groups(run.id, run.nodes.all);
  co_await update_soft_taints(actuator.writes(), ports.clock, options, std::move(nodes),
                              previous_candidates);
}

}  // namespace casim::sim
