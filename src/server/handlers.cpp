#include "src/server/handlers.h"

#include <utility>

#include "src/server/k8s_codec.h"

namespace casim::server {

using provider::GroupConfig;
using provider::NodeRef;

Handlers::Answer Handlers::answer(const pb::NodeGroupsRequest&, pb::NodeGroupsResponse& reply) {
  for (const GroupConfig& group : provider_.groups()) write_group(group, *reply.add_nodegroups());
  return grpc::Status::OK;
}

// Unknown nodes get an empty group and never an error: one error for one node stops all scaling
// (externalgrpc.md 4.9).
Handlers::Answer Handlers::answer(const pb::NodeGroupForNodeRequest& request,
                                  pb::NodeGroupForNodeResponse& reply) {
  const NodeRef node = name_of_node(request.node());
  // By its annotations it may be none after all: that is looked at where it matters.
  if (provider_.is_first_join(node) && provider_.is_first_join(to_node_ref(request.node()))) {
    return std::nullopt;
  }
  pb::NodeGroup& out = *reply.mutable_nodegroup();
  if (const GroupConfig* group = provider_.find_group(node)) write_group(*group, out);
  return grpc::Status::OK;
}

Handlers::Answer Handlers::answer(const pb::PricingNodePriceRequest& request,
                                  pb::PricingNodePriceResponse& reply) {
  const TimeSpan span = span_of(request);
  const NodeRef node = to_node_ref(request.node());
  const Result<double> price = provider_.node_price(node, span.start, span.end);
  if (price) reply.set_price(*price);
  return to_status(price);
}

Handlers::Answer Handlers::answer(const pb::PricingPodPriceRequest& request,
                                  pb::PricingPodPriceResponse& reply) {
  const std::string& bytes = request.has_pod_bytes() ? request.pod_bytes() : request.pod();
  const Result<Resources> requests = decode_pod_requests(bytes);
  if (!requests) return to_status(requests);
  const TimeSpan span = span_of(request);
  const Result<double> price = provider_.pod_price(*requests, span.start, span.end);
  if (price) reply.set_price(*price);
  return to_status(price);
}

Handlers::Answer Handlers::answer(const pb::GPULabelRequest&, pb::GPULabelResponse& reply) {
  reply.set_label(provider_.gpu_label());
  return grpc::Status::OK;
}

Handlers::Answer Handlers::answer(const pb::GetAvailableGPUTypesRequest&,
                                  pb::GetAvailableGPUTypesResponse& reply) {
  for (const std::string& type : provider_.gpu_types()) (*reply.mutable_gputypes())[type];
  return grpc::Status::OK;
}

// The provider outlives any one autoscaler: there is nothing to clean up for one that stops.
Handlers::Answer Handlers::answer(const pb::CleanupRequest&, pb::CleanupResponse&) {
  return grpc::Status::OK;
}

Handlers::Answer Handlers::answer(const pb::NodeGroupTargetSizeRequest& request,
                                  pb::NodeGroupTargetSizeResponse& reply) {
  const Result<int> size = provider_.target_size(request.id());
  if (size) reply.set_targetsize(*size);
  return to_status(size);
}

Handlers::Answer Handlers::answer(const pb::NodeGroupNodesRequest& request,
                                  pb::NodeGroupNodesResponse& reply) {
  const auto instances = provider_.nodes(request.id());
  if (!instances) return to_status(instances);
  reply.mutable_instances()->Reserve(static_cast<int>(instances->size()));
  for (const provider::Instance& instance : *instances) {
    write_instance(instance, *reply.add_instances());
  }
  return grpc::Status::OK;
}

// The same bytes in the older field, a message there, and in the newer one. A template that is
// missing is an error: an empty answer makes the autoscaler's process panic (externalgrpc.md 1.3).
Handlers::Answer Handlers::answer(const pb::NodeGroupTemplateNodeInfoRequest& request,
                                  pb::NodeGroupTemplateNodeInfoResponse& reply) {
  auto cached = template_bytes_.find(request.id());
  if (cached == template_bytes_.end()) {
    const Result<provider::NodeTemplate> found = provider_.template_node(request.id());
    if (!found) return to_status(found);
    std::string bytes = encode_node(request.id() + "-template", *found);
    cached = template_bytes_.emplace(request.id(), std::move(bytes)).first;
  }
  reply.set_nodeinfo(cached->second);
  reply.set_nodebytes(cached->second);
  return grpc::Status::OK;
}

Handlers::Answer Handlers::answer(const pb::NodeGroupAutoscalingOptionsRequest& request,
                                  pb::NodeGroupAutoscalingOptionsResponse& reply) {
  const Result<provider::GroupOptions> options = provider_.options(request.id());
  if (options) write_options(*options, *reply.mutable_nodegroupautoscalingoptions());
  return to_status(options);
}

Awaitable<grpc::Status> Handlers::handle(const pb::NodeGroupForNodeRequest& request,
                                         pb::NodeGroupForNodeResponse& reply, CallId id) {
  NodeRef node = to_node_ref(request.node());
  const Result<const GroupConfig*> group = co_await provider_.group_for_node(std::move(node), id);
  if (!group) co_return to_status(group);
  pb::NodeGroup& out = *reply.mutable_nodegroup();
  if (*group != nullptr) write_group(**group, out);
  co_return grpc::Status::OK;
}

Awaitable<grpc::Status> Handlers::handle(const pb::RefreshRequest&, pb::RefreshResponse&,
                                         CallId id) {
  const Result<void> done = co_await provider_.refresh(id);
  co_return to_status(done);
}

Awaitable<grpc::Status> Handlers::handle(const pb::NodeGroupIncreaseSizeRequest& request,
                                         pb::NodeGroupIncreaseSizeResponse&, CallId id) {
  const Result<void> done = co_await provider_.increase_size(request.id(), request.delta(), id);
  co_return to_status(done);
}

Awaitable<grpc::Status> Handlers::handle(const pb::NodeGroupDecreaseTargetSizeRequest& request,
                                         pb::NodeGroupDecreaseTargetSizeResponse&, CallId id) {
  const Result<void> done =
      co_await provider_.decrease_target_size(request.id(), request.delta(), id);
  co_return to_status(done);
}

Awaitable<grpc::Status> Handlers::handle(const pb::NodeGroupDeleteNodesRequest& request,
                                         pb::NodeGroupDeleteNodesResponse&, CallId id) {
  std::vector<NodeRef> nodes;
  nodes.reserve(static_cast<std::size_t>(request.nodes_size()));
  for (const pb::ExternalGrpcNode& node : request.nodes()) nodes.push_back(to_node_ref(node));
  const Result<void> done = co_await provider_.delete_nodes(request.id(), std::move(nodes), id);
  co_return to_status(done);
}

}  // namespace casim::server
