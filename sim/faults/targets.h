// What a fault can reach: the parts of a world that it may act on, and when.
#pragma once

#include "sim/apiserver/api_server.h"
#include "sim/ec2/ec2_model.h"
#include "sim/events/facts.h"
#include "sim/faults/boot_condition_set.h"
#include "sim/faults/ec2_condition_set.h"
#include "sim/faults/process_outages.h"
#include "sim/kernel/kernel.h"
#include "sim/kubelet/node_life.h"
#include "sim/rpc/rpc_conditions.h"
#include "src/core/random.h"

namespace casim::sim {

// EC2 alone, without a cluster. All outlive the run.
struct Ec2FaultTargets {
  Kernel& kernel;
  const Random& random;
  FactSink& facts;
  Ec2Model& ec2;
  Ec2ConditionSet& ec2_conditions;
};

struct FaultTargets : Ec2FaultTargets {
  ApiServer& api;
  ProcessOutages& provider;
  RecoveringProcess& autoscaler;
  RpcConditions& rpc;                  // between the autoscaler and the provider
  bool client_corrects_clock = false;  // the provider's client of EC2
  NodeLife& nodes;
  BootConditionSet& boot_conditions;
};

}  // namespace casim::sim
