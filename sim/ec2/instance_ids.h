// Instance ids of a request, turned into numbers of the fleet. Source: ec2.md 1.4.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/ec2/fleet.h"
#include "src/ec2/attempt.h"

namespace casim::sim {

// The numbers of visible instances, each once, in the order of the ids. One id that is wrong is an
// error for all: InvalidInstanceID.Malformed, InvalidInstanceID.NotFound.
ec2::Attempt<std::vector<std::uint64_t>> instances_named(
    Fleet& fleet, const std::vector<std::string>& instance_ids);

// What an action does to instances: at least one id, at most 1000 (MissingParameter,
// InvalidParameterValue), and the above.
ec2::Attempt<std::vector<std::uint64_t>> instances_to_change(
    Fleet& fleet, const std::vector<std::string>& instance_ids);

}  // namespace casim::sim
