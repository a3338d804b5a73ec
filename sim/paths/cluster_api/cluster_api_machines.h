// The provider's machines on the path by Cluster API, as the autoscaler's own clusterapi provider
// goes about it: one write of `replicas` for an order of any size; a removal marks the Machine,
// then lowers `replicas` by one. Source: provisioning-paths.md 2.1, 2.3, 2.4 [CAC clusterapi].
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/paths/cluster_api/objects.h"
#include "src/provider/ports.h"

namespace casim::sim {

class ClusterApiPath;

class ClusterApiMachines final : public provider::Machines {
 public:
  // The path outlives it.
  explicit ClusterApiMachines(ClusterApiPath& path) : path_(path) {}

  Awaitable<void> launch(const provider::GroupConfig& group,
                         std::vector<provider::LaunchItem> items,
                         provider::LaunchSink& sink) override;
  Awaitable<Result<std::vector<provider::Machine>>> list() override;
  Awaitable<Result<void>> remove(std::vector<std::string> instance_ids) override;

 private:
  Awaitable<void> wait_for(const provider::GroupConfig& group, provider::LaunchItem item,
                           provider::LaunchSink& sink);
  // False: it goes on waiting.
  Awaitable<bool> answer(const provider::GroupConfig& group, const provider::LaunchItem& item,
                         provider::LaunchSink& sink);
  Awaitable<void> give_up(const provider::GroupConfig& group, const provider::LaunchItem& item,
                          provider::LaunchSink& sink, provider::SlotFailure why);
  Awaitable<void> remove_machine(std::uint32_t key);

  ClusterApiPath& path_;
};

}  // namespace casim::sim
