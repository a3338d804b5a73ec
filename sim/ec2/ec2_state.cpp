#include "sim/ec2/ec2_state.h"

#include <utility>

namespace casim::sim {

Ec2State::Ec2State(Kernel& kernel_of_world, const Random& random, FactSink& facts, Ec2Config given,
                   const Ec2Conditions& conditions_of_world)
    : kernel(kernel_of_world),
      conditions(conditions_of_world),
      config(std::move(given)),
      times(random, config.latency.slow_mode),
      pools(config),
      supply(random, config.capacity.shortages),
      reservations(config.idempotency_ttl),
      fleet(kernel, random, facts, config, conditions, reservations) {}

}  // namespace casim::sim
