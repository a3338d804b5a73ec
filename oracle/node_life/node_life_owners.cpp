#include "oracle/node_life/node_life_owners.h"

#include <utility>

#include "sim/cluster/node_condition.h"
#include "sim/workloads/daemon_eligibility.h"

namespace casim::oracle {

using namespace casim::sim;

namespace {

bool is_finished(const Pod& pod) { return pod.succeeded || pod.failed; }

}  // namespace

void NodeLifeOwners::add(const Pod& pod) {
  const auto put = [&](std::map<std::string, Owned>& sets, const std::string& key) {
    Owned& set = sets[pod.spec->owner_uid];
    set.spec = pod.spec;
    set.workload = api_.cluster().life(pod.id).workload;
    set.pods[key] = pod.id;
  };
  if (pod.spec->owner == OwnerKind::kStatefulSet) put(stateful_, pod.name);
  if (pod.spec->owner == OwnerKind::kDaemonSet) put(daemon_, pod.node_name);
}

void NodeLifeOwners::settle() {
  for (auto& [uid, set] : stateful_) settle_stateful(set);
  for (auto& [uid, set] : daemon_) settle_daemon(set);
}

// OrderedReady: a pod that is missing is made when all before it are Ready.
void NodeLifeOwners::settle_stateful(Owned& set) {
  for (auto& [name, id] : set.pods) {
    const Pod* pod = api_.cluster().find_pod(id);
    if (pod != nullptr && is_finished(*pod) && !pod->deletion_timestamp) {
      if (api_.remove_pod(id)) pod = nullptr;
    }
    if (pod == nullptr) {
      NewPod fresh;
      fresh.name = name;
      return create(set, name, std::move(fresh));
    }
    if (pod->deletion_timestamp || !is_ready(*pod)) return;
  }
}

// One on each node whose taints let a new one in.
void NodeLifeOwners::settle_daemon(Owned& set) {
  std::vector<std::string> nodes;
  const std::vector<Toleration> tolerations = daemon_tolerations(set.spec->tolerations);
  api_.cluster().for_each_node([&](const NodePtr& node) {
    const auto known = set.pods.find(node->name);
    const Pod* pod = known == set.pods.end() ? nullptr : api_.cluster().find_pod(known->second);
    if (pod != nullptr && is_finished(*pod) && !pod->deletion_timestamp) {
      if (api_.remove_pod(pod->id)) pod = nullptr;
    }
    if (pod == nullptr && tolerates_all(tolerations, node->taints)) nodes.push_back(node->name);
  });
  for (const std::string& node : nodes) {
    NewPod fresh;
    fresh.target_node = node;
    create(set, node, std::move(fresh));
  }
}

void NodeLifeOwners::create(Owned& set, const std::string& key, NewPod pod) {
  pod.spec = set.spec;
  pod.workload = set.workload;
  if (pod.name.empty()) pod.name = set.spec->name_prefix + "-on-" + key;
  set.pods[key] = api_.create_pod(std::move(pod));
}

bool NodeLifeOwners::is_ready(const Pod& pod) const {
  if (!pod.running || !pod.node.is_valid()) return false;
  const NodePtr& node = api_.cluster().node(pod.node);
  return node && ready_status(*node) == ReadyStatus::kTrue;
}

}  // namespace casim::oracle
