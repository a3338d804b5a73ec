#include "sim/autoscaler/cloudprovider/group_options.h"

namespace casim::sim {

RpcOptions request_of(const NodeGroupOptions& defaults) {
  RpcOptions request;
  request.scale_down_utilization_threshold = defaults.scale_down_utilization_threshold;
  request.scale_down_gpu_utilization_threshold = defaults.scale_down_gpu_utilization_threshold;
  request.scale_down_unneeded_time = defaults.scale_down_unneeded_time;
  request.scale_down_unready_time = defaults.scale_down_unready_time;
  request.max_node_provision_time = defaults.max_node_provision_time;
  request.zero_or_max_node_scaling = defaults.zero_or_max_node_scaling;
  request.ignore_daemonsets_utilization = defaults.ignore_daemonsets_utilization;
  return request;
}

Result<NodeGroupOptions> options_of(const Result<std::optional<RpcOptions>>& reply,
                                    const NodeGroupOptions& defaults) {
  if (!reply) {
    if (reply.error().code == ErrorCode::kUnimplemented) return defaults;
    return std::unexpected(reply.error());
  }
  if (!reply->has_value()) return defaults;
  const RpcOptions& set = **reply;
  NodeGroupOptions options;
  options.scale_down_utilization_threshold = set.scale_down_utilization_threshold;
  options.scale_down_gpu_utilization_threshold = set.scale_down_gpu_utilization_threshold;
  options.scale_down_unneeded_time = set.scale_down_unneeded_time;
  options.scale_down_unready_time = set.scale_down_unready_time;
  options.max_node_provision_time = set.max_node_provision_time;
  options.max_node_startup_time = Duration{};
  options.zero_or_max_node_scaling = set.zero_or_max_node_scaling;
  options.ignore_daemonsets_utilization = set.ignore_daemonsets_utilization;
  return options;
}

}  // namespace casim::sim
