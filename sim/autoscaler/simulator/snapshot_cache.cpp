#include "sim/autoscaler/simulator/snapshot_cache.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

#include "sim/autoscaler/cluster/pod_list.h"
#include "sim/cluster/kept_check.h"
#include "src/core/prefetch.h"

namespace casim::sim {

void SnapshotCache::fill(LoopId by, Snapshot& snapshot, const std::vector<NodePtr>& nodes,
                         const ClusterView& view, const std::vector<PodPtr>& nominated) {
  ++round_;
  snapshot.clear();  // what nobody else holds is brought up to date in its place
  std::vector<NodeInfoPtr> infos;
  infos.reserve(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    prefetch_after(nodes, i);
    infos.push_back(info_of(nodes[i], view));
  }
  if (live_ + by_name_.size() > 2 * nodes.size() + 16) sweep();
  snapshot.reset(std::move(infos), by);
  for (const PodPtr& pod : nominated) {
    const std::optional<Slot> slot = snapshot.find(pod->nominated_node);
    if (slot && !is_expendable(*pod, options_)) snapshot.place(*slot, pod);
  }
}

void SnapshotCache::sweep() {
  erase_if(by_name_, [this](const auto& entry) { return entry.second.round != round_; });
  live_ = 0;
  for (Entry& entry : by_id_) {
    if (entry.round == round_) {
      ++live_;
    } else {
      entry = Entry();
    }
  }
}

SnapshotCache::Entry& SnapshotCache::entry_of(const Node& node) {
  constexpr std::size_t kMostIds = 1 << 24;
  const std::size_t id = node.id.value();
  if (id >= kMostIds) return by_name_[node.name];
  if (id >= by_id_.size()) by_id_.resize(id + 1);
  if (by_id_[id].node == nullptr) ++live_;
  return by_id_[id];
}

bool SnapshotCache::counts(const Pod& pod) const {
  return is_listed(pod, options_) && !is_expendable(pod, options_);
}

NodeInfoPtr SnapshotCache::info_of(const NodePtr& node, const ClusterView& view) {
  Entry& entry = entry_of(*node);
  entry.round = round_;
  if (entry.on == nullptr || entry.on->is_gone) entry.on = view.share_pods_on(node->name);
  const std::uint64_t version = entry.on == nullptr ? 0 : entry.on->version;
  if (entry.info != nullptr && entry.node == node && entry.pods_version == version) {
    if (checks_) check(entry, view);
    return entry.info;
  }
  static const std::vector<PodPtr> kNone;
  const std::vector<PodPtr>& pods = entry.on == nullptr ? kNone : entry.on->pods;
  if (entry.info != nullptr && entry.info.use_count() == 1 && follow(*entry.info, pods)) {
    entry.info->node = node;
  } else {
    entry.info = make_info(node, pods);
  }
  entry.info->version = ++versions_;
  entry.node = node;
  entry.pods_version = version;
  if (checks_) check(entry, view);
  return entry.info;
}

// Both lists are by name, and most pods are the same in both: those are moved, not looked at.
bool SnapshotCache::follow(NodeInfo& info, const std::vector<PodPtr>& pods) const {
  std::vector<PodPtr> now;
  std::vector<PodPtr> gone;
  std::vector<PodPtr> come;
  std::size_t old = 0;
  const auto is_same = [&](const PodPtr& pod) {
    return old < info.pods.size() && info.pods[old] == pod;
  };
  now.reserve(pods.size());
  for (const PodPtr& pod : pods) {
    while (!is_same(pod) && old < info.pods.size() && !by_name(pod, info.pods[old])) {
      gone.push_back(info.pods[old++]);
    }
    if (is_same(pod)) {
      now.push_back(std::move(info.pods[old++]));
    } else if (counts(*pod)) {
      now.push_back(pod);
      come.push_back(pod);
    }
  }
  gone.insert(gone.end(), info.pods.begin() + static_cast<std::ptrdiff_t>(old), info.pods.end());
  const auto is_plain = [](const PodPtr& pod) { return pod->spec->requests.extended.empty(); };
  if (!std::ranges::all_of(gone, is_plain) || !std::ranges::all_of(come, is_plain)) return false;
  info.exchange(std::move(now), gone, come);
  return true;
}

std::shared_ptr<NodeInfo> SnapshotCache::make_info(const NodePtr& node,
                                                   const std::vector<PodPtr>& pods) const {
  auto info = std::make_shared<NodeInfo>();
  info->node = node;
  info->pods.reserve(pods.size());
  for (const PodPtr& pod : pods) {
    if (counts(*pod)) info->add(pod);
  }
  return info;
}

void SnapshotCache::check(const Entry& entry, const ClusterView& view) const {
  const NodeInfoPtr anew = make_info(entry.node, view.pods_on(entry.node->name).pods);
  const bool agrees = anew->pods == entry.info->pods && anew->requested == entry.info->requested;
  check_kept("pods", entry.node->name, agrees);
}

}  // namespace casim::sim
