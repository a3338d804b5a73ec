#include "src/server/probe.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <stdexcept>

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>

#include "src/proto/externalgrpc.grpc.pb.h"
#include "src/proto/k8s.pb.h"
#include "src/server/reply_size.h"
#include "src/server/socket_guard.h"

namespace casim::server {
namespace {

namespace pb = ::clusterautoscaler::cloudprovider::v1::externalgrpc;
using Stub = pb::CloudProvider::Stub;
using grpc::StatusCode;

constexpr std::int64_t kTimeoutMs = 5000;  // the autoscaler's grpc_timeout

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::shared_ptr<grpc::Channel> open_channel(const ProbeTarget& target) {
  grpc::ChannelArguments arguments;
  if (target.ca.empty()) {
    return grpc::CreateCustomChannel(target.address, grpc::InsecureChannelCredentials(), arguments);
  }
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = read_file(target.ca);
  if (!target.certificate.empty()) tls.pem_cert_chain = read_file(target.certificate);
  if (!target.key.empty()) tls.pem_private_key = read_file(target.key);
  return grpc::CreateCustomChannel(target.address, grpc::SslCredentials(tls), arguments);
}

const char* name_of(StatusCode code) {
  switch (code) {
    case StatusCode::OK:
      return "OK";
    case StatusCode::DEADLINE_EXCEEDED:
      return "DEADLINE_EXCEEDED";
    case StatusCode::NOT_FOUND:
      return "NOT_FOUND";
    case StatusCode::UNAVAILABLE:
      return "UNAVAILABLE";
    case StatusCode::UNIMPLEMENTED:
      return "UNIMPLEMENTED";
    default:
      return "an error";
  }
}

class Probe {
 public:
  explicit Probe(const ProbeTarget& target)
      : target_(target), stub_(pb::CloudProvider::NewStub(open_channel(target))) {}

  ProbeReport run() {
    if (check_groups()) {
      for (const pb::NodeGroup& group : groups_.nodegroups()) check_group(group);
      check_strangers();
      check_rest();
      say("slowest call",
          fmt::format("{:.1f} ms; a quiet autoscaler loop makes some 5 calls a node", slowest_ms_));
    }
    note_surroundings();
    return std::move(report_);
  }

 private:
  // One call with the autoscaler's deadline.
  template <class Request, class Reply>
  grpc::Status call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                    const Request& request, Reply& reply) {
    grpc::ClientContext context;
    const gpr_timespec from = gpr_now(GPR_CLOCK_MONOTONIC);
    context.set_deadline(
        gpr_time_add(gpr_now(GPR_CLOCK_REALTIME), gpr_time_from_millis(kTimeoutMs, GPR_TIMESPAN)));
    const grpc::Status status = (stub_.get()->*method)(&context, request, &reply);
    const gpr_timespec took = gpr_time_sub(gpr_now(GPR_CLOCK_MONOTONIC), from);
    slowest_ms_ = std::max(slowest_ms_, gpr_timespec_to_micros(took) / 1000);
    return status;
  }

  void say(std::string_view what, std::string_view text) {
    report_.lines.push_back(fmt::format("ok    {}: {}", what, text));
  }

  void blame(std::string_view what, std::string_view text) {
    report_.is_well = false;
    report_.lines.push_back(fmt::format("WRONG {}: {}", what, text));
  }

  void note(std::string_view text) { report_.lines.push_back(fmt::format("note  {}", text)); }

  // Something in between that answers HTTP looks like a method that is left out.
  bool is_foreign(const grpc::Status& status) const {
    return status.error_message().find("http2 header with status") != std::string::npos ||
           (status.error_code() == StatusCode::UNIMPLEMENTED &&
            status.error_message().find("node group") == std::string::npos);
  }

