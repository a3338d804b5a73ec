#include "sim/autoscaler/cluster/readiness.h"

#include <algorithm>
#include <array>
#include <memory>

namespace casim::sim {
namespace {

constexpr std::array<std::string_view, 3> kNotReadyTaints = {
    "node.kubernetes.io/not-ready", "node.kubernetes.io/disk-pressure",
    "node.kubernetes.io/network-unavailable"};

constexpr std::array<std::string_view, 11> kConditionTaints = {
    "node.kubernetes.io/not-ready",
    "node.kubernetes.io/unreachable",
    "node.kubernetes.io/unschedulable",
    "node.kubernetes.io/memory-pressure",
    "node.kubernetes.io/disk-pressure",
    "node.kubernetes.io/network-unavailable",
    "node.kubernetes.io/pid-pressure",
    "node.cloudprovider.kubernetes.io/uninitialized",
    "node.cloudprovider.kubernetes.io/shutdown",
    "cloud.google.com/impending-node-termination",
    "node.kubernetes.io/impaired-volumes"};

constexpr std::array<std::string_view, 5> kGpuResources = {"nvidia.com/gpu", "habana.ai/gaudi",
                                                           "gpu.intel.com/xe", "amd.com/gpu",
                                                           "microsoft.com/directx"};

bool has(const std::vector<std::string>& values, std::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

bool is_ready(const Node& node) {
  if (!node.has_ready_condition || !node.ready) return false;
  if (node.disk_pressure || node.network_unavailable) return false;
  return std::none_of(node.taints.begin(), node.taints.end(), [](const Taint& taint) {
    return std::find(kNotReadyTaints.begin(), kNotReadyTaints.end(), taint.key) !=
           kNotReadyTaints.end();
  });
}

bool is_ready_and_schedulable(const Node& node) { return is_ready(node) && !node.unschedulable; }

NodePtr unready_copy(const NodePtr& node) {
  auto copy = std::make_shared<Node>(*node);
  copy->ready = false;
  copy->has_ready_condition = true;
  copy->last_transition = node->creation_timestamp;
  return copy;
}

std::string_view gpu_resource_of(const Node& node) {
  if (node.allocatable.extended.empty()) return "";
  for (const std::string_view name : kGpuResources) {
    const auto entry = node.allocatable.extended.find(std::string(name));
    if (entry != node.allocatable.extended.end() && entry->second > 0) return name;
  }
  return "";
}

bool requests_gpu(const Resources& requests) {
  if (requests.extended.empty()) return false;
  return std::any_of(kGpuResources.begin(), kGpuResources.end(), [&](std::string_view name) {
    return requests.extended.contains(std::string(name));
  });
}

TaintRules::TaintRules(const AutoscalerOptions& options)
    : scale_from_unschedulable(options.scale_from_unschedulable),
      startup_(options.startup_taints),
      startup_prefixes_{"ignore-taint.cluster-autoscaler.kubernetes.io/",
                        "startup-taint.cluster-autoscaler.kubernetes.io/"},
      status_(options.status_taints) {
  startup_prefixes_.insert(startup_prefixes_.end(), options.startup_taint_prefixes.begin(),
                           options.startup_taint_prefixes.end());
}

bool TaintRules::is_startup(std::string_view key) const {
  if (has(startup_, key)) return true;
  return std::any_of(startup_prefixes_.begin(), startup_prefixes_.end(),
                     [&](const std::string& prefix) { return key.starts_with(prefix); });
}

bool TaintRules::is_status(std::string_view key) const {
  return has(status_, key) || key.starts_with("status-taint.cluster-autoscaler.kubernetes.io/");
}

bool is_condition_taint(std::string_view key) {
  return std::find(kConditionTaints.begin(), kConditionTaints.end(), key) != kConditionTaints.end();
}

NodeLists mask_startup_taints(NodeLists nodes, const TaintRules& rules) {
  const auto tainted = [&](const NodePtr& node) {
    return std::any_of(node->taints.begin(), node->taints.end(),
                       [&](const Taint& taint) { return rules.is_startup(taint.key); });
  };
  std::erase_if(nodes.ready, tainted);
  for (NodePtr& node : nodes.all) {
    // Only ready nodes are overridden: the others are unready already.
    if (tainted(node) && is_ready_and_schedulable(*node)) node = unready_copy(node);
  }
  return nodes;
}

}  // namespace casim::sim
