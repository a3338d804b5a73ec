#include "sim/rpc/convert.h"

#include <algorithm>
#include <utility>

namespace casim::sim {
namespace {

constexpr std::size_t kMostReplyBytes = 4 << 20;

Duration duration_of(const google::protobuf::Duration& duration) {
  return std::chrono::seconds(duration.seconds()) + std::chrono::nanoseconds(duration.nanos());
}

template <class Stamp>  // Duration and Timestamp have the same fields
void write_seconds(Duration value, Stamp& out) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(value);
  out.set_seconds(whole.count());
  out.set_nanos(static_cast<std::int32_t>((value - whole).count()));
}

}  // namespace

std::unexpected<Error> to_failure(const grpc::Status& status) {
  return failure(static_cast<ErrorCode>(status.error_code()), status.error_message());
}

void write_node(const Node& node, pb::ExternalGrpcNode& out) {
  out.set_providerid(node.provider_id);
  out.set_name(node.name);
  auto& labels = *out.mutable_labels();
  labels.clear();
  labels.insert(node.labels.begin(), node.labels.end());
  auto& annotations = *out.mutable_annotations();
  annotations.clear();
  annotations.insert(node.annotations.begin(), node.annotations.end());
}

void write_options(const RpcOptions& options, pb::NodeGroupAutoscalingOptions& out) {
  out.set_scaledownutilizationthreshold(options.scale_down_utilization_threshold);
  out.set_scaledowngpuutilizationthreshold(options.scale_down_gpu_utilization_threshold);
  out.set_zeroormaxnodescaling(options.zero_or_max_node_scaling);
  out.set_ignoredaemonsetsutilization(options.ignore_daemonsets_utilization);
  write_seconds(options.scale_down_unneeded_time, *out.mutable_scaledownunneededduration());
  write_seconds(options.scale_down_unready_time, *out.mutable_scaledownunreadyduration());
  write_seconds(options.max_node_provision_time, *out.mutable_maxnodeprovisionduration());
}

void write_timestamp(WallTime time, google::protobuf::Timestamp& out) {
  write_seconds(time.time_since_epoch(), out);
}

RpcNodeGroup read_group(const pb::NodeGroup& group) {
  return {group.id(), group.minsize(), group.maxsize(), group.debug()};
}

std::vector<RpcNodeGroup> read_groups(const pb::NodeGroupsResponse& reply) {
  std::vector<RpcNodeGroup> groups;
  groups.reserve(static_cast<std::size_t>(reply.nodegroups_size()));
  for (const pb::NodeGroup& group : reply.nodegroups()) groups.push_back(read_group(group));
  return groups;
}

RpcOptions read_options(const pb::NodeGroupAutoscalingOptions& options) {
  RpcOptions read;
  read.scale_down_utilization_threshold = options.scaledownutilizationthreshold();
  read.scale_down_gpu_utilization_threshold = options.scaledowngpuutilizationthreshold();
  read.scale_down_unneeded_time = duration_of(options.scaledownunneededduration());
  read.scale_down_unready_time = duration_of(options.scaledownunreadyduration());
  read.max_node_provision_time = duration_of(options.maxnodeprovisionduration());
  read.zero_or_max_node_scaling = options.zeroormaxnodescaling();
  read.ignore_daemonsets_utilization = options.ignoredaemonsetsutilization();
  return read;
}

std::vector<std::string> read_gpu_types(const pb::GetAvailableGPUTypesResponse& reply) {
  std::vector<std::string> types;
  for (const auto& [type, unused] : reply.gputypes()) types.push_back(type);
  std::ranges::sort(types);  // protobuf's order is anybody's guess
  return types;
}

Result<std::vector<RpcInstance>> read_instances(const pb::NodeGroupNodesResponse& reply) {
  if (reply.instances_size() > 10'000 && reply.ByteSizeLong() > kMostReplyBytes) {
    return failure(ErrorCode::kResourceExhausted,
                   "received message larger than max: " + std::to_string(reply.ByteSizeLong()));
  }
  std::vector<RpcInstance> instances;
  instances.reserve(static_cast<std::size_t>(reply.instances_size()));
  for (const pb::Instance& in : reply.instances()) {
    RpcInstance out{in.id(), RpcInstanceState::kUnspecified, std::nullopt};
    out.state = static_cast<RpcInstanceState>(in.status().instancestate());
    // Without a state the client drops the status, without a code the error (externalgrpc.md 2.6).
    const pb::InstanceErrorInfo& error = in.status().errorinfo();
    if (out.state != RpcInstanceState::kUnspecified && !error.errorcode().empty()) {
      out.error =
          RpcInstanceError{error.errorcode(), error.errormessage(), error.instanceerrorclass()};
    }
    instances.push_back(std::move(out));
  }
  return instances;
}

}  // namespace casim::sim
