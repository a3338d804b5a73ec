// The path by Crossplane as a whole: an xMachine for each slot, Crossplane's core, provider-http
// and EC2 behind its gateway. The provider asks by writing xMachines and learns by reading them. A
// machine comes of the pool that its slot prefers, and of the group's first type: a Request has one
// body. Source: provisioning-paths.md 1.4.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "sim/events/facts.h"
#include "sim/paths/crossplane/config.h"
#include "sim/paths/crossplane/ec2_gateway.h"
#include "sim/paths/crossplane/managed_controller.h"
#include "sim/paths/crossplane/xr_controller.h"
#include "sim/paths/kube/change_waits.h"
#include "sim/paths/provisioning_path.h"

namespace casim::sim {

class CrossplanePath final : public ProvisioningPath {
 public:
  struct Ports {  // all outlive it
    Kernel& kernel;
    const Random& random;
    ec2::Api& api;
    FactSink& facts;
  };

  // `cluster`: of the tags of its machines.
  CrossplanePath(Ports ports, CrossplaneConfig config, std::string cluster, std::string image_id);

  std::unique_ptr<provider::Machines> make_machines() override;
  void adopt(const ec2::Instance& instance) override;
  void start() override;
  void stop() override;

  // --- for the provider's end
  const CrossplaneConfig& config() const { return config_; }

  Clock& clock() { return ports_.kernel.clock(Phase::kWorld); }

  XMachineStore& machines() { return machines_; }

  ChangeWaits& waits() { return waits_; }

  // A request of the provider to the management cluster.
  Awaitable<void> request(std::uint64_t object) {
    return provider_kube_.request(object, provider_kube_.requests());
  }

  std::optional<std::uint32_t> find(const std::string& token) const;
  std::uint32_t order(XMachine machine);
  // Deletes it, if it is still there.
  void remove(std::uint32_t key);

  const ManagedStore& requests() const { return requests_; }

  ManagedController& http_controller() { return controller_; }

 private:
  void plan_restart();
  void note_stuck(std::uint32_t request, const Managed& before, const Managed& after);
  void free_when_stuck(std::uint32_t request, const Managed& object);

  Ports ports_;
  CrossplaneConfig config_;
  XMachineStore machines_;
  ManagedStore requests_;
  KubeClient provider_kube_;
  KubeClient core_kube_;
  KubeClient http_kube_;
  XrController xrs_;
  Ec2Gateway gateway_;
  RequestClient client_;
  ReconcileGate gate_;
  ManagedController controller_;
  ChangeWaits waits_;
  std::map<std::string, std::uint32_t> by_token_;
  std::map<std::uint32_t, WallTime> awaits_operator_;  // by request: the mark it is stuck at
  EventHandle next_restart_;
  std::uint64_t restarts_ = 0;
};

}  // namespace casim::sim
