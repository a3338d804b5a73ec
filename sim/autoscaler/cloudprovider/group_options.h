// GetOptions' question and answer as the autoscaler's own settings of a group.
#pragma once

#include <optional>

#include "sim/autoscaler/cloudprovider/provider_rpc.h"
#include "sim/autoscaler/options/options.h"
#include "src/core/result.h"

namespace casim::sim {

RpcOptions request_of(const NodeGroupOptions& defaults);

// The defaults where the provider implements no options, or sets none.
Result<NodeGroupOptions> options_of(const Result<std::optional<RpcOptions>>& reply,
                                    const NodeGroupOptions& defaults);

}  // namespace casim::sim
