// What a fault can reach: the parts of a world that it may act on, and when.
#pragma once

#include <functional>
#include <string_view>

#include "sim/apiserver/api_server.h"
#include "sim/ec2/ec2_model.h"
#include "sim/events/facts.h"
#include "sim/faults/boot_condition_set.h"
#include "sim/faults/ec2_condition_set.h"
#include "sim/faults/process_outages.h"
#include "sim/faults/spell.h"
#include "sim/kernel/kernel.h"
#include "sim/kubelet/node_life.h"
#include "sim/rpc/rpc_conditions.h"
#include "src/core/random.h"

namespace casim::sim {

struct FaultTargets {  // all outlive the run
  Kernel& kernel;
  const Random& random;
  FactSink& facts;
  ApiServer& api;
  ProcessOutages& provider;
  RecoveringProcess& autoscaler;
  RpcConditions& rpc;  // between the autoscaler and the provider
  Ec2Model& ec2;
  Ec2ConditionSet& ec2_conditions;
  bool client_corrects_clock = false;  // the provider's client of EC2
  NodeLife& nodes;
  BootConditionSet& boot_conditions;
  // Told of each spell as soon as it is known; may be empty.
  std::function<void(std::string_view kind, const Spell& spell)> on_spell = {};
};

}  // namespace casim::sim
