// What the scenario says of the way from the provider to machines, nodes and credentials, wired:
// the controllers of the path, Rancher's registration, what EC2 makes of the credentials.
#pragma once

#include <memory>

#include "sim/apiserver/api_server.h"
#include "sim/cluster/watch.h"
#include "sim/events/facts.h"
#include "sim/faults/boot_condition_set.h"
#include "sim/faults/ec2_condition_set.h"
#include "sim/kernel/kernel.h"
#include "sim/paths/provisioning_path.h"
#include "sim/scenario/scenario.h"
#include "src/core/random.h"
#include "src/ec2/api.h"

namespace casim::sim {

// The controllers outlive the provider, whose end of them is a new one after each restart.
class PathProcess : private Watcher {
 public:
  struct Ports {  // all outlive it
    Kernel& kernel;
    const Random& random;
    ec2::Api& ec2;
    Ec2ConditionSet& ec2_conditions;  // take what holds for the whole run
    BootConditionSet& boot_conditions;
    FactSink& facts;
  };

  PathProcess(const Scenario& scenario, Ports ports);
  PathProcess(const PathProcess&) = delete;
  PathProcess& operator=(const PathProcess&) = delete;
  // Stops it, if nobody did (tear_down.h).
  ~PathProcess() override;

  // Null: the provider calls EC2 itself.
  ProvisioningPath* find() const { return path_.get(); }

  // Machines that are there from the start are known to it.
  void start(ApiServer& api, const std::vector<ec2::Instance>& machines);
  // The end of the world. Requires: the kernel runs no more events; settles it.
  void stop();

 private:
  void on_watch(const WatchEvent& event) override;

  Kernel& kernel_;
  std::unique_ptr<ProvisioningPath> path_;
};

}  // namespace casim::sim
