#include "tests/fuzz/rpc_trial.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "src/provider/placeholder.h"
#include "src/server/handlers.h"
#include "tests/fuzz/choices.h"
#include "tests/provider/cloud_world.h"

namespace casim::fuzz {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

Awaitable<void> keep_status(Awaitable<grpc::Status> call,
                            std::shared_ptr<std::optional<grpc::Status>> out) {
  grpc::Status status = co_await std::move(call);
  *out = std::move(status);
}

class RpcTrial {
 public:
  RpcTrial(std::string_view bytes, RpcTally& tally) : choices_(bytes), tally_(tally) {
    world_.stop();
    world_.config.groups[1].options.emplace();
    world_.config.groups[1].node_template.labels[world_.config.gpu_label] = "t4";
    restart();
  }

  void run() {
    for (int steps = 0; steps < 24 && !choices_.is_spent(); ++steps) take_step();
  }

 private:
  void take_step();
  void restart();

  // The bytes of a request as the input has them, or a request that the input fills in: few bytes
  // reach far.
  template <class Request, class Reply>
  void call(const char* method) {
    Request request;
    if (choices_.below(4) == 0) {
      std::string bytes;
      for (std::size_t left = choices_.below(24); left > 0; --left) {
        bytes += static_cast<char>(choices_.below(256));
      }
      if (!request.ParseFromString(bytes)) {
        ++tally_.refused;
        return;
      }
    } else {
      fill(request, 0);
    }
    handle<Request, Reply>(method, request);
  }

  template <class Request, class Reply>
  void handle(const char* method, const Request& request) {
    world_.advance({});
    const std::vector<provider::Slot> before = world_.provider().slots();
    Reply reply;
    std::optional<grpc::Status> status = handlers_->answer(request, reply);
    if constexpr (requires { handlers_->handle(request, reply, CallId(1)); }) {
      if (!status) {
        const auto waiting = std::make_shared<std::optional<grpc::Status>>();
        spawn(world_.kernel.executor(),
              keep_status(handlers_->handle(request, reply, CallId(1)), waiting));
        world_.advance({});
        status = *waiting;
      }
    }
    if (!status) fail(std::string(method) + " has no answer");
    if (!status->ok() && world_.provider().slots() != before) {
      fail(std::string(method) + " failed and changed something");
    }
    if (const auto broken = world_.provider().broken_invariant()) fail(*broken);
    if (!Reply().ParseFromString(reply.SerializeAsString())) fail("a reply cannot be read");
    ++tally_.answers[{method, static_cast<int>(status->error_code())}];
  }

  void fill(Message& message, int depth);
  void fill(Message& message, const FieldDescriptor& field, int depth);
  std::string text();
  std::int64_t number();

