#include "sim/paths/cluster_api/cluster_api_state.h"

#include <algorithm>

namespace casim::sim {

ClusterApiState::ClusterApiState(Kernel& of_kernel, const Random& of_random,
                                 ClusterApiConfig of_config)
    : kernel(of_kernel),
      random(of_random),
      config(std::move(of_config)),
      kube(kernel, random, "cluster_api.kube",
           {.qps = config.kube_qps, .burst = config.kube_burst, .call = config.kube_call}),
      deployments(kernel, random, "cluster_api.watch.deployment", config.watch_delay),
      sets(kernel, random, "cluster_api.watch.set", config.watch_delay),
      machines(kernel, random, "cluster_api.watch.machine", config.watch_delay),
      infra(kernel, random, "cluster_api.watch.infra", config.watch_delay),
      nodes(kernel, random, "cluster_api.watch.node", config.watch_delay) {
  machines.subscribe(
      [this](std::uint32_t key, const MachineObject* before, const MachineObject* after) {
        if (before == nullptr && after != nullptr) machines_of_[after->set].push_back(key);
        if (before != nullptr && after == nullptr) std::erase(machines_of_[before->set], key);
      });
  nodes.subscribe([this](std::uint32_t key, const WorkloadNode* before, const WorkloadNode* after) {
    if (before == nullptr && after != nullptr) nodes_[after->provider_id] = key;
    if (before != nullptr && after == nullptr) nodes_.erase(before->provider_id);
  });
}

std::vector<std::uint32_t> ClusterApiState::machines_of(std::uint32_t set) const {
  const auto found = machines_of_.find(set);
  return found == machines_of_.end() ? std::vector<std::uint32_t>{} : found->second;
}

std::vector<std::uint32_t> ClusterApiState::sets_of(std::uint32_t deployment) const {
  std::vector<std::uint32_t> keys;
  for (std::uint32_t key = 0; key < sets.next_key(); ++key) {
    const MachineSetObject* set = sets.seen(key).object;
    if (set != nullptr && set->deployment == deployment) keys.push_back(key);
  }
  return keys;
}

std::optional<std::uint32_t> ClusterApiState::node_of(const std::string& provider_id) const {
  const auto found = nodes_.find(provider_id);
  if (provider_id.empty() || found == nodes_.end()) return std::nullopt;
  return found->second;
}

QueueRules ClusterApiState::rules(Duration spacing) const {
  QueueRules rules;
  rules.has_one_time = true;
  rules.spacing = spacing;
  rules.backoff = {.first = config.backoff_base,
                   .longest = config.backoff_cap,
                   .qps = 0,
                   .burst = 0,
                   .on_top = spacing};
  return rules;
}

void ClusterApiState::fill() {
  deployments.fill();
  sets.fill();
  machines.fill();
  infra.fill();
  nodes.fill();
}

void ClusterApiState::watch() {
  nodes.watch();
  infra.watch();
  machines.watch();
  sets.watch();
  deployments.watch();
}

}  // namespace casim::sim
