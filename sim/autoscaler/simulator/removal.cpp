#include "sim/autoscaler/simulator/removal.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace casim::sim {
namespace {

// Whether the taint of a node that takes no pods decides anything for them.
bool look_at_taints(const std::vector<PodPtr>& pods) {
  return std::ranges::any_of(pods, [](const PodPtr& pod) {
    return std::ranges::any_of(pod->spec->topology_spread, &TopologySpread::honor_node_taints);
  });
}

NodePtr tainted(const NodeInfo& info, WallTime now) {
  auto node = std::make_shared<Node>(*info.node);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  node->taints.push_back(
      Taint{std::string(kToBeDeletedTaint), std::to_string(seconds), TaintEffect::kNoSchedule});
  return node;
}

// What a node looks like while it is drained: without the pods, under the deletion's taint. Its
// labels keep its topology domains alive.
NodeInfoPtr drained_copy(const NodeInfo& info, WallTime now, const std::vector<PodPtr>& pods) {
  auto drained = std::make_shared<NodeInfo>();
  drained->node = look_at_taints(pods) ? tainted(info, now) : info.node;
  return drained;
}

}  // namespace

RemovalSimulator::Outcome RemovalSimulator::simulate(Snapshot& snapshot, const std::string& name,
                                                     const IsDestination& is_destination,
                                                     const DrainContext& context) {
  const std::optional<Slot> slot = snapshot.find(name);
  if (!slot) {
    auto unknown = std::make_shared<Node>();
    unknown->name = name;
    return UnremovableNode{std::move(unknown), "NoNodeInfo"};
  }
  const NodePtr node = snapshot.info(*slot).node;
  PodsToMove move = pods_to_move(snapshot.info(*slot), context);
  if (move.blocking != nullptr) {
    return UnremovableNode{node, "BlockedByPod", move.reason};
  }
  snapshot.fork(name);
  snapshot.replace(*slot, drained_copy(snapshot.info(*slot), context.now, move.pods));
  const auto acceptable = [&](Slot candidate, const NodeInfo& info) {
    return candidate != *slot && is_destination(candidate, info);
  };
  const auto placed = hinting_.place(snapshot, move.pods, acceptable, true);
  if (placed.size() != move.pods.size()) {
    snapshot.revert();
    return UnremovableNode{node, "NoPlaceToMovePods"};
  }
  snapshot.remove(*slot);
  snapshot.commit();
  return NodeToBeRemoved{node, std::move(move.pods), std::move(move.on_completion), false};
}

}  // namespace casim::sim
