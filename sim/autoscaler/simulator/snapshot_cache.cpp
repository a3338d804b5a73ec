#include "sim/autoscaler/simulator/snapshot_cache.h"

#include <memory>
#include <utility>

#include "sim/autoscaler/cluster/pod_list.h"

namespace casim::sim {

void SnapshotCache::fill(LoopId by, Snapshot& snapshot, const std::vector<NodePtr>& nodes,
                         const ClusterView& view, const std::vector<PodPtr>& nominated) {
  ++round_;
  std::vector<NodeInfoPtr> infos;
  infos.reserve(nodes.size());
  for (const NodePtr& node : nodes) infos.push_back(info_of(node, view));
  if (entries_.size() > 2 * nodes.size() + 16) {
    erase_if(entries_, [this](const auto& entry) { return entry.second.round != round_; });
  }
  snapshot.reset(std::move(infos), by);
  for (const PodPtr& pod : nominated) {
    const std::optional<Slot> slot = snapshot.find(pod->nominated_node);
    if (slot && !is_expendable(*pod, options_)) snapshot.place(*slot, pod);
  }
}

NodeInfoPtr SnapshotCache::info_of(const NodePtr& node, const ClusterView& view) {
  const ClusterView::NodePods& on = view.pods_on(node->name);
  Entry& entry = entries_[node->name];
  entry.round = round_;
  if (entry.info != nullptr && entry.node == node && entry.pods_version == on.version) {
    return entry.info;
  }
  auto info = std::make_shared<NodeInfo>();
  info->node = node;
  info->pods.reserve(on.pods.size());
  for (const PodPtr& pod : on.pods) {
    if (is_listed(*pod, options_) && !is_expendable(*pod, options_)) info->add(pod);
  }
  entry.node = node;
  entry.pods_version = on.version;
  entry.info = std::move(info);
  return entry.info;
}

}  // namespace casim::sim
