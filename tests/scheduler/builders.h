// Small nodes and pods for the scheduler's tests.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "sim/scheduler/node_table.h"
#include "sim/scheduler/pod_class.h"

namespace casim::sim {

struct Size {
  std::int64_t cpu_m = 0;
  std::int64_t memory_mib = 0;
};

inline Resources resources_of(Size size, std::int64_t pods) {
  Resources made;
  made.cpu = MilliCpu(size.cpu_m);
  made.memory = Bytes(size.memory_mib << 20);
  made.pods = pods;
  return made;
}

inline Node make_node(std::uint32_t id, Size size, const std::string& zone = "") {
  Node node;
  node.id = NodeId(id);
  node.name = "n" + std::to_string(id);
  node.allocatable = node.capacity = resources_of(size, 110);
  node.labels["kubernetes.io/hostname"] = node.name;
  if (!zone.empty()) node.labels["topology.kubernetes.io/zone"] = zone;
  return node;
}

inline NodePtr share(Node node) { return std::make_shared<const Node>(std::move(node)); }

inline PodSpec make_pod(Size size) {
  PodSpec spec;
  spec.requests = resources_of(size, 1);
  return spec;
}

inline PodSpecPtr share(PodSpec spec) { return std::make_shared<const PodSpec>(std::move(spec)); }

inline Taint soft_taint() {
  return {std::string(kDeletionCandidateTaint), "1", TaintEffect::kPreferNoSchedule};
}

inline Taint hard_taint(const std::string& key) { return {key, "", TaintEffect::kNoSchedule}; }

}  // namespace casim::sim
