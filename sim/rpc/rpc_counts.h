// How many calls were made of each method, and how many of them needed no wire.
#pragma once

#include <array>
#include <cstdint>
#include <map>

#include "sim/autoscaler/cloudprovider/provider_rpc.h"
#include "src/core/result.h"

namespace casim::sim {

struct RpcCount {
  std::uint64_t wire = 0;
  std::uint64_t memo = 0;
  // What the caller heard, which is not what the server did: a deadline that passed, a fault in
  // between. UNIMPLEMENTED is an answer like others.
  std::map<ErrorCode, std::uint64_t> failed{};

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
