// The infrastructure provider of Cluster API on EC2: makes an instance for each infrastructure
// object, reports it once it runs, and takes it down. Looks for an instance of its own before it
// launches one. Each call is one attempt; what fails is tried again by the queue's backoff. Source:
// provisioning-paths.md 2.1 step 5, 2.2, 2.5.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/paths/cluster_api/cluster_api_state.h"
#include "sim/paths/queue/reconcile_loop.h"
#include "src/core/clock.h"
#include "src/core/id.h"
#include "src/ec2/api.h"

namespace casim::sim {

// What the machines of a set are made of.
struct InfraTemplate {
  std::string group;
  std::string type;
  std::string zone;  // where the object names none
  ec2::Lifecycle lifecycle = ec2::Lifecycle::kOnDemand;
};

struct Ec2InfraConfig {
  std::string cluster;
  std::string image_id;
  bool client_token = true;
};

class Ec2Infra {
 public:
  struct Ports {  // all outlive it
    ClusterApiState& state;
    ec2::Api& api;
    std::function<InfraTemplate(std::uint32_t set)> template_of;
    // Of the Machine's token; none: it is nobody's.
    std::function<SlotId(const std::string& token)> slot_of;
  };

  Ec2Infra(Ports ports, Ec2InfraConfig config);

  ReconcileLoop& loop() { return loop_; }

 private:
  Awaitable<RoundEnd> round(std::uint32_t key);
  Awaitable<RoundEnd> make(std::uint32_t key, const InfraMachineObject& infra,
                           const MachineObject& machine);
  Awaitable<RoundEnd> look(std::uint32_t key, const InfraMachineObject& infra);
  Awaitable<RoundEnd> take_down(std::uint32_t key, const InfraMachineObject& infra);
  Awaitable<ec2::Attempt<ec2::InstanceList>> describe(ec2::DescribeInstancesRequest request);
  Awaitable<RoundEnd> note_made(std::uint32_t key, const ec2::Instance& instance);
  Awaitable<RoundEnd> note_failure(std::uint32_t key, const ec2::AttemptError& error);

  Ports ports_;
  Ec2InfraConfig config_;
  ReconcileLoop loop_;
};

}  // namespace casim::sim
