// Zonal volumes of a scenario: where those that are there from the start are, where others may be,
// and what cannot be.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/cluster/claim_zones.h"
#include "sim/scenario/scenario.h"
#include "sim/workloads/volume_claims.h"
#include "src/config/document.h"
#include "src/config/problems.h"

namespace casim::sim {

std::vector<VolumeClaimTemplate> resolve_claims(const StatefulSetWorkload& set,
                                                const Scenario& scenario);

// Where the claims that the pod names have their volumes from the start; empty: none has one.
std::string volume_zone_of(const PodTemplate& pod, const Scenario& scenario);

// The claims that have their volumes from the start, with the zones of these.
std::map<ClaimKey, std::string> resolve_bound_claims(const Scenario& scenario);

void check_volumes(const Scenario& scenario, const config::Document& document,
                   config::Problems& problems);

}  // namespace casim::sim
