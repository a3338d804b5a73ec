#include "src/core/rpc_method.h"

namespace casim {

std::string_view name_of(RpcMethod method) {
  switch (method) {
    case RpcMethod::kNodeGroups:
      return "NodeGroups";
    case RpcMethod::kNodeGroupForNode:
      return "NodeGroupForNode";
    case RpcMethod::kPricingNodePrice:
      return "PricingNodePrice";
    case RpcMethod::kPricingPodPrice:
      return "PricingPodPrice";
    case RpcMethod::kGpuLabel:
      return "GPULabel";
    case RpcMethod::kGetAvailableGpuTypes:
      return "GetAvailableGPUTypes";
    case RpcMethod::kCleanup:
      return "Cleanup";
    case RpcMethod::kRefresh:
      return "Refresh";
    case RpcMethod::kTargetSize:
      return "NodeGroupTargetSize";
    case RpcMethod::kIncreaseSize:
      return "NodeGroupIncreaseSize";
    case RpcMethod::kDeleteNodes:
      return "NodeGroupDeleteNodes";
    case RpcMethod::kDecreaseTargetSize:
      return "NodeGroupDecreaseTargetSize";
    case RpcMethod::kNodes:
      return "NodeGroupNodes";
    case RpcMethod::kTemplateNodeInfo:
      return "NodeGroupTemplateNodeInfo";
    case RpcMethod::kGetOptions:
      return "NodeGroupGetOptions";
  }
  return "?";
}

std::vector<std::pair<RpcMethod, std::string_view>> enum_names(RpcMethod) {
  std::vector<std::pair<RpcMethod, std::string_view>> names;
  for (int i = 0; i < kRpcMethodCount; ++i) {
    const auto method = static_cast<RpcMethod>(i);
    names.emplace_back(method, name_of(method));
  }
  return names;
}

}  // namespace casim
