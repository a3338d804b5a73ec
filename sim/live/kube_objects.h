// Nodes, leases and pods as the API server has them, in the fields that a kubelet writes and that
// schedulers and autoscalers read.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "sim/cluster/objects.h"
#include "src/core/time.h"

namespace casim::sim {

// On every node of a session, so that a later one can tell those that were left over.
inline constexpr const char* kLiveLabel = "casim.dev/live";

// Of Kubernetes' rules for names of nodes: lower case letters, digits, '-' and '.', at most 253,
// ends that are no '-' or '.'.
bool is_node_name(std::string_view name);

// Paths of the API, for one object or all.
std::string node_path(const std::string& name);
std::string lease_path(const std::string& name);
std::string pod_path(const std::string& namespace_name, const std::string& name);
inline constexpr const char* kNodesPath = "/api/v1/nodes";
inline constexpr const char* kLeasesPath =
    "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

// When a kubelet wrote, and since when the Ready condition is as it is.
struct StatusTimes {
  WallTime now{};
  WallTime ready_changed{};
};

nlohmann::json node_object(const Node& node, const StatusTimes& times);
// {"status": ...}, for a patch.
nlohmann::json node_status(const Node& node, const StatusTimes& times);
nlohmann::json taint_object(const Taint& taint);
nlohmann::json lease_object(const std::string& node, WallTime renewed);
nlohmann::json lease_renewal(WallTime renewed);

// Likewise, of a pod whose containers all run. `pod` is the API server's object.
nlohmann::json running_status(const nlohmann::json& pod, WallTime now);

// Deletes that very pod at once.
nlohmann::json deletion_at_once(const std::string& uid);

// Whole seconds, as metav1.Time has them; microseconds, as leases do.
std::string time_text(WallTime time);
std::string micro_time_text(WallTime time);

// The string at a JSON pointer, such as "/metadata/name"; empty where there is none.
std::string text_at(const nlohmann::json& object, const char* pointer);

}  // namespace casim::sim
