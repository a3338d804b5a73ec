// The 15 calls of the contract, in the order of its table (externalgrpc.md 1.1).
#pragma once

#include <cstdint>
#include <string_view>

namespace casim::server {

enum class Method : std::uint8_t {
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

inline constexpr int kMethodCount = 15;

std::string_view name_of(Method method);  // "NodeGroupIncreaseSize", as on the wire

// Changes something at the provider. A NodeGroupForNode may (a first join) and is not counted here.
constexpr bool is_mutation(Method method) {
  switch (method) {
    case Method::kCleanup:
    case Method::kRefresh:
    case Method::kIncreaseSize:
    case Method::kDeleteNodes:
    case Method::kDecreaseTargetSize:
      return true;
    default:
      return false;
  }
}

}  // namespace casim::server
