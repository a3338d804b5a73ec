// The path by Cluster API as a whole: a MachineDeployment for each node group, its controllers, and
// an infrastructure provider that calls EC2. The provider asks by the deployment's replicas and
// learns from its Machines. A Machine that nobody ordered, such as a replacement, has a token of
// its own. Source: provisioning-paths.md 2.
#pragma once

#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/paths/cluster_api/config.h"
#include "sim/paths/cluster_api/ec2_infra.h"
#include "sim/paths/cluster_api/health_check.h"
#include "sim/paths/cluster_api/machine_controller.h"
#include "sim/paths/cluster_api/machine_deployment_controller.h"
#include "sim/paths/cluster_api/machine_set_controller.h"
#include "sim/paths/kube/change_waits.h"
#include "sim/paths/provisioning_path.h"

namespace casim::sim {

class ClusterApiPath final : public ProvisioningPath {
 public:
  struct Ports {  // all outlive it
    Kernel& kernel;
    const Random& random;
    ec2::Api& api;
  };

  // `groups`: of the provider that asks, whose machines are tagged with `cluster`.
  ClusterApiPath(Ports ports, ClusterApiPathConfig config, const std::string& cluster,
                 const std::string& image_id, std::vector<provider::GroupConfig> groups);

  std::unique_ptr<provider::Machines> make_machines() override;
  void adopt(const ec2::Instance& instance) override;
  void start() override;
  void stop() override;
  void on_node(const std::string& provider_id, bool is_ready) override;
  void on_node_gone(const std::string& provider_id) override;

  // --- for the provider's end
  const ClusterApiPathConfig& config() const { return config_; }

  ClusterApiState& state() { return state_; }

  Clock& clock() { return ports_.kernel.clock(Phase::kWorld); }

  Awaitable<void> request(std::uint64_t object) {
    return provider_kube_.request(object, provider_kube_.requests());
  }

  // So many more or fewer in the deployment of that group.
  void scale(const std::string& group, int change);
  // A slot that the next Machine of its group is for. Nothing happens to one that was ordered.
  void order(const std::string& group, const provider::LaunchItem& item);
  // False: a Machine has it, or it was never ordered.
  bool withdraw(const std::string& group, const std::string& token);
  // None: not made yet, or gone.
  std::optional<std::uint32_t> find(const std::string& token) const;

  bool is_ordered(const std::string& token) const { return slots_.contains(token); }

  const std::string& group_of(const MachineObject& machine) const;

  ChangeWaits& waits() { return waits_; }

  // What those wait for whose Machine is not there yet.
  static constexpr std::uint32_t kAnyNewMachine = std::numeric_limits<std::uint32_t>::max();

 private:
  MachineSetController::MachinePlan plan(std::uint32_t set);
  InfraTemplate template_of(std::uint32_t set) const;
  void create_deployment(const provider::GroupConfig& group);
  void resync_later();
  void write_second_later();

  Ports ports_;
  ClusterApiPathConfig config_;
  std::vector<provider::GroupConfig> groups_;  // by deployment, and by its first set
  ClusterApiState state_;
  KubeClient provider_kube_;
  std::map<std::string, std::deque<provider::LaunchItem>> waiting_;  // by group
  std::map<std::string, SlotId> slots_;                              // by token
  std::map<std::string, std::uint32_t> by_token_;
  std::map<std::string, std::uint32_t> nodes_;  // by provider id
  std::uint64_t unordered_ = 0;
  ChangeWaits waits_;  // by Machine
  MachineController machines_;
  MachineSetController sets_;
  MachineDeploymentController deployments_;
  std::unique_ptr<MachineHealthCheck> health_check_;
  Ec2Infra infra_;
  EventHandle resync_;
  EventHandle second_writer_;
};

}  // namespace casim::sim
