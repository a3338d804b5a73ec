#include "sim/autoscaler/simulator/utilization.h"

#include <algorithm>

#include "sim/autoscaler/cluster/pod_list.h"
#include "sim/autoscaler/cluster/readiness.h"

namespace casim::sim {
namespace {

struct Sums {
  std::int64_t cpu = 0;
  std::int64_t memory = 0;
  std::int64_t gpu = 0;

  void add(const Resources& requests, std::string_view gpu_resource) {
    cpu += requests.cpu.value();
    memory += requests.memory.value();
    if (gpu_resource.empty()) return;
    const auto entry = requests.extended.find(std::string(gpu_resource));
    if (entry != requests.extended.end()) gpu += entry->second;
  }
};

std::optional<double> share(std::int64_t used, std::int64_t all, std::int64_t ignored) {
  if (all == 0) return std::nullopt;
  return static_cast<double>(used) / static_cast<double>(all - ignored);
}

}  // namespace

void set_gpu_rules(UtilizationRules& rules, const Node& node, bool has_gpu_label) {
  rules.gpu_resource = gpu_resource_of(node);
  rules.is_gpu_node = !rules.gpu_resource.empty() || has_gpu_label;
}

std::optional<Utilization> utilization(const NodeInfo& info, const UtilizationRules& rules,
                                       WallTime now) {
  Sums used;
  Sums ignored;
  const bool all_count =
      !rules.ignore_daemonsets && !rules.ignore_mirror && info.terminating_pods == 0;
  if (all_count) used.add(info.requested, rules.gpu_resource);
  for (const PodPtr& pod : info.pods) {
    if (all_count) break;
    const bool daemon = rules.ignore_daemonsets && pod->is_daemon_set();
    const bool mirror = rules.ignore_mirror && pod->spec->owner == OwnerKind::kMirror;
    if (daemon || mirror) {
      ignored.add(pod->spec->requests, rules.gpu_resource);
    } else if (!is_long_terminating(*pod, now)) {
      used.add(pod->spec->requests, rules.gpu_resource);
    }
  }
  const Resources& all = info.node->allocatable;
  if (rules.is_gpu_node) {
    const auto gpus = all.extended.find(std::string(rules.gpu_resource));
    const std::int64_t count = gpus == all.extended.end() ? 0 : gpus->second;
    const double gpu = share(used.gpu, count, ignored.gpu).value_or(0);  // not there yet: removable
    return Utilization{0, 0, gpu, gpu};
  }
  const std::optional<double> cpu = share(used.cpu, all.cpu.value(), ignored.cpu);
  const std::optional<double> memory = share(used.memory, all.memory.value(), ignored.memory);
  if (!cpu || !memory) return std::nullopt;
  return Utilization{*cpu, *memory, 0, std::max(*cpu, *memory)};
}

}  // namespace casim::sim
