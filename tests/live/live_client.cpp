// A client of the provider's server, as a program of its own: live_client ADDRESS MODE
// [CA CERTIFICATE KEY], these PEM files for TLS.
//   contract: every call, with the newer fields by the generated stub and with the older ones byte
//             by byte; says what is wrong, line by line. Exit code 0: nothing.
//   all:      and a deadline that passes while a slow store commits.
//   order:    one IncreaseSize; prints its code.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "src/proto/externalgrpc.grpc.pb.h"
#include "src/proto/k8s.pb.h"

namespace {

namespace pb = ::clusterautoscaler::cloudprovider::v1::externalgrpc;
namespace k8s = ::casim::k8s;
using Bytes = std::string;

int problems = 0;

void check(bool holds, const std::string& what) {
  if (holds) return;
  ++problems;
  std::cout << "not so: " << what << std::endl;
}

std::string read_file(const char* path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// --- the wire by hand
Bytes varint(std::uint64_t value) {
  Bytes out;
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
  return out;
}

Bytes number_field(int field, std::uint64_t value) {
  return varint(static_cast<std::uint64_t>(field) << 3) + varint(value);
}

Bytes bytes_field(int field, const Bytes& value) {
  return varint(static_cast<std::uint64_t>(field) << 3 | 2) + varint(value.size()) + value;
}

// The fields of a message; a number as its own varint, doubles by their bytes.
std::multimap<int, Bytes> fields_of(const Bytes& message) {
  std::multimap<int, Bytes> fields;
  std::size_t at = 0;
  const auto next = [&] {
    std::uint64_t value = 0;
    for (int shift = 0; at < message.size(); shift += 7) {
      const auto byte = static_cast<unsigned char>(message[at++]);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < message.size()) {
    const std::uint64_t tag = next();
    const std::size_t begin = at;
    std::size_t size = 8;
    if ((tag & 7) == 0) {
      next();
      size = at - begin;
    } else if ((tag & 7) == 2) {
      size = next();
    }
    const std::size_t from = (tag & 7) == 0 ? begin : at;
    fields.emplace(static_cast<int>(tag >> 3), message.substr(from, size));
    at = from + size;
  }
  return fields;
}

struct RawReply {
  grpc::Status status;
  std::multimap<int, Bytes> fields;

  Bytes field(int number) const {
    const auto found = fields.find(number);
    return found == fields.end() ? Bytes() : found->second;
  }
};

RawReply raw_call(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                  const Bytes& request) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const grpc::Slice slice(request);
  const grpc::ByteBuffer buffer(&slice, 1);
  const std::string path = "/clusterautoscaler.cloudprovider.v1.externalgrpc.CloudProvider/";
  const auto call = stub.PrepareUnaryCall(&context, path + method, buffer, &queue);
  call->StartCall();
  grpc::ByteBuffer answer;
  RawReply reply;
  call->Finish(&answer, &reply.status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  std::vector<grpc::Slice> slices;
  Bytes text;
  if (reply.status.ok() && answer.Dump(&slices).ok()) {
    for (const grpc::Slice& each : slices) {
      text.append(reinterpret_cast<const char*>(each.begin()), each.size());
    }
  }
  reply.fields = fields_of(text);
  return reply;
}

// --- the calls
class Client {
 public:
  Client(const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials)
      : channel_(grpc::CreateChannel(address, credentials)),
        stub_(pb::CloudProvider::NewStub(channel_)) {}

  int order(int delta, std::chrono::milliseconds timeout) {
    pb::NodeGroupIncreaseSizeRequest request;
    request.set_id("a");
    request.set_delta(delta);
    pb::NodeGroupIncreaseSizeResponse reply;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::time_point(deadline_after(timeout)));
    return stub_->NodeGroupIncreaseSize(&context, request, &reply).error_code();
  }

  void check_contract() {
    check_groups();
    check_template_and_options();
    check_sizes();
    check_nodes();
    check_prices();
    check_rest();
  }

  // Reads are served while a mutation is under way, and a deadline does not undo what has begun.
  void check_deadline() {
    int code = -1;
    std::thread slow([&] { code = order(2, std::chrono::milliseconds(60)); });
    gpr_sleep_until(deadline_in(std::chrono::milliseconds(20)));
    check(target_size("a") == 0, "a is not raised before the commit");
    slow.join();
    check(code == grpc::StatusCode::DEADLINE_EXCEEDED, "a short deadline passes");
    for (int i = 0; i < 500 && target_size("a") != 2; ++i) {
      gpr_sleep_until(deadline_in(std::chrono::milliseconds(10)));
    }
    check(target_size("a") == 2, "and the order is carried out all the same");
  }

 private:
  static gpr_timespec deadline_in(std::chrono::milliseconds d) {
    return gpr_time_add(gpr_now(GPR_CLOCK_REALTIME), gpr_time_from_millis(d.count(), GPR_TIMESPAN));
  }

  static std::chrono::system_clock::duration deadline_after(std::chrono::milliseconds d) {
    const gpr_timespec at = deadline_in(d);
    return std::chrono::seconds(at.tv_sec) + std::chrono::nanoseconds(at.tv_nsec);
  }

  // One call by the stub; its code.
  template <class Request, class Reply>
  int call(grpc::Status (pb::CloudProvider::Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Reply*),
           const Request& request, Reply& reply) {
    grpc::ClientContext context;
    return (stub_.get()->*method)(&context, request, &reply).error_code();
  }

  int target_size(const std::string& group) {
    pb::NodeGroupTargetSizeRequest request;
    request.set_id(group);
    pb::NodeGroupTargetSizeResponse reply;
    const int code = call(&pb::CloudProvider::Stub::NodeGroupTargetSize, request, reply);
    return code == 0 ? reply.targetsize() : -code;
  }

  void check_groups() {
    pb::NodeGroupsResponse groups;
    check(call(&Stub::NodeGroups, pb::NodeGroupsRequest(), groups) == 0, "NodeGroups is OK");
    check(groups.nodegroups_size() == 2, "there are two groups");
    check(groups.nodegroups(0).id() == "a" && groups.nodegroups(0).maxsize() == 10, "a, max 10");
    check(target_size("nope") == -grpc::StatusCode::NOT_FOUND, "an unknown group is NOT_FOUND");
  }

  void check_template_and_options() {
    pb::NodeGroupTemplateNodeInfoRequest request;
    request.set_id("a");
    pb::NodeGroupTemplateNodeInfoResponse reply;
    check(call(&Stub::NodeGroupTemplateNodeInfo, request, reply) == 0, "TemplateNodeInfo is OK");
    k8s::Node node;
    check(node.ParseFromString(reply.nodebytes()), "nodeBytes holds a node");
    check(node.status().allocatable().at("cpu").string() == "2", "with 2 CPUs");
    const RawReply raw = raw_call(channel_, "NodeGroupTemplateNodeInfo", bytes_field(1, "a"));
    check(raw.status.ok() && !raw.field(1).empty(), "the older field 1 is there");
    check(raw.field(1) == raw.field(2), "and holds the same bytes as field 2");

    const Bytes defaults = bytes_field(2, bytes_field(3, number_field(1, 600'000'000'000)));
    const RawReply options =
        raw_call(channel_, "NodeGroupGetOptions", bytes_field(1, "a") + defaults);
    check(options.status.ok(), "GetOptions is OK where a group sets options");
    const auto set = fields_of(options.field(1));
    const auto nested = [&set](int field, int inner) {
      const auto found = set.find(field);
      if (found == set.end()) return Bytes("absent");
      const auto fields = fields_of(found->second);
      const auto value = fields.find(inner);
      return value == fields.end() ? Bytes("absent") : value->second;
    };
    check(nested(3, 1) == varint(90'000'000'000), "older unneeded time in ns");
    check(nested(5, 1) == varint(900'000'000'000), "older provision time in ns");
    check(nested(8, 1) == varint(90), "newer unneeded time in s");
    check(nested(10, 1) == varint(900), "newer provision time in s");
    pb::NodeGroupAutoscalingOptionsRequest unset;
    unset.set_id("b-c");
    pb::NodeGroupAutoscalingOptionsResponse none;
    check(call(&Stub::NodeGroupGetOptions, unset, none) == grpc::StatusCode::UNIMPLEMENTED,
          "GetOptions is UNIMPLEMENTED where it sets none");
  }

  void check_sizes() {
    check(target_size("b-c") == 0, "b-c is empty");
    const RawReply raised =
        raw_call(channel_, "NodeGroupIncreaseSize", number_field(1, 3) + bytes_field(2, "b-c"));
    check(raised.status.ok() && target_size("b-c") == 3, "IncreaseSize by 3");
    pb::NodeGroupIncreaseSizeRequest request;
    request.set_id("b-c");
    pb::NodeGroupIncreaseSizeResponse reply;
    check(call(&Stub::NodeGroupIncreaseSize, request, reply) == grpc::StatusCode::INVALID_ARGUMENT,
          "IncreaseSize by 0 is INVALID_ARGUMENT");
    request.set_delta(100);
    check(
        call(&Stub::NodeGroupIncreaseSize, request, reply) == grpc::StatusCode::FAILED_PRECONDITION,
        "IncreaseSize above the maximum is FAILED_PRECONDITION");
    const RawReply lowered = raw_call(
        channel_, "NodeGroupDecreaseTargetSize",
        number_field(1, static_cast<std::uint64_t>(std::int64_t{-1})) + bytes_field(2, "b-c"));
    check(lowered.status.ok() && target_size("b-c") == 2, "DecreaseTargetSize by 1");
  }

  void check_nodes() {
    pb::NodeGroupNodesRequest request;
    request.set_id("b-c");
    pb::NodeGroupNodesResponse nodes;
    // Launched in the background: placeholders turn into machines.
    for (int i = 0; i < 500; ++i) {
      check(call(&Stub::NodeGroupNodes, request, nodes) == 0, "NodeGroupNodes is OK");
      const bool are_machines = std::ranges::none_of(nodes.instances(), [](const auto& instance) {
        return instance.id().find("/i-placeholder-") != Bytes::npos;
      });
      if (nodes.instances_size() == 2 && are_machines) break;
      gpr_sleep_until(deadline_in(std::chrono::milliseconds(10)));
    }
    check(nodes.instances_size() == 2, "b-c lists two instances");
    check(nodes.instances(0).status().instancestate() == pb::InstanceStatus::instanceCreating,
          "which are being created");

    pb::NodeGroupForNodeRequest whose;
    whose.mutable_node()->set_providerid(nodes.instances(0).id());
    whose.mutable_node()->set_name("ip-10-0-0-1");
    (*whose.mutable_node()->mutable_labels())["zone"] = "a";
    pb::NodeGroupForNodeResponse group;
    check(call(&Stub::NodeGroupForNode, whose, group) == 0, "NodeGroupForNode is OK");
    check(group.nodegroup().id() == "b-c" && group.nodegroup().maxsize() == 10, "it is b-c");
    check(call(&Stub::NodeGroupNodes, request, nodes) == 0 &&
              nodes.instances(0).status().instancestate() == pb::InstanceStatus::instanceRunning,
          "a machine that joined is running");
    whose.mutable_node()->set_providerid("aws:///us-east-1a/i-foreign");
    check(call(&Stub::NodeGroupForNode, whose, group) == 0 && group.nodegroup().id().empty(),
          "a foreign node belongs to no group");

    pb::NodeGroupDeleteNodesRequest victims;
    victims.set_id("b-c");
    victims.add_nodes()->set_providerid(nodes.instances(0).id());
    pb::NodeGroupDeleteNodesResponse deleted;
    check(call(&Stub::NodeGroupDeleteNodes, victims, deleted) == 0 && target_size("b-c") == 1,
          "DeleteNodes lowers the target");
    node_id_ = nodes.instances(1).id();
  }

  void check_prices() {
    constexpr std::uint64_t kStart = 1'700'000'000;
    const Bytes times =
        bytes_field(2, number_field(1, kStart)) + bytes_field(3, number_field(1, kStart + 3600));
    const RawReply older =
        raw_call(channel_, "PricingNodePrice", bytes_field(1, bytes_field(1, node_id_)) + times);
    pb::PricingNodePriceRequest request;
    request.mutable_node()->set_providerid(node_id_);
    request.mutable_starttimestamp()->set_seconds(kStart);
    request.mutable_endtimestamp()->set_seconds(kStart + 3600);
    pb::PricingNodePriceResponse newer;
    check(call(&Stub::PricingNodePrice, request, newer) == 0, "PricingNodePrice is OK");
    check(newer.price() > 0.0959 && newer.price() < 0.0961, "an hour of b-c costs 0.096");
    check(as_double(older.field(1)) == newer.price(), "and the same with older times");

    k8s::Pod pod;
    (*pod.mutable_spec()->add_containers()->mutable_resources()->mutable_requests())["cpu"]
        .set_string("1");
    const RawReply with_message =
        raw_call(channel_, "PricingPodPrice", bytes_field(1, pod.SerializeAsString()) + times);
    pb::PricingPodPriceRequest ask;
    ask.set_pod_bytes(pod.SerializeAsString());
    *ask.mutable_starttimestamp() = request.starttimestamp();
    *ask.mutable_endtimestamp() = request.endtimestamp();
    pb::PricingPodPriceResponse price;
    check(call(&Stub::PricingPodPrice, ask, price) == 0 && price.price() > 0,
          "PricingPodPrice is OK");
    check(as_double(with_message.field(1)) == price.price(), "and the same with an older pod");
  }

  void check_rest() {
    pb::GPULabelResponse label;
    check(call(&Stub::GPULabel, pb::GPULabelRequest(), label) == 0 && !label.label().empty(),
          "GPULabel is OK");
    pb::GetAvailableGPUTypesResponse types;
    check(call(&Stub::GetAvailableGPUTypes, pb::GetAvailableGPUTypesRequest(), types) == 0,
          "GetAvailableGPUTypes is OK");
    pb::RefreshResponse refreshed;
    check(call(&Stub::Refresh, pb::RefreshRequest(), refreshed) == 0, "Refresh is OK");
    pb::CleanupResponse cleaned;
    check(call(&Stub::Cleanup, pb::CleanupRequest(), cleaned) == 0, "Cleanup is OK");
  }

  static double as_double(const Bytes& bytes) {
    double value = -1;
    if (bytes.size() == sizeof(value)) std::memcpy(&value, bytes.data(), sizeof(value));
    return value;
  }

  using Stub = pb::CloudProvider::Stub;

  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Stub> stub_;
  Bytes node_id_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 6) return 2;
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  if (argc == 6) {
    credentials = grpc::SslCredentials({.pem_root_certs = read_file(argv[3]),
                                        .pem_private_key = read_file(argv[5]),
                                        .pem_cert_chain = read_file(argv[4])});
  }
  Client client(argv[1], credentials);
  const std::string mode = argv[2];
  if (mode == "order") {
    std::cout << client.order(1, std::chrono::seconds(30)) << std::endl;
    return 0;
  }
  client.check_contract();
  if (mode == "all") client.check_deadline();
  return problems == 0 ? 0 : 1;
}
