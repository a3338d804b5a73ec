#include "sim/ec2/ec2_state.h"

#include <utility>

namespace casim::sim {

Ec2State::Ec2State(Kernel& kernel_of_world, const Random& randomness, FactSink& facts,
                   Ec2Config given, const Ec2Conditions& conditions_of_world)
    : kernel(kernel_of_world),
      random(randomness),
      conditions(conditions_of_world),
      config(std::move(given)),
      times(random, config.latency.slow_mode),
      pools(config),
      supply(random, config.capacity.shortages),
      reservations(config.idempotency_ttl),
      network(config),
      fleets(config.idempotency_ttl),
      fleet(kernel, random, facts, config, conditions, network, reservations),
      spot_market(kernel, random, config.spot, fleet) {
  fleet.subscribe(spot_market);
}

}  // namespace casim::sim
