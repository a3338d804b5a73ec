#include "sim/autoscaler/cluster/cluster_view.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace casim::sim {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace

void ClusterView::on_watch(const WatchEvent& event) {
  ++changes_;
  std::visit(Overloaded{[this](const PodChanged& e) { put_pod(e.pod); },
                        [this](const PodRemoved& e) { drop_pod(e.last.id); },
                        [this](const NodeChanged& e) { put_node(e.node); },
                        [this](const NodeRemoved& e) { drop_node(e.last->name); },
                        [this](const OwnerChanged& e) { put_owner(e.owner); },
                        [this](const OwnerRemoved& e) { drop_owner(e.last); },
                        [this](const PdbChanged& e) { put_pdb(e.pdb); }},
             event);
}

void ClusterView::put_node(const NodePtr& node) {
  const auto [entry, is_new] = nodes_.insert_or_assign(node->name, node);
  if (is_new) {
    list_on(node->name);
    is_listed_ = false;
  } else if (is_listed_) {
    const auto by_name = [](const NodePtr& n, const std::string& name) { return n->name < name; };
    *std::lower_bound(node_list_.begin(), node_list_.end(), node->name, by_name) = node;
  }
}

void ClusterView::drop_node(const std::string& name) {
  if (nodes_.erase(name) == 0) return;
  is_listed_ = false;
  drop_list_if_empty(name);
}

const std::vector<NodePtr>& ClusterView::node_list() const {
  if (is_listed_) return node_list_;
  node_list_.clear();
  node_list_.reserve(nodes_.size());
  for (const auto& [name, node] : nodes_) node_list_.push_back(node);
  is_listed_ = true;
  return node_list_;
}

ClusterView::NodePods& ClusterView::list_on(const std::string& node_name) {
  std::shared_ptr<NodePods>& on = pods_on_[node_name];
  if (on == nullptr) on = std::make_shared<NodePods>();
  return *on;
}

void ClusterView::drop_list_if_empty(const std::string& node_name) {
  const auto entry = pods_on_.find(node_name);
  if (entry == pods_on_.end() || !entry->second->pods.empty()) return;
  if (nodes_.contains(node_name)) return;
  entry->second->is_gone = true;
  pods_on_.erase(entry);
}

void ClusterView::put_pod(const Pod& pod) {
  PodPtr& held = pods_[pod.id];
  const PodPtr before = std::exchange(held, std::make_shared<const Pod>(pod));
  const bool stays = before != nullptr && before->node_name == pod.node_name;
  if (before != nullptr && !stays) unlink(before);
  if (pod.node_name.empty()) {
    unbound_.put(held);
    return;
  }
  NodePods& on = list_on(pod.node_name);
  if (stays) {
    *std::find(on.pods.begin(), on.pods.end(), before) = held;
  } else {
    on.pods.insert(std::upper_bound(on.pods.begin(), on.pods.end(), held, by_name), held);
  }
  on.version = changes_;
}

void ClusterView::drop_pod(PodId id) {
  const auto entry = pods_.find(id);
  if (entry == pods_.end()) return;
  unlink(entry->second);
  pods_.erase(entry);
}

// Found by its address: the pods of a node lie far apart.
void ClusterView::unlink(const PodPtr& pod) {
  if (pod->node_name.empty()) {
    unbound_.erase(pod->id);
    return;
  }
  NodePods& on = list_on(pod->node_name);
  on.pods.erase(std::find(on.pods.begin(), on.pods.end(), pod));
  on.version = changes_;
  if (on.pods.empty()) drop_list_if_empty(pod->node_name);
}

void ClusterView::put_owner(const Owner& owner) {
  owners_[owner.uid] = owner;
  if (owner.kind != OwnerKind::kDaemonSet) return;
  daemon_sets_[{owner.namespace_name, owner.name}] = owner.uid;
}

void ClusterView::drop_owner(const Owner& last) {
  owners_.erase(last.uid);
  if (last.kind != OwnerKind::kDaemonSet) return;
  const auto entry = daemon_sets_.find({last.namespace_name, last.name});
  // One of the same name may have come before this one went.
  if (entry != daemon_sets_.end() && entry->second == last.uid) daemon_sets_.erase(entry);
}

void ClusterView::put_pdb(const PodDisruptionBudget& pdb) {
  const auto same = std::find_if(pdbs_.begin(), pdbs_.end(), [&](const PodDisruptionBudget& p) {
    return p.namespace_name == pdb.namespace_name && p.name == pdb.name;
  });
  if (same != pdbs_.end()) {
    *same = pdb;
  } else {
    pdbs_.push_back(pdb);
  }
}

NodePtr ClusterView::find_node(const std::string& name) const {
  const auto entry = nodes_.find(name);
  return entry == nodes_.end() ? nullptr : entry->second;
}

const ClusterView::NodePods& ClusterView::pods_on(const std::string& node_name) const {
  static const NodePods kNone;
  const auto entry = pods_on_.find(node_name);
  return entry == pods_on_.end() ? kNone : *entry->second;
}

ClusterView::NodePodsPtr ClusterView::share_pods_on(const std::string& node_name) const {
  const auto entry = pods_on_.find(node_name);
  return entry == pods_on_.end() ? nullptr : entry->second;
}

const Pod& ClusterView::pod(PodId id) const {
  const auto entry = pods_.find(id);
  assert(entry != pods_.end());
  return *entry->second;
}

PodPtr ClusterView::find_pod(PodId id) const {
  const auto entry = pods_.find(id);
  return entry == pods_.end() ? nullptr : entry->second;
}

const Owner* ClusterView::find_owner(const std::string& uid) const {
  const auto entry = owners_.find(uid);
  return entry == owners_.end() ? nullptr : &entry->second;
}

std::vector<Owner> ClusterView::daemon_sets() const {
  std::vector<Owner> result;
  result.reserve(daemon_sets_.size());
  for (const auto& [name, uid] : daemon_sets_) result.push_back(owners_.at(uid));
  return result;
}

const std::string* ClusterView::config_map(const std::string& name, const std::string& key) const {
  const auto entry = config_maps_.find({name, key});
  return entry == config_maps_.end() ? nullptr : &entry->second;
}

void ClusterView::set_config_map(const std::string& name, const std::string& key,
                                 std::string text) {
  ++changes_;
  config_maps_[{name, key}] = std::move(text);
}

void ClusterView::set_capacity_quotas(std::vector<CapacityQuota> quotas) {
  ++changes_;
  capacity_quotas_ = std::move(quotas);
}

}  // namespace casim::sim
