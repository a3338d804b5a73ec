// Kubernetes objects as bytes, as far as the provider needs them. Source: externalgrpc.md 1.4, 1.5.
#pragma once

#include <string>
#include <string_view>

#include "src/core/quantity.h"
#include "src/core/result.h"
#include "src/provider/types.h"

namespace casim::server {

// A core/v1 Node as a group's nodes will look; the same bytes for the same template.
std::string encode_node(const std::string& name, const provider::NodeTemplate& node_template);

// What a core/v1 Pod requests, by the scheduler's rule: the larger of the running containers (with
// sidecars) and each init container with the sidecars before it, plus overhead; pods = 1.
// INVALID_ARGUMENT: not a pod, or a quantity that is none.
Result<Resources> decode_pod_requests(std::string_view bytes);

}  // namespace casim::server
