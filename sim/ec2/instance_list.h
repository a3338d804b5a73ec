// What the lists of instances have in common: those that are named, or page by page those that
// there are. Source: ec2.md 1.4.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/ec2/ec2_state.h"
#include "sim/ec2/pages.h"
#include "src/ec2/attempt.h"

namespace casim::sim {

// Ids and pages exclude each other: InvalidParameterCombination. Pages of 5 to 1000:
// InvalidParameterValue.
ec2::Attempt<void> check_instance_list(const std::vector<std::string>& instance_ids,
                                       const PageRequest& page);

// What a list makes of each instance, whose shape is as it shows.
struct ListedInstances {
  std::function<bool(const FleetInstance&, const ec2::Instance& shape)> match;
  std::function<void(const FleetInstance&, const ec2::Instance& shape)> take;  // into the reply
};

// In order of launch, until the page is full; answers the token of the next one, empty: there is
// none. Requires: ids and token passed their checks at this instant.
std::string list_instances(Ec2State& state, const std::vector<std::string>& instance_ids,
                           const PageRequest& page, const ListedInstances& listed);

}  // namespace casim::sim
