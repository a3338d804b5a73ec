#include "src/server/method.h"

namespace casim::server {

std::string_view name_of(Method method) {
  switch (method) {
    case Method::kNodeGroups:
      return "NodeGroups";
    case Method::kNodeGroupForNode:
      return "NodeGroupForNode";
    case Method::kPricingNodePrice:
      return "PricingNodePrice";
    case Method::kPricingPodPrice:
      return "PricingPodPrice";
    case Method::kGpuLabel:
      return "GPULabel";
    case Method::kGetAvailableGpuTypes:
      return "GetAvailableGPUTypes";
    case Method::kCleanup:
      return "Cleanup";
    case Method::kRefresh:
      return "Refresh";
    case Method::kTargetSize:
      return "NodeGroupTargetSize";
    case Method::kIncreaseSize:
      return "NodeGroupIncreaseSize";
    case Method::kDeleteNodes:
      return "NodeGroupDeleteNodes";
    case Method::kDecreaseTargetSize:
      return "NodeGroupDecreaseTargetSize";
    case Method::kNodes:
      return "NodeGroupNodes";
    case Method::kTemplateNodeInfo:
      return "NodeGroupTemplateNodeInfo";
    case Method::kGetOptions:
      return "NodeGroupGetOptions";
  }
  return "?";
}

}  // namespace casim::server