  bool require(std::string_view what, const grpc::Status& status) {
    if (status.ok()) return true;
    blame(what, fmt::format("{}: {}", name_of(status.error_code()), status.error_message()));
    if (is_foreign(status)) {
      blame(what,
            "this is not the provider's own answer: something between it and here (an ingress, a "
            "proxy, another server) speaks HTTP. The autoscaler takes an HTTP 404 for \"not "
            "implemented\" and silently uses defaults");
    }
    return false;
  }

  // Of a method that may be left out.
  bool is_offered(std::string_view what, const grpc::Status& status) {
    if (status.error_code() == StatusCode::UNIMPLEMENTED && !is_foreign(status)) return false;
    return require(what, status);
  }

  bool check_groups() {
    if (!require("NodeGroups", call(&Stub::NodeGroups, pb::NodeGroupsRequest(), groups_))) {
      return false;
    }
    std::set<std::string> ids;
    for (const pb::NodeGroup& group : groups_.nodegroups()) {
      if (group.id().empty() || !ids.insert(group.id()).second) {
        blame("NodeGroups", "an id is empty or stands twice");
      }
      if (group.minsize() < 0 || group.maxsize() < group.minsize()) {
        blame(group.id(), "minSize and maxSize are not in order");
      }
    }
    if (ids.empty()) blame("NodeGroups", "there are none: the autoscaler would do nothing");
    say("NodeGroups", fmt::format("{} groups", ids.size()));
    return true;
  }

  void check_group(const pb::NodeGroup& group) {
    pb::NodeGroupTargetSizeRequest size_request;
    size_request.set_id(group.id());
    pb::NodeGroupTargetSizeResponse size;
    if (!require(group.id() + " TargetSize",
                 call(&Stub::NodeGroupTargetSize, size_request, size))) {
      return;
    }
    pb::NodeGroupNodesRequest nodes_request;
    nodes_request.set_id(group.id());
    pb::NodeGroupNodesResponse nodes;
    if (!require(group.id() + " Nodes", call(&Stub::NodeGroupNodes, nodes_request, nodes))) return;
    const int counted = check_instances(group, nodes);
    if (counted != size.targetsize()) {
      blame(group.id(),
            fmt::format("target {} but {} instances that count", size.targetsize(), counted));
    }
    if (nodes.ByteSizeLong() >= kReplyWarning) {
      blame(group.id(), fmt::format("NodeGroupNodes answers {} bytes; the autoscaler's client "
                                    "refuses more than {}",
                                    nodes.ByteSizeLong(), kReplyLimit));
    }
    check_template(group.id());
    check_options(group.id());
    say(group.id(), fmt::format("target {}, {} instances, {} to {}", size.targetsize(),
                                nodes.instances_size(), group.minsize(), group.maxsize()));
  }

  // Those that count in the target.
  int check_instances(const pb::NodeGroup& group, const pb::NodeGroupNodesResponse& nodes) {
    int counted = 0;
    std::set<std::string> ids;
    for (const pb::Instance& instance : nodes.instances()) {
      if (!ids.insert(instance.id()).second) blame(group.id(), "lists an instance twice");
      const auto state = instance.status().instancestate();
      if (state == pb::InstanceStatus::unspecified) {
        blame(group.id(), instance.id() + " has no state: its errors would be dropped");
      }
      if (state != pb::InstanceStatus::instanceDeleting) ++counted;
      if (owner_of(instance.id()) != group.id()) {
        blame(group.id(), "NodeGroupForNode does not know " + instance.id());
      }
    }
    return counted;
  }

  // As the autoscaler asks about an instance without a node, which is no join.
  std::string owner_of(const std::string& provider_id) {
    pb::NodeGroupForNodeRequest request;
    request.mutable_node()->set_providerid(provider_id);
    request.mutable_node()->set_name(provider_id);
    (*request.mutable_node()->mutable_annotations())["k8s.io/cluster-autoscaler/fake-node-reason"] =
        "unregistered";
    pb::NodeGroupForNodeResponse reply;
    if (!require("NodeGroupForNode", call(&Stub::NodeGroupForNode, request, reply))) return "";
    return reply.nodegroup().id();
  }

