// What each call does, on the messages of the contract. answer() is for what can be said at once:
// reads are lookups. Where it says nothing, handle() is awaited. One object per attached provider.
#pragma once

#include <map>
#include <optional>
#include <string>

#include <grpcpp/support/status.h>

#include "src/core/asio.h"
#include "src/core/id.h"
#include "src/proto/externalgrpc.grpc.pb.h"
#include "src/provider/provider.h"
#include "src/server/convert.h"

namespace casim::server {

class Handlers {
 public:
  using Answer = std::optional<grpc::Status>;  // none: handle() will

  // The provider outlives it.
  explicit Handlers(provider::Provider& provider) : provider_(provider) {}

  provider::Provider& provider() const { return provider_; }

  // Into a clear reply.
  Answer answer(const pb::NodeGroupsRequest& request, pb::NodeGroupsResponse& reply);
  Answer answer(const pb::NodeGroupForNodeRequest& request, pb::NodeGroupForNodeResponse& reply);
  Answer answer(const pb::PricingNodePriceRequest& request, pb::PricingNodePriceResponse& reply);
  Answer answer(const pb::PricingPodPriceRequest& request, pb::PricingPodPriceResponse& reply);
  Answer answer(const pb::GPULabelRequest& request, pb::GPULabelResponse& reply);
  Answer answer(const pb::GetAvailableGPUTypesRequest& request,
                pb::GetAvailableGPUTypesResponse& reply);
  Answer answer(const pb::CleanupRequest& request, pb::CleanupResponse& reply);
  Answer answer(const pb::NodeGroupTargetSizeRequest& request,
                pb::NodeGroupTargetSizeResponse& reply);
  Answer answer(const pb::NodeGroupNodesRequest& request, pb::NodeGroupNodesResponse& reply);
  Answer answer(const pb::NodeGroupTemplateNodeInfoRequest& request,
                pb::NodeGroupTemplateNodeInfoResponse& reply);
  Answer answer(const pb::NodeGroupAutoscalingOptionsRequest& request,
                pb::NodeGroupAutoscalingOptionsResponse& reply);

  // The calls with an effect.
  template <class Request, class Reply>
  Answer answer(const Request&, Reply&) {
    return std::nullopt;
  }

  // Request and reply outlive the task.
  Awaitable<grpc::Status> handle(const pb::NodeGroupForNodeRequest& request,
                                 pb::NodeGroupForNodeResponse& reply, CallId id);
  Awaitable<grpc::Status> handle(const pb::RefreshRequest& request, pb::RefreshResponse& reply,
                                 CallId id);
  Awaitable<grpc::Status> handle(const pb::NodeGroupIncreaseSizeRequest& request,
                                 pb::NodeGroupIncreaseSizeResponse& reply, CallId id);
  Awaitable<grpc::Status> handle(const pb::NodeGroupDecreaseTargetSizeRequest& request,
                                 pb::NodeGroupDecreaseTargetSizeResponse& reply, CallId id);
  Awaitable<grpc::Status> handle(const pb::NodeGroupDeleteNodesRequest& request,
                                 pb::NodeGroupDeleteNodesResponse& reply, CallId id);

 private:
  provider::Provider& provider_;
  // A group's template never changes while the provider runs; by group.
  std::map<std::string, std::string, std::less<>> template_bytes_;
};

}  // namespace casim::server
