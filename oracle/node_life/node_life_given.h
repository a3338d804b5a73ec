// What a node life case gives, read strictly: flags, nodes, pods, names.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/apiserver/heartbeat.h"
#include "sim/cluster/objects.h"
#include "sim/controllers/cloud_node_lifecycle.h"
#include "sim/controllers/node_lifecycle.h"
#include "sim/controllers/pod_garbage_collector.h"

namespace casim::oracle {

struct NodeLifeFlags {
  sim::NodeLifecycleConfig node_lifecycle;
  sim::PodGarbageCollectorConfig pod_gc;
  std::optional<sim::CloudNodeLifecycleConfig> cloud;  // none: no cloud controller manager
};

NodeLifeFlags flags_of(const nlohmann::json& given);

// "a", or "a-0000", "a-0001", ... of an entry with a count.
std::vector<std::string> names_of(const nlohmann::json& entry);

// "unreachable:NoExecute".
sim::Taint taint_of(const std::string& text);
std::string text_of(const sim::Taint& taint);  // key alone, in its short form

// A node of a case, beside its object: its kubelet.
struct GivenNode {
  sim::Node node;
  sim::Beats lease;
  sim::Beats status;
  Duration status_period{};
  bool is_alive = true;
};

// `i`: of the entry. `added`: when, or nothing for one that is there from the start.
GivenNode node_of(const nlohmann::json& entry, std::size_t i, const std::string& name,
                  std::optional<TimePoint> added);

// A pod of a case, beside its spec.
struct GivenPod {
  std::string name;
  std::string entry;
  std::string node;  // "?x": a node x that does not exist
  sim::PodSpecPtr spec;
  std::string phase;
  std::optional<TimePoint> deleted_at;
  TimePoint created_at{};
  Duration stop{};
};

// `nodes`: the entries, by which a pod entry on an entry is one pod a node.
std::vector<GivenPod> pods_of(const nlohmann::json& entry, const nlohmann::json& nodes);

}  // namespace casim::oracle
