// Between the messages of the contract and the provider's own types, in all wire versions.
// Source: externalgrpc.md 1.2, 1.3.
#pragma once

#include <grpcpp/support/status.h>

#include "src/core/result.h"
#include "src/core/time.h"
#include "src/proto/externalgrpc.pb.h"
#include "src/provider/types.h"

namespace casim::server {

namespace pb = ::clusterautoscaler::cloudprovider::v1::externalgrpc;

grpc::StatusCode status_code_of(ErrorCode code);  // same numbers; Kubernetes' conflict: ABORTED
grpc::Status to_status(const Error& error);       // with its message

// OK where there is a value.
template <class T>
grpc::Status to_status(const Result<T>& result) {
  return result ? grpc::Status::OK : to_status(result.error());
}

provider::NodeRef to_node_ref(const pb::ExternalGrpcNode& node);
// Without labels and annotations, of which there are many: what names the node.
provider::NodeRef name_of_node(const pb::ExternalGrpcNode& node);
// Each writes into a message that is clear.
void write_group(const provider::GroupConfig& group, pb::NodeGroup& out);
void write_instance(const provider::Instance& instance, pb::Instance& out);
// Durations in both forms: metav1's nanoseconds and protobuf's own.
void write_options(const provider::GroupOptions& options, pb::NodeGroupAutoscalingOptions& out);

// The newer pair of fields where it is there, else the older one, else the epoch.
struct TimeSpan {
  WallTime start{};
  WallTime end{};
};

TimeSpan span_of(const pb::PricingNodePriceRequest& request);
TimeSpan span_of(const pb::PricingPodPriceRequest& request);

}  // namespace casim::server
