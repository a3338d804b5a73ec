// What a pod of several containers occupies. Source: component-helpers/resource PodRequests,
// KEP-753 (sidecars).
#pragma once

#include <vector>

#include "src/core/quantity.h"

namespace casim::sim {

struct InitContainer {
  Resources requests;
  bool restarts_always = false;  // a sidecar: runs beside the containers
};

// `containers`: the sum of the ordinary ones. Sidecars add to it; any other init container counts
// only as far as its own turn, with the sidecars started before it, needs more.
Resources effective_requests(const Resources& containers, const std::vector<InitContainer>& inits);

}  // namespace casim::sim
