// What stands between the provider and EC2 other than the provider's own calls: controllers with a
// life of their own, which the provider's Machines port leads to. They outlive the provider.
#pragma once

#include <memory>
#include <string>

#include "src/ec2/types.h"
#include "src/provider/ports.h"

namespace casim::sim {

class ProvisioningPath {
 public:
  virtual ~ProvisioningPath() = default;

  // For one life of the provider, which it ends before.
  virtual std::unique_ptr<provider::Machines> make_machines() = 0;

  // Before the start: a machine that is there and has joined.
  virtual void adopt(const ec2::Instance& instance) = 0;
  virtual void start() = 0;
  // The end of the world: no round lives once the kernel was settled.
  virtual void stop() = 0;

  // Nodes of the workload cluster, as its API server shows them.
  virtual void on_node(const std::string& /*provider_id*/, bool /*is_ready*/) {}

  virtual void on_node_gone(const std::string& /*provider_id*/) {}
};

}  // namespace casim::sim
