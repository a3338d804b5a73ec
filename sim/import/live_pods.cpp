#include "sim/import/live_pods.h"

#include <utility>

#include "sim/manifests/pod_fields.h"

namespace casim::sim {
namespace {

using config::Value;

// A limit without a request is a request too, as admission writes it.
Value with_requests(const Value& resources) {
  const Value* limits = resources.find("limits");
  const Value* given = resources.find("requests");
  Value out = given == nullptr || given->as_object() == nullptr ? Value(Value::Object{}) : *given;
  if (limits == nullptr || limits->as_object() == nullptr) return out;
  for (const auto& [key, value] : *limits->as_object()) {
    if (out.find(key) == nullptr) out.set(key, value);
  }
  return out;
}

Value asked_by(const Value& containers) {
  Value::List out;
  const auto* items = containers.as_list();
  for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
    Value container = (*items)[i];
    if (container.as_object() == nullptr) continue;
    if (const Value* resources = container.find("resources")) {
      container.set("resources", with_requests(*resources));
    } else {
      container.set("resources", Value::Object{});
    }
    out.push_back(std::move(container));
  }
  return out;
}

// Without those that admission gives to every pod.
Value own_tolerations(const Value& tolerations) {
  Value::List out;
  const auto* items = tolerations.as_list();
  for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
    const std::string key = text_at((*items)[i], "key");
    const bool is_usual =
        key == "node.kubernetes.io/not-ready" || key == "node.kubernetes.io/unreachable";
    if (!is_usual) out.push_back((*items)[i]);
  }
  return out;
}

}  // namespace

Value live_pod(const KubeObject& pod, config::Problems& problems, ManifestNotes& notes) {
  return PodFields(problems, notes).pod_of(pod, *pod.value, "", RestartRule::kAny);
}

std::string shape_of(const Value& pod) {
  Value out{Value::Object{}};
  for (const char* member : {"containers", "initContainers"}) {
    const Value* containers = pod.find(member);
    if (containers != nullptr) out.set(member, asked_by(*containers));
  }
  for (const char* member : {"resources", "overhead", "nodeSelector", "affinity",
                             "topologySpreadConstraints", "priorityClassName"}) {
    if (const Value* value = pod.find(member)) out.set(member, *value);
  }
  if (const Value* tolerations = pod.find("tolerations")) {
    Value own = own_tolerations(*tolerations);
    if (!own.as_list()->empty()) out.set("tolerations", std::move(own));
  }
  return config::to_json(out, -1);
}

}  // namespace casim::sim
