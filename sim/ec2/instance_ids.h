// Instance ids of a request, turned into numbers of the fleet. Source: ec2.md 1.4.
#pragma once

#include <cstdint>
#include <string>

#include "sim/ec2/fleet.h"
#include "src/ec2/attempt.h"

namespace casim::sim {

// The number of a visible instance. Errors: InvalidInstanceID.Malformed,
// InvalidInstanceID.NotFound.
ec2::Attempt<std::uint64_t> instance_named(Fleet& fleet, const std::string& instance_id);

}  // namespace casim::sim
