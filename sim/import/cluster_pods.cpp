#include "sim/import/cluster_pods.h"

#include <algorithm>

#include "sim/import/live_pods.h"

namespace casim::sim {
namespace {

using config::Value;

bool is_finished(const KubeObject& pod) {
  const std::string phase = text_at(*pod.value, "status.phase");
  return phase == "Succeeded" || phase == "Failed";
}

bool is_of_node(const KubeObject& pod) {
  const Value* annotations = value_at(*pod.value, "metadata.annotations");
  const bool is_mirror =
      annotations != nullptr && annotations->find("kubernetes.io/config.mirror") != nullptr;
  return is_mirror || controller_of(pod).kind == "Node";
}

// "web-6d4cf56db6" of the Deployment "web", by the label that its ReplicaSets' pods have.
std::string without_hash(const KubeObject& pod, const std::string& replica_set) {
  const Value* labels = value_at(*pod.value, "metadata.labels");
  const Value* hash = labels == nullptr ? nullptr : labels->find("pod-template-hash");
  if (hash == nullptr || hash->as_string() == nullptr) return "";
  const std::string end = "-" + *hash->as_string();
  if (!replica_set.ends_with(end)) return "";
  return replica_set.substr(0, replica_set.size() - end.size());
}

using Owners = std::map<PodOwner, PodOwner>;

// What itself has an owner. Jobs stand for themselves.
Owners owners_of(const std::vector<KubeObject>& objects) {
  Owners above;
  for (const KubeObject& object : objects) {
    if (object.kind == "Pod" || object.kind == "Job") continue;
    const PodOwner owner = controller_of(object);
    if (!owner.kind.empty()) above[{object.kind, object.namespace_name, object.name}] = owner;
  }
  return above;
}

PodOwner topmost(const KubeObject& pod, const Owners& above) {
  const PodOwner owner = controller_of(pod);
  if (owner.kind.empty()) return {"Pod", pod.namespace_name, pod.name};
  const auto top = above.find(owner);
  if (top != above.end()) return top->second;
  if (owner.kind == "ReplicaSet") {
    const std::string deployment = without_hash(pod, owner.name);
    if (!deployment.empty()) return {"Deployment", owner.namespace_name, deployment};
  }
  return owner;
}

AlikePods& group_of(const KubeObject& pod, const SeenClaims& claims, OwnedPods& owned) {
  config::Problems told_later;
  ManifestNotes noted_later;
  const Value live = live_pod(pod, told_later, noted_later);
  std::string shape = shape_of(live);
  std::string names = claims.names_of(live);
  const auto found = std::ranges::find_if(owned.groups, [&](const AlikePods& group) {
    return group.shape == shape && group.claims == names;
  });
  if (found != owned.groups.end()) return *found;
  owned.groups.push_back({&pod, std::move(shape), std::move(names), {}, 0});
  return owned.groups.back();
}

}  // namespace

int AlikePods::count() const {
  int sum = pending;
  for (const auto& [node, pods] : on_nodes) sum += pods;
  return sum;
}

int OwnedPods::pending() const {
  int sum = 0;
  for (const AlikePods& group : groups) sum += group.pending;
  return sum;
}

const AlikePods& OwnedPods::largest() const {
  return *std::ranges::max_element(groups, {}, &AlikePods::count);
}

PodOwner controller_of(const KubeObject& object) {
  const Value* owners = value_at(*object.value, "metadata.ownerReferences");
  const auto* items = owners == nullptr ? nullptr : owners->as_list();
  if (items == nullptr) return {};
  const auto found = std::ranges::find_if(*items, [](const Value& owner) {
    const Value* is_controller = owner.find("controller");
    return is_controller != nullptr && *is_controller == Value(true);
  });
  if (found == items->end()) return {};
  return {text_at(*found, "kind"), object.namespace_name, text_at(*found, "name")};
}

ClusterPods sort_pods(const std::vector<KubeObject>& objects,
                      const std::set<std::string>& lost_nodes, const SeenClaims& claims) {
  const Owners above = owners_of(objects);
  ClusterPods out;
  for (const KubeObject& pod : objects) {
    if (pod.kind != "Pod") continue;
    if (is_finished(pod)) {
      ++out.finished;
    } else if (is_of_node(pod)) {
      ++out.of_nodes;
    } else if (controller_of(pod).kind == "DaemonSet") {
      ++out.of_daemon_sets;
    } else if (!text_at(*pod.value, "metadata.deletionTimestamp").empty()) {
      ++out.leaving;
    } else {
      AlikePods& group = group_of(pod, claims, out.owned[topmost(pod, above)]);
      const std::string node = text_at(*pod.value, "spec.nodeName");
      if (node.empty() || lost_nodes.contains(node)) {
        ++group.pending;
      } else {
        ++group.on_nodes[node];
      }
    }
  }
  return out;
}

}  // namespace casim::sim
