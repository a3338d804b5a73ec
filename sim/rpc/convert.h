// Between the autoscaler's structs and the messages of the contract, as CA 1.35 and later writes
// and reads them (the newer fields only).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <grpcpp/support/status.h>

#include "sim/autoscaler/cloudprovider/provider_rpc.h"
#include "src/core/result.h"
#include "src/proto/externalgrpc.pb.h"

namespace casim::sim {

namespace pb = ::clusterautoscaler::cloudprovider::v1::externalgrpc;

// Requires: not OK.
std::unexpected<Error> to_failure(const grpc::Status& status);

void write_node(const Node& node, pb::ExternalGrpcNode& out);
void write_options(const RpcOptions& options, pb::NodeGroupAutoscalingOptions& out);
void write_timestamp(WallTime time, google::protobuf::Timestamp& out);

RpcNodeGroup read_group(const pb::NodeGroup& group);
std::vector<RpcNodeGroup> read_groups(const pb::NodeGroupsResponse& reply);
RpcOptions read_options(const pb::NodeGroupAutoscalingOptions& options);
std::vector<std::string> read_gpu_types(const pb::GetAvailableGPUTypesResponse& reply);
// RESOURCE_EXHAUSTED above the 4 MiB that the real client takes (externalgrpc.md 2.1).
Result<std::vector<RpcInstance>> read_instances(const pb::NodeGroupNodesResponse& reply);

}  // namespace casim::sim
