// Names of parameters that EC2 takes and nothing here depends on. Those that would change what is
// launched, or where, are not among them: they are refused rather than ignored. Source: EC2's own
// API reference.
#pragma once

#include <span>

#include "src/ec2/query/fields.h"

namespace casim::ec2::query {

std::span<const OtherParameter> other_parameters_of_run_instances();
std::span<const OtherParameter> other_parameters_of_network_interfaces();  // of a RunInstances
std::span<const OtherParameter> other_parameters_of_create_fleet();
std::span<const OtherParameter> other_parameters_of_fleet_overrides();

}  // namespace casim::ec2::query
