#include "sim/live/kube_objects.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/cluster/node_condition.h"
#include "src/config/units.h"

namespace casim::sim {
namespace {

using nlohmann::json;

// nodeLeaseDurationSeconds of a kubelet.
constexpr int kLeaseSeconds = 40;

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

json resources_object(const Resources& resources) {
  json out = {{"cpu", to_string(resources.cpu)},
              {"memory", to_string(resources.memory)},
              {"pods", std::to_string(resources.pods)}};
  if (resources.ephemeral_storage.value() > 0) {
    out["ephemeral-storage"] = to_string(resources.ephemeral_storage);
  }
  for (const auto& [name, count] : resources.extended) out[name] = std::to_string(count);
  return out;
}

json condition(const char* type, const char* status, const char* reason, const char* message,
               const StatusTimes& times) {
  return {{"type", type},
          {"status", status},
          {"reason", reason},
          {"message", message},
          {"lastHeartbeatTime", time_text(times.now)},
          {"lastTransitionTime", time_text(times.ready_changed)}};
}

json ready_condition(const Node& node, const StatusTimes& times) {
  switch (ready_status(node)) {
    case ReadyStatus::kTrue:
      return condition("Ready", "True", "KubeletReady", "kubelet is posting ready status", times);
    case ReadyStatus::kUnknown:
      return condition("Ready", "Unknown", "NodeStatusUnknown",
                       "Kubelet stopped posting node status.", times);
    case ReadyStatus::kFalse:
    case ReadyStatus::kMissing:
      break;
  }
  return condition("Ready", "False", "KubeletNotReady", "the node is not ready yet", times);
}

json pod_condition(const char* type, WallTime now) {
  return {{"type", type}, {"status", "True"}, {"lastTransitionTime", time_text(now)}};
}

json status_of(const Node& node, const StatusTimes& times) {
  const auto good = [&times](const char* type, const char* reason, const char* message) {
    return condition(type, "False", reason, message, times);
  };
  return {
      {"capacity", resources_object(node.capacity)},
      {"allocatable", resources_object(node.allocatable)},
      {"conditions",
       {ready_condition(node, times),
        good("MemoryPressure", "KubeletHasSufficientMemory", "kubelet has enough memory available"),
        good("DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        good("PIDPressure", "KubeletHasSufficientPID", "kubelet has enough PIDs available")}}};
}

}  // namespace

bool is_node_name(std::string_view name) {
  const auto is_inner = [](char c) { return is_alphanumeric(c) || c == '-' || c == '.'; };
  return !name.empty() && name.size() <= 253 && is_alphanumeric(name.front()) &&
         is_alphanumeric(name.back()) && std::ranges::all_of(name, is_inner);
}

std::string node_path(const std::string& name) { return fmt::format("{}/{}", kNodesPath, name); }

std::string lease_path(const std::string& name) { return fmt::format("{}/{}", kLeasesPath, name); }

std::string pod_path(const std::string& namespace_name, const std::string& name) {
  return fmt::format("/api/v1/namespaces/{}/pods/{}", namespace_name, name);
}

json node_status(const Node& node, const StatusTimes& times) {
  return {{"status", status_of(node, times)}};
}

json node_object(const Node& node, const StatusTimes& times) {
  json labels = node.labels;
  labels[kLiveLabel] = "node";
  json taints = json::array();
  for (const Taint& taint : node.taints) taints.push_back(taint_object(taint));
  json spec = {{"taints", std::move(taints)}};
  if (!node.provider_id.empty()) spec["providerID"] = node.provider_id;
  if (node.unschedulable) spec["unschedulable"] = true;
  json status = status_of(node, times);
  status["addresses"] = json::array({json{{"type", "Hostname"}, {"address", node.name}}});
  json metadata = {{"name", node.name}, {"labels", std::move(labels)}};
  if (!node.annotations.empty()) metadata["annotations"] = node.annotations;
  return {{"apiVersion", "v1"},
          {"kind", "Node"},
          {"metadata", std::move(metadata)},
          {"spec", std::move(spec)},
          {"status", std::move(status)}};
}

json taint_object(const Taint& taint) {
  json out = {{"key", taint.key}, {"effect", name_of(taint.effect)}};
  if (!taint.value.empty()) out["value"] = taint.value;
  return out;
}

json lease_object(const std::string& node, WallTime renewed) {
  return {{"apiVersion", "coordination.k8s.io/v1"},
          {"kind", "Lease"},
          {"metadata", {{"name", node}, {"namespace", "kube-node-lease"}}},
          {"spec",
           {{"holderIdentity", node},
            {"leaseDurationSeconds", kLeaseSeconds},
            {"renewTime", micro_time_text(renewed)}}}};
}

json lease_renewal(WallTime renewed) {
  return {{"spec", {{"renewTime", micro_time_text(renewed)}}}};
}

json running_status(const json& pod, WallTime now) {
  json containers = json::array();
  const json::json_pointer all("/spec/containers");
  if (pod.contains(all) && pod[all].is_array()) {
    for (const json& container : pod[all]) {
      containers.push_back({{"name", text_at(container, "/name")},
                            {"image", text_at(container, "/image")},
                            {"imageID", text_at(container, "/image")},
                            {"ready", true},
                            {"started", true},
                            {"restartCount", 0},
                            {"state", {{"running", {{"startedAt", time_text(now)}}}}}});
    }
  }
  json status = {{"phase", "Running"},
                 {"startTime", time_text(now)},
                 {"conditions",
                  {pod_condition("Initialized", now), pod_condition("ContainersReady", now),
                   pod_condition("Ready", now)}},
                 {"containerStatuses", std::move(containers)}};
  return {{"status", std::move(status)}};
}

json deletion_at_once(const std::string& uid) {
  return {{"apiVersion", "v1"},
          {"kind", "DeleteOptions"},
          {"gracePeriodSeconds", 0},
          {"preconditions", {{"uid", uid}}}};
}

std::string time_text(WallTime time) { return config::write_wall_time(cut_to_second(time)); }

std::string micro_time_text(WallTime time) {
  const WallTime second = cut_to_second(time);
  std::string text = time_text(second);
  text.pop_back();  // the Z
  const auto rest = std::chrono::floor<std::chrono::microseconds>(time - second);
  return fmt::format("{}.{:06}Z", text, rest.count());
}

std::string text_at(const json& object, const char* pointer) {
  const json::json_pointer where(pointer);
  if (!object.contains(where)) return "";
  const json& found = object[where];
  return found.is_string() ? found.get<std::string>() : "";
}

}  // namespace casim::sim
