#include "sim/import/cluster_pods.h"

#include <algorithm>

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

}  // namespace

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

ClusterPods sort_pods(const std::vector<KubeObject>& objects) {
  std::map<PodOwner, PodOwner> above;  // of what itself has an owner
  for (const KubeObject& object : objects) {
    const PodOwner owner = controller_of(object);
    if (object.kind != "Pod" && !owner.kind.empty()) {
      above[{object.kind, object.namespace_name, object.name}] = owner;
    }
  }
  ClusterPods out;
  for (const KubeObject& pod : objects) {
    if (pod.kind != "Pod") continue;
    PodOwner owner = controller_of(pod);
    if (is_finished(pod)) {
      ++out.finished;
    } else if (is_of_node(pod)) {
      ++out.of_nodes;
    } else if (owner.kind == "DaemonSet") {
      ++out.of_daemon_sets;
    } else {
      if (owner.kind.empty()) owner = {"Pod", pod.namespace_name, pod.name};
      const auto top = above.find(owner);
      if (top != above.end()) {
        owner = top->second;
      } else if (owner.kind == "ReplicaSet") {
        const std::string deployment = without_hash(pod, owner.name);
        if (!deployment.empty()) owner = {"Deployment", owner.namespace_name, deployment};
      }
      OwnedPods& owned = out.owned[owner];
      if (owned.example == nullptr) owned.example = &pod;
      const std::string node = text_at(*pod.value, "spec.nodeName");
      if (node.empty()) {
        ++owned.pending;
      } else {
        ++owned.on_nodes[node];
      }
    }
  }
  return out;
}

}  // namespace casim::sim
