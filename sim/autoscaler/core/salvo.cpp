// --salvo-scale-up: scale-ups follow each other in one loop until no pod is left, one brings
// nothing, or the budget is used up. Without it there is one. Source: autoscaler-algorithm.md 3.1;
// core/static_autoscaler.go.
#include <fmt/format.h>

#include <boost/unordered/unordered_flat_set.hpp>
#include <utility>

#include "sim/autoscaler/core/autoscaler_state.h"

namespace casim::sim {
namespace {

std::vector<PodPtr> without(std::vector<PodPtr> pods, const std::vector<PodPtr>& handled) {
  boost::unordered_flat_set<PodId, std::hash<PodId>> ids;
  for (const PodPtr& pod : handled) ids.insert(pod->id);
  std::erase_if(pods, [&](const PodPtr& pod) { return ids.contains(pod->id); });
  return pods;
}

}  // namespace

Awaitable<void> Autoscaler::State::scale_up_pods(RunOnceContext& run, std::vector<PodPtr> pods,
                                                 std::vector<NodePtr> nodes) {
  if (!options.salvo_scale_up) {
    const ScaleUpOutcome outcome = co_await scale_up.scale_up(run.id, std::move(pods), nodes);
    note_scale_up(run, outcome);
    co_return;
  }
  const TimePoint budget_end = ports.clock.now() + options.salvo_scale_up_budget;
  for (std::uint64_t salvo = 0;; ++salvo) {
    std::vector<PodPtr> waiting = pods;
    ports.order.arrange({"salvo-pods", run.id, salvo}, waiting, pod_name);
    ScaleUpOutcome outcome = co_await scale_up.scale_up(run.id, std::move(waiting), nodes);
    note_scale_up(run, outcome);
    if (!outcome.ok() || outcome.pods.empty()) co_return;
    pods = without(std::move(pods), outcome.pods);
    if (pods.empty() || ports.clock.now() >= budget_end) co_return;
    const bool added = co_await add_ordered(run, salvo, std::move(outcome), nodes);
    if (!added) co_return;
  }
}

Awaitable<bool> Autoscaler::State::add_ordered(RunOnceContext& run, std::uint64_t salvo,
                                               ScaleUpOutcome ordered,
                                               std::vector<NodePtr>& nodes) {
  co_await ports.provider.node_groups(run.id);  // groups by id
  std::set<Slot> added;
  for (const ScaleUpInfo& info : ordered.raised) {
    const NodeInfoPtr known = templates.find(info.group->id());
    if (known == nullptr) co_return false;
    const NodeInfo placeholder = upcoming_node(*known);
    for (int i = 0; i < info.new_size - info.current_size; ++i) {
      const std::string name = fmt::format("{}-{}-salvo-{}", known->node->name, i, salvo);
      const Slot slot = snapshot.add(fresh_node(placeholder, name));
      added.insert(slot);
      nodes.push_back(snapshot.info(slot).node);
    }
  }
  for (const PodPtr& pod : ordered.pods) {
    const PreFilterState pre_filter = run_pre_filter(snapshot, *pod->spec);
    const std::optional<Slot> slot = snapshot.scan([&](Slot candidate, const NodeInfo& node) {
      return added.contains(candidate) && !node.node->unschedulable &&
             run_filters(pre_filter, *pod->spec, node) == FailedFilter::kNone;
    });
    if (!slot) co_return false;
    snapshot.place(*slot, pod);
  }
  co_return true;
}

}  // namespace casim::sim
