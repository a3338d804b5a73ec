#include "sim/metrics/room_waits.h"

#include <ranges>

namespace casim::sim {

void RoomWaits::on_fact(TimePoint at, const Fact& fact, PodLedger& pods, const NodeLedger& nodes,
                        const PodShapes& shapes) {
  if (const auto* bound = std::get_if<PodBound>(&fact)) {
    bind(bound->pod, bound->node, pods, nodes, shapes);
  } else if (const auto* ended = std::get_if<PodEnded>(&fact)) {
    const PodRecord& pod = pods.pods()[ended->pod.value()];
    if (pod.is_bound()) release(at, pod.node, shapes.of(ended->pod).requests);
  } else if (const auto* gone = std::get_if<NodeGone>(&fact)) {
    if (gone->node.value() < uses_.size()) uses_[gone->node.value()].releases = {};
  }
}

void RoomWaits::bind(PodId pod, NodeId node, PodLedger& pods, const NodeLedger& nodes,
                     const PodShapes& shapes) {
  if (node.value() >= uses_.size()) uses_.resize(node.value() + 1);
  Use& use = uses_[node.value()];
  const Resources& requests = shapes.of(pod).requests;
  // Of a pod that began to wait after its node nobody asks.
  const bool is_older = pods.pods()[pod.value()].waits_from < nodes.nodes()[node.value()].ready;
  if (is_older && !use.releases.empty()) {
    const Resources allocatable = world_.allocatable_of(node);
    for (const Release& release : use.releases | std::views::reverse) {
      if ((release.before + requests).fits_in(allocatable)) continue;
      pods.note_room(pod, release.at);
      break;
    }
  }
  use.now += requests;
}

void RoomWaits::release(TimePoint at, NodeId node, const Resources& requests) {
  Use& use = uses_[node.value()];
  while (!use.releases.empty() && use.releases.back().before.fits_in(use.now)) {
    use.releases.pop_back();
  }
  use.releases.push_back({at, use.now});
  use.now -= requests;
}

}  // namespace casim::sim
