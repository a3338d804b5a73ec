// Kubernetes objects as bytes, as far as the autoscaler sends and reads them.
// Source: externalgrpc.md 1.4, 1.5.
#pragma once

#include <string>
#include <string_view>

#include "sim/cluster/objects.h"
#include "src/core/result.h"

namespace casim::sim {

std::string encode_pod(const PodSpec& spec);

// INTERNAL: not a node, or a quantity that is none, on which the real client refuses the whole.
Result<Node> decode_node(std::string_view bytes);

}  // namespace casim::sim
