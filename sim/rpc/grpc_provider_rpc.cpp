#include "sim/rpc/grpc_provider_rpc.h"

#include "sim/rpc/convert.h"
#include "sim/rpc/k8s_objects.h"
#include "sim/rpc/rpc_state.h"

namespace casim::sim {
std::unexpected<Error> past_deadline() {
  return failure(ErrorCode::kDeadlineExceeded, "context deadline exceeded");
}

Outgoing GrpcProviderRpc::State::prepare(RpcMethod method, RpcContext context,
                                         std::string_view group, Duration latency) {
  Outgoing call;
  const TimePoint now = kernel.now();
  call.method = method;
  call.deadline = context.deadline;
  call.latency = latency;
  call.fault = conditions.find(method, group, now);
  if (call.fault != nullptr && call.fault->latency) call.latency = *call.fault->latency;
  if (call.fault != nullptr) call.latency += call.fault->delay_of(method, group, now);
  call.due = call.fault != nullptr && call.fault->drop ? kTimeNever : now + call.latency;
  if (is_mutation(method)) call.id = terms.next_call_id(context.loop);
  return call;
}

// Makes the call on its terms. OK: the reply stands in `made`.
Awaitable<Result<void>> GrpcProviderRpc::State::send(Outgoing call, ClientCall* made) {
  ++counts[call.method].wire;
  if (call.deadline <= kernel.now()) co_return fail(call, past_deadline());
  const RpcCondition* fault = call.fault;
  if (fault != nullptr && !fault->applied && (fault->code || fault->drop)) {
    Result<void> answer;
    if (fault->code) answer = failure(*fault->code, "injected fault");
    answer = co_await deliver(call, std::move(answer));
    if (!answer && !call.is_late()) fail(call, std::unexpected(answer.error()));
    co_return answer;
  }
  const ClientCall::Terms on{.latency = call.latency,
                             .deadline = call.deadline,
                             .dropped = fault != nullptr && fault->drop,
                             .id = call.id};
  co_await made->exchange(on);
  if (made->is_past_deadline()) co_return fail(call, past_deadline());
  if (fault != nullptr && fault->code) {
    co_return fail(call, failure(*fault->code, "injected fault"));
  }
  if (!made->status().ok()) co_return fail(call, to_failure(made->status()));
  co_return Result<void>();
}

GrpcProviderRpc::GrpcProviderRpc(Ports ports, GrpcRpcConfig config)
    : state_(std::make_unique<State>(ports, std::move(config))) {}

GrpcProviderRpc::~GrpcProviderRpc() {
  try {
    state_->kernel.settle();
  } catch (...) {
    // A task's last words. Whatever ended the run has been reported already.
  }
  // A call that still is somebody's is better lost than dangling.
  if (!state_->wire.is_quiet()) static_cast<void>(state_.release());
}

const RpcCounts& GrpcProviderRpc::counts() const { return state_->counts; }

ProviderRpc::Reply<double> GrpcProviderRpc::pricing_node_price(RpcContext context, NodePtr node,
                                                               WallTime start, WallTime end) {
  State& s = *state_;
  const Outgoing call = s.prepare(RpcMethod::kPricingNodePrice, context, {},
                                  [&node] { return hash_bytes(node->name); });
  auto made = s.wire.node_price.take();
  write_node(*node, *made->request.mutable_node());
  write_timestamp(start, *made->request.mutable_starttimestamp());
  write_timestamp(end, *made->request.mutable_endtimestamp());
  const Result<void> sent = co_await s.send(call, made.get());
  if (!sent) co_return std::unexpected(sent.error());
  co_return made->reply.price();
}

ProviderRpc::Reply<double> GrpcProviderRpc::pricing_pod_price(RpcContext context, PodSpecPtr pod,
                                                              WallTime start, WallTime end) {
  State& s = *state_;
  const Outgoing call = s.prepare(RpcMethod::kPricingPodPrice, context, {},
                                  [&pod] { return hash_bytes(pod->name_prefix); });
  auto made = s.wire.pod_price.take();
  made->request.set_pod_bytes(encode_pod(*pod));
  write_timestamp(start, *made->request.mutable_starttimestamp());
  write_timestamp(end, *made->request.mutable_endtimestamp());
  const Result<void> sent = co_await s.send(call, made.get());
  if (!sent) co_return std::unexpected(sent.error());
  co_return made->reply.price();
}

ProviderRpc::Reply<void> GrpcProviderRpc::cleanup(RpcContext context) {
  State& s = *state_;
  const Outgoing call =
      s.prepare(RpcMethod::kCleanup, context, {}, [] { return std::uint64_t{0}; });
  auto made = s.wire.cleanup.take();
  co_return co_await s.send(call, made.get());
}

ProviderRpc::Reply<void> GrpcProviderRpc::refresh(RpcContext context) {
  State& s = *state_;
  const Outgoing call =
      s.prepare(RpcMethod::kRefresh, context, {}, [] { return std::uint64_t{0}; });
  auto made = s.wire.refresh.take();
  co_return co_await s.send(call, made.get());
}

ProviderRpc::Reply<void> GrpcProviderRpc::increase_size(RpcContext context, std::string group,
                                                        int delta) {
  State& s = *state_;
  const Outgoing call =
      s.prepare(RpcMethod::kIncreaseSize, context, group, [&group] { return hash_bytes(group); });
  auto made = s.wire.increase_size.take();
  made->request.set_id(group);
  made->request.set_delta(delta);
  co_return co_await s.send(call, made.get());
}

ProviderRpc::Reply<void> GrpcProviderRpc::delete_nodes(RpcContext context, std::string group,
                                                       std::vector<NodePtr> nodes) {
  State& s = *state_;
  const auto hash = [&group, &nodes] {
    std::uint64_t all = hash_bytes(group);
    for (const NodePtr& node : nodes) all = hash_bytes(node->name, all);
    return all;
  };
  const Outgoing call = s.prepare(RpcMethod::kDeleteNodes, context, group, hash);
  auto made = s.wire.delete_nodes.take();
  made->request.set_id(group);
  made->request.clear_nodes();
  for (const NodePtr& node : nodes) write_node(*node, *made->request.add_nodes());
  co_return co_await s.send(call, made.get());
}

ProviderRpc::Reply<void> GrpcProviderRpc::decrease_target_size(RpcContext context,
                                                               std::string group, int delta) {
  State& s = *state_;
  const Outgoing call = s.prepare(RpcMethod::kDecreaseTargetSize, context, group,
                                  [&group] { return hash_bytes(group); });
  auto made = s.wire.decrease_target_size.take();
  made->request.set_id(group);
  made->request.set_delta(delta);
  co_return co_await s.send(call, made.get());
}

}  // namespace casim::sim
