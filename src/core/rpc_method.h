// The 15 calls of the externalgrpc contract, in the order of its table (externalgrpc.md 1.1).
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace casim {

enum class RpcMethod : std::uint8_t {
  kNodeGroups,
  kNodeGroupForNode,
  kPricingNodePrice,
  kPricingPodPrice,
  kGpuLabel,
  kGetAvailableGpuTypes,
  kCleanup,
  kRefresh,
  kTargetSize,
  kIncreaseSize,
  kDeleteNodes,
  kDecreaseTargetSize,
  kNodes,
  kTemplateNodeInfo,
  kGetOptions,
};

inline constexpr int kRpcMethodCount = 15;

std::string_view name_of(RpcMethod method);  // "NodeGroupIncreaseSize", as on the wire

// All of them with their names: how a configuration spells them.
std::vector<std::pair<RpcMethod, std::string_view>> enum_names(RpcMethod);

// Orders something of the provider. Refresh and Cleanup order nothing; a NodeGroupForNode may have
// an effect (a first join) and is not counted here.
constexpr bool is_mutation(RpcMethod method) {
  switch (method) {
    case RpcMethod::kIncreaseSize:
    case RpcMethod::kDeleteNodes:
    case RpcMethod::kDecreaseTargetSize:
      return true;
    default:
      return false;
  }
}

}  // namespace casim
