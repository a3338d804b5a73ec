#include "sim/autoscaler/core/filter_schedulable.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "sim/autoscaler/cluster/pod_list.h"
#include "sim/autoscaler/order/go_sort.h"

namespace casim::sim {
namespace {

// Pods that their controllers will create again, as they will look before they are placed.
void append_drained(const Snapshot& snapshot, const std::set<std::string>& drained,
                    std::vector<PodPtr>& pods) {
  for (const std::string& name : drained) {
    const std::optional<Slot> slot = snapshot.find(name);
    if (!slot) continue;
    for (const PodPtr& pod : snapshot.info(*slot).pods) {
      const bool stays = pod->is_daemon_set() || pod->spec->owner == OwnerKind::kMirror;
      if (stays || pod->deletion_timestamp) continue;
      auto copy = std::make_shared<Pod>(*pod);
      copy->node_name.clear();
      copy->node = NodeId();
      pods.push_back(std::move(copy));
    }
  }
}

}  // namespace

std::vector<PodPtr> PodListProcessor::process(Snapshot& snapshot, std::vector<PodPtr> unschedulable,
                                              const std::set<std::string>& drained) {
  std::erase_if(unschedulable, [this](const PodPtr& p) { return is_expendable(*p, options_); });
  append_drained(snapshot, drained, unschedulable);
  const auto anywhere = [](Slot, const NodeInfo&) { return true; };
  unschedulable = without_schedulable(snapshot, std::move(unschedulable), anywhere);
  std::erase_if(unschedulable, [](const PodPtr& pod) { return pod->is_daemon_set(); });
  return unschedulable;
}

std::vector<PodPtr> PodListProcessor::without_schedulable(
    Snapshot& snapshot, std::vector<PodPtr> pods, const HintingSimulator::Acceptable& acceptable) {
  go_sort(pods,
          [](const PodPtr& a, const PodPtr& b) { return a->spec->priority > b->spec->priority; });
  const auto placed = hinting_.place(snapshot, pods, acceptable, false);
  hinting_.end_round();
  for (const HintingSimulator::Placement& placement : placed) pods[placement.pod] = nullptr;
  std::erase(pods, nullptr);
  return pods;
}

}  // namespace casim::sim
