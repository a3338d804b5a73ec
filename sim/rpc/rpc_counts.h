// How many calls were made of each method, and how many of them needed no wire.
#pragma once

#include <array>
#include <cstdint>

#include "sim/autoscaler/cloudprovider/provider_rpc.h"

namespace casim::sim {

struct RpcCount {
  std::uint64_t wire = 0;
  std::uint64_t memo = 0;

  bool operator==(const RpcCount&) const = default;
};

struct RpcCounts {
  std::array<RpcCount, kRpcMethodCount> by_method{};

  RpcCount& operator[](RpcMethod method) { return by_method[static_cast<std::size_t>(method)]; }

  const RpcCount& operator[](RpcMethod method) const {
    return by_method[static_cast<std::size_t>(method)];
  }
};

}  // namespace casim::sim
