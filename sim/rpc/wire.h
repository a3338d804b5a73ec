// One stub, and the call objects of each method.
#pragma once

#include <memory>

#include "sim/rpc/client_call.h"
#include "src/proto/externalgrpc.grpc.pb.h"

namespace casim::sim {

namespace pb = ::clusterautoscaler::cloudprovider::v1::externalgrpc;

struct Wire {
  using Stub = pb::CloudProvider::Stub;

  Wire(Kernel& k, InProcess& c) : kernel(k), connection(c), stub(c.channel()) {}

  // No call is in flight or waited for.
  bool is_quiet() const {
    return node_groups.is_unused() && node_group_for_node.is_unused() && node_price.is_unused() &&
           pod_price.is_unused() && gpu_label.is_unused() && gpu_types.is_unused() &&
           cleanup.is_unused() && refresh.is_unused() && target_size.is_unused() &&
           increase_size.is_unused() && delete_nodes.is_unused() &&
           decrease_target_size.is_unused() && nodes.is_unused() && template_node.is_unused() &&
           options.is_unused();
  }

  Kernel& kernel;
  InProcess& connection;
  Stub stub;
  CallPool<&Stub::AsyncNodeGroups> node_groups{kernel, connection, stub};
  CallPool<&Stub::AsyncNodeGroupForNode> node_group_for_node{kernel, connection, stub};
  CallPool<&Stub::AsyncPricingNodePrice> node_price{kernel, connection, stub};
  CallPool<&Stub::AsyncPricingPodPrice> pod_price{kernel, connection, stub};
  CallPool<&Stub::AsyncGPULabel> gpu_label{kernel, connection, stub};
  CallPool<&Stub::AsyncGetAvailableGPUTypes> gpu_types{kernel, connection, stub};
  CallPool<&Stub::AsyncCleanup> cleanup{kernel, connection, stub};
  CallPool<&Stub::AsyncRefresh> refresh{kernel, connection, stub};
  CallPool<&Stub::AsyncNodeGroupTargetSize> target_size{kernel, connection, stub};
  CallPool<&Stub::AsyncNodeGroupIncreaseSize> increase_size{kernel, connection, stub};
  CallPool<&Stub::AsyncNodeGroupDeleteNodes> delete_nodes{kernel, connection, stub};
  CallPool<&Stub::AsyncNodeGroupDecreaseTargetSize> decrease_target_size{kernel, connection, stub};
  CallPool<&Stub::AsyncNodeGroupNodes> nodes{kernel, connection, stub};
  CallPool<&Stub::AsyncNodeGroupTemplateNodeInfo> template_node{kernel, connection, stub};
  CallPool<&Stub::AsyncNodeGroupGetOptions> options{kernel, connection, stub};
};

}  // namespace casim::sim
