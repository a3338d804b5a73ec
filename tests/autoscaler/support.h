// Small objects for the autoscaler's unit tests.
#pragma once

#include <memory>
#include <string>

#include "sim/autoscaler/simulator/node_info.h"

namespace casim::sim {

inline Resources resources(std::int64_t cpu_m, std::int64_t memory_mib, std::int64_t pods) {
  Resources r;
  r.cpu = MilliCpu(cpu_m);
  r.memory = Bytes(memory_mib << 20);
  r.pods = pods;
  return r;
}

inline NodePtr make_node(std::string name, std::int64_t cpu_m, std::int64_t memory_mib = 4096,
                         std::int64_t pods = 110) {
  auto node = std::make_shared<Node>();
  node->labels[std::string(kHostnameLabel)] = name;
  node->name = std::move(name);
  node->capacity = resources(cpu_m, memory_mib, pods);
  node->allocatable = node->capacity;
  node->ready = true;
  return node;
}

inline NodeInfoPtr make_info(std::string name, std::int64_t cpu_m) {
  auto info = std::make_shared<NodeInfo>();
  info->node = make_node(std::move(name), cpu_m);
  return info;
}

inline std::shared_ptr<PodSpec> make_spec(std::string workload, std::int64_t cpu_m,
                                          std::int64_t memory_mib = 16) {
  auto spec = std::make_shared<PodSpec>();
  spec->owner = OwnerKind::kReplicaSet;
  spec->owner_uid = "uid-" + workload;
  spec->labels["app"] = workload;
  spec->workload = std::move(workload);
  spec->requests = resources(cpu_m, memory_mib, 1);
  return spec;
}

inline PodPtr make_pod(std::uint32_t id, PodSpecPtr spec) {
  auto pod = std::make_shared<Pod>();
  pod->id = PodId(id);
  pod->name = spec->workload + "-" + std::to_string(id);
  pod->spec = std::move(spec);
  pod->unschedulable = true;
  return pod;
}

}  // namespace casim::sim