  void check_template(const std::string& group) {
    pb::NodeGroupTemplateNodeInfoRequest request;
    request.set_id(group);
    pb::NodeGroupTemplateNodeInfoResponse reply;
    const std::string what = group + " TemplateNodeInfo";
    const grpc::Status status = call(&Stub::NodeGroupTemplateNodeInfo, request, reply);
    if (!is_offered(what, status)) {
      if (status.error_code() == StatusCode::UNIMPLEMENTED) {
        note(group + " has no template: it is not scaled up from zero nodes");
      }
      return;
    }
    k8s::Node node;
    if (reply.nodebytes().empty() || !node.ParseFromString(reply.nodebytes())) {
      blame(what, "an OK without a node makes the autoscaler panic");
      return;
    }
    const auto& allocatable = node.status().allocatable();
    for (const char* resource : {"cpu", "memory", "pods"}) {
      if (!allocatable.contains(resource)) {
        blame(what, fmt::format("allocatable has no {}: no pod fits", resource));
      }
    }
  }

  void check_options(const std::string& group) {
    pb::NodeGroupAutoscalingOptionsRequest request;
    request.set_id(group);
    request.mutable_defaults();
    pb::NodeGroupAutoscalingOptionsResponse reply;
    if (!is_offered(group + " GetOptions", call(&Stub::NodeGroupGetOptions, request, reply)))
      return;
    if (reply.has_nodegroupautoscalingoptions()) {
      note(group +
           " sends options: autoscalers from 1.35 on then take 0 for max-node-startup-time, and "
           "booting nodes count as unready (issue 10245)");
    }
  }

  void check_strangers() {
    if (!owner_of("aws:///nowhere-1a/i-0").empty()) {
      blame("NodeGroupForNode", "an instance that is nobody's belongs to a group");
    }
    pb::NodeGroupTargetSizeRequest request;
    request.set_id("casim-probe-no-such-group");
    pb::NodeGroupTargetSizeResponse reply;
    const grpc::Status status = call(&Stub::NodeGroupTargetSize, request, reply);
    if (status.ok()) blame("TargetSize", "a group that is not there has a size");
    if (status.error_code() == StatusCode::UNIMPLEMENTED) require("TargetSize", status);
  }

  void check_rest() {
    pb::GPULabelResponse label;
    if (require("GPULabel", call(&Stub::GPULabel, pb::GPULabelRequest(), label))) {
      say("GPULabel", label.label());
    }
    pb::GetAvailableGPUTypesResponse types;
    require("GetAvailableGPUTypes",
            call(&Stub::GetAvailableGPUTypes, pb::GetAvailableGPUTypesRequest(), types));
    pb::RefreshResponse refreshed;
    require("Refresh", call(&Stub::Refresh, pb::RefreshRequest(), refreshed));
  }

  void note_surroundings() {
    if (unix_path_of(target_.address)) return;
    const std::string host = target_.address.substr(0, target_.address.rfind(':'));
    if (!target_.proxy.empty()) {
      note(
          "HTTPS_PROXY is set here: an autoscaler with the same environment sends its gRPC, "
          "plaintext too, through it");
    }
    note(
        fmt::format("if the autoscaler's environment has HTTPS_PROXY, its NO_PROXY must name {} "
                    "itself or a suffix of it; a range of addresses does not count for a name",
                    host));
    note(
        "the autoscaler's client has no keepalive: if the connection falls silent (a frozen "
        "process, a proxy that keeps its side open) every call runs into its deadline until the "
        "autoscaler restarts. Run the provider beside it, best on a Unix socket");
  }

  const ProbeTarget target_;
  std::unique_ptr<Stub> stub_;
  pb::NodeGroupsResponse groups_;
  ProbeReport report_;
  double slowest_ms_ = 0;
};

}  // namespace

ProbeReport probe(const ProbeTarget& target) { return Probe(target).run(); }

}  // namespace casim::server
