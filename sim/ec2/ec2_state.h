// What EC2 holds of one account in one Region, and what its actions ask: instances with their
// pools, quotas and client tokens, the time, the conditions.
#pragma once

#include <set>
#include <string>

#include "sim/ec2/call_times.h"
#include "sim/ec2/conditions.h"
#include "sim/ec2/config.h"
#include "sim/ec2/fleet.h"
#include "sim/ec2/fleet_tokens.h"
#include "sim/ec2/network.h"
#include "sim/ec2/pages.h"
#include "sim/ec2/pools.h"
#include "sim/ec2/reservations.h"
#include "sim/ec2/spot_market.h"
#include "sim/ec2/supply.h"
#include "sim/events/facts.h"
#include "sim/kernel/kernel.h"
#include "src/core/random.h"

namespace casim::sim {

// Handed to the function of each action.
struct Ec2State {
  // All references outlive it.
  Ec2State(Kernel& kernel_of_world, const Random& randomness, FactSink& facts, Ec2Config given,
           const Ec2Conditions& conditions_of_world);
  Ec2State(const Ec2State&) = delete;
  Ec2State& operator=(const Ec2State&) = delete;

  Kernel& kernel;
  const Random& random;
  const Ec2Conditions& conditions;
  const Ec2Config config;
  CallTimes times;
  InstancePools pools;
  Supply supply;
  LaunchReservations reservations;
  Network network;
  PageTokens pages;
  FleetTokens fleets;
  std::set<std::string> being_tagged;  // ids of CreateTags calls under way
  Fleet fleet;
  SpotMarket spot_market;
};

}  // namespace casim::sim