  Choices choices_;
  RpcTally& tally_;
  provider::CloudWorld world_;
  std::optional<server::Handlers> handlers_;
};

void RpcTrial::restart() {
  std::vector<provider::Slot> before;
  if (handlers_) before = world_.provider().slots();
  const bool is_first = !handlers_;
  handlers_.reset();
  world_.crash();
  world_.start();
  handlers_.emplace(world_.provider());
  if (!is_first && world_.provider().slots() != before) fail("a restart has changed something");
}

void RpcTrial::take_step() {
  using namespace server::pb;
  switch (choices_.below(19)) {
    case 0:
      return call<NodeGroupsRequest, NodeGroupsResponse>("NodeGroups");
    case 1:
      return call<NodeGroupForNodeRequest, NodeGroupForNodeResponse>("NodeGroupForNode");
    case 2:
      return call<PricingNodePriceRequest, PricingNodePriceResponse>("PricingNodePrice");
    case 3:
      return call<PricingPodPriceRequest, PricingPodPriceResponse>("PricingPodPrice");
    case 4:
      return call<GPULabelRequest, GPULabelResponse>("GPULabel");
    case 5:
      return call<GetAvailableGPUTypesRequest, GetAvailableGPUTypesResponse>(
          "GetAvailableGPUTypes");
    case 6:
      return call<CleanupRequest, CleanupResponse>("Cleanup");
    case 7:
      return call<RefreshRequest, RefreshResponse>("Refresh");
    case 8:
      return call<NodeGroupTargetSizeRequest, NodeGroupTargetSizeResponse>("NodeGroupTargetSize");
    case 9:
      return call<NodeGroupDeleteNodesRequest, NodeGroupDeleteNodesResponse>(
          "NodeGroupDeleteNodes");
    case 10:
      return call<NodeGroupDecreaseTargetSizeRequest, NodeGroupDecreaseTargetSizeResponse>(
          "NodeGroupDecreaseTargetSize");
    case 11:
      return call<NodeGroupNodesRequest, NodeGroupNodesResponse>("NodeGroupNodes");
    case 12:
      return call<NodeGroupTemplateNodeInfoRequest, NodeGroupTemplateNodeInfoResponse>(
          "NodeGroupTemplateNodeInfo");
    case 13:
      return call<NodeGroupAutoscalingOptionsRequest, NodeGroupAutoscalingOptionsResponse>(
          "NodeGroupGetOptions");
    case 14:
      return restart();
    case 15:
      return world_.advance(std::array<Duration, 3>{std::chrono::milliseconds(1),
                                                    std::chrono::seconds(5),
                                                    std::chrono::minutes(11)}[choices_.below(3)]);
    case 16:
      return world_.store.fail_with(choices_.below(4) > 0
                                        ? std::nullopt
                                        : std::optional(Error{ErrorCode::kInternal, "no disk"}));
    default:  // without machines the others would say little
      return call<NodeGroupIncreaseSizeRequest, NodeGroupIncreaseSizeResponse>(
          "NodeGroupIncreaseSize");
  }
}

// Names that mean something here, or none.
std::string RpcTrial::text() {
  const std::vector<provider::Slot> slots = world_.provider().slots();
  const std::size_t which = choices_.below(8);
  if (which < 5 && which > 2 && !slots.empty()) {
    const provider::Slot& slot = slots[choices_.below(slots.size())];
    return which == 3 ? slot.provider_id
                      : provider::make_placeholder("us-east-1a", slot.group, slot.id);
  }
  constexpr std::array<const char*, 8> kTexts = {
      "a",
      "b-c",
      "",
      "aws:///us-east-1a/i-1",
      "aws:///z/i-placeholder-a-18446744073709551615",
      "cluster-autoscaler.kubernetes.io/fake-node-reason",
      "node.kubernetes.io/instance-type",
      "m6i.large"};
  if (which < 2) return kTexts.at(which);
  return kTexts.at(choices_.below(kTexts.size()));
}

std::int64_t RpcTrial::number() {
  constexpr std::array<std::int64_t, 8> kNumbers = {1,
                                                    -1,
                                                    3,
                                                    0,
                                                    1'700'000'000,
                                                    999'999'999,
                                                    std::numeric_limits<std::int64_t>::max(),
                                                    std::numeric_limits<std::int64_t>::min()};
  return kNumbers.at(choices_.below(kNumbers.size()));
}

void RpcTrial::fill(Message& message, int depth) {
  const auto* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor& field = *type->field(i);
    std::size_t times = choices_.below(4) == 0 ? 0 : 1;
    if (field.is_repeated()) times = choices_.below(3);
    for (; times > 0 && depth < 4; --times) fill(message, field, depth);
  }
}

void RpcTrial::fill(Message& message, const FieldDescriptor& field, int depth) {
  const auto* reflection = message.GetReflection();
  const bool adds = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return adds ? reflection->AddString(&message, &field, text())
                  : reflection->SetString(&message, &field, text());
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return fill(adds ? *reflection->AddMessage(&message, &field)
                       : *reflection->MutableMessage(&message, &field),
                  depth + 1);
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection->SetInt32(&message, &field, static_cast<std::int32_t>(number()));
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection->SetInt64(&message, &field, number());
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection->SetDouble(&message, &field, static_cast<double>(number()));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->SetBool(&message, &field, number() > 0);
    default:
      fail("a field of a kind that no request had: " + field.full_name());
  }
}

}  // namespace

void try_calls(std::string_view bytes, RpcTally& tally) { RpcTrial(bytes, tally).run(); }

}  // namespace casim::fuzz
