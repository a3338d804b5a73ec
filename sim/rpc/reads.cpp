// The reads of GrpcProviderRpc: from the memo where it knows the answer, else over the wire.
#include <algorithm>
#include <cassert>
#include <limits>

#include "sim/rpc/convert.h"
#include "sim/rpc/k8s_objects.h"
#include "sim/rpc/rpc_state.h"

namespace casim::sim {

Awaitable<Result<std::vector<RpcNodeGroup>>> GrpcProviderRpc::State::wire_node_groups(
    Outgoing call) {
  auto made = wire.node_groups.take();
  const MemoState asked = ask(call);
  const Result<void> sent = co_await send(call, made.get());
  Result<std::vector<RpcNodeGroup>> answer;
  if (sent) {
    answer = read_groups(made->reply);
  } else {
    answer = std::unexpected(sent.error());
  }
  memo.put_node_groups(asked, answer);
  co_return answer;
}

ProviderRpc::Reply<std::vector<RpcNodeGroup>> GrpcProviderRpc::node_groups(RpcContext context) {
  State& s = *state_;
  const Outgoing call =
      s.prepare(RpcMethod::kNodeGroups, context, {}, [] { return std::uint64_t{0}; });
  if (s.asks_memo(call)) {
    if (const auto* hit = s.memo.node_groups()) {
      if (s.pass(call)) co_return *hit;
      auto answer = *hit;
      co_return co_await s.deliver(call, std::move(answer));
    }
  }
  co_return co_await s.wire_node_groups(call);
}

Awaitable<Result<std::optional<RpcNodeGroup>>> GrpcProviderRpc::State::wire_node_group_for_node(
    Outgoing call, NodePtr node) {
  auto made = wire.node_group_for_node.take();
  write_node(*node, *made->request.mutable_node());
  const MemoState asked = ask(call);
  const Result<void> sent = co_await send(call, made.get());
  Result<std::optional<RpcNodeGroup>> answer;
  if (!sent) {
    answer = std::unexpected(sent.error());
  } else if (!made->reply.nodegroup().id().empty()) {
    answer = read_group(made->reply.nodegroup());
  }
  memo.put_node(asked, *node, answer);
  co_return answer;
}

ProviderRpc::Reply<std::optional<RpcNodeGroup>> GrpcProviderRpc::node_group_for_node(
    RpcContext context, NodePtr node) {
  State& s = *state_;
  const Outgoing call = s.prepare(RpcMethod::kNodeGroupForNode, context, {},
                                  [&node] { return hash_bytes(node->name); });
  if (s.asks_memo(call)) {
    if (const auto* hit = s.memo.node_group_for_node(*node)) {
      if (s.pass(call)) co_return *hit;
      auto answer = *hit;
      co_return co_await s.deliver(call, std::move(answer));
    }
  }
  co_return co_await s.wire_node_group_for_node(call, std::move(node));
}

Awaitable<Result<std::string>> GrpcProviderRpc::State::wire_gpu_label(Outgoing call) {
  auto made = wire.gpu_label.take();
  const MemoState asked = ask(call);
  const Result<void> sent = co_await send(call, made.get());
  Result<std::string> answer;
  if (sent) {
    answer = made->reply.label();
  } else {
    answer = std::unexpected(sent.error());
  }
  memo.put_gpu_label(asked, answer);
  co_return answer;
}

ProviderRpc::Reply<std::string> GrpcProviderRpc::gpu_label(RpcContext context) {
  State& s = *state_;
  const Outgoing call =
      s.prepare(RpcMethod::kGpuLabel, context, {}, [] { return std::uint64_t{0}; });
  if (s.asks_memo(call)) {
    if (const auto* hit = s.memo.gpu_label()) {
      if (s.pass(call)) co_return *hit;
      auto answer = *hit;
      co_return co_await s.deliver(call, std::move(answer));
    }
  }
  co_return co_await s.wire_gpu_label(call);
}

Awaitable<Result<std::vector<std::string>>> GrpcProviderRpc::State::wire_gpu_types(Outgoing call) {
  auto made = wire.gpu_types.take();
  const MemoState asked = ask(call);
  const Result<void> sent = co_await send(call, made.get());
  Result<std::vector<std::string>> answer;
  if (sent) {
    answer = read_gpu_types(made->reply);
  } else {
    answer = std::unexpected(sent.error());
  }
  memo.put_gpu_types(asked, answer);
  co_return answer;
}

ProviderRpc::Reply<std::vector<std::string>> GrpcProviderRpc::get_available_gpu_types(
    RpcContext context) {
  State& s = *state_;
  const Outgoing call =
      s.prepare(RpcMethod::kGetAvailableGpuTypes, context, {}, [] { return std::uint64_t{0}; });
  if (s.asks_memo(call)) {
    if (const auto* hit = s.memo.gpu_types()) {
      if (s.pass(call)) co_return *hit;
      auto answer = *hit;
      co_return co_await s.deliver(call, std::move(answer));
    }
  }
  co_return co_await s.wire_gpu_types(call);
}

Awaitable<Result<int>> GrpcProviderRpc::State::wire_target_size(Outgoing call, std::string group) {
  auto made = wire.target_size.take();
  made->request.set_id(group);
  const MemoState asked = ask(call);
  const Result<void> sent = co_await send(call, made.get());
  Result<int> answer;
  if (sent) {
    answer = made->reply.targetsize();
  } else {
    answer = std::unexpected(sent.error());
  }
  memo.put_target_size(asked, group, answer);
  co_return wrong.target_size(call.fault, group, kernel.now(), std::move(answer));
}

ProviderRpc::Reply<int> GrpcProviderRpc::target_size(RpcContext context, std::string group) {
  State& s = *state_;
  const Outgoing call =
      s.prepare(RpcMethod::kTargetSize, context, group, [&group] { return hash_bytes(group); });
  if (s.asks_memo(call)) {
    if (const auto* hit = s.memo.target_size(group)) {
      s.wrong.note(group, call.due, *hit);
      if (s.pass(call)) co_return *hit;
      auto answer = *hit;
      co_return co_await s.deliver(call, std::move(answer));
    }
  }
  co_return co_await s.wire_target_size(call, std::move(group));
}

Awaitable<Result<std::vector<RpcInstance>>> GrpcProviderRpc::State::wire_nodes(Outgoing call,
                                                                               std::string group) {
  auto made = wire.nodes.take();
  made->request.set_id(group);
  const MemoState asked = ask(call);
  const Result<void> sent = co_await send(call, made.get());
  Result<std::vector<RpcInstance>> answer;
  if (sent) {
    answer = read_instances(made->reply);
  } else {
    answer = std::unexpected(sent.error());
  }
  memo.put_nodes(asked, group, answer);
  co_return wrong.nodes(call.fault, group, kernel.now(), std::move(answer));
}

ProviderRpc::Reply<std::vector<RpcInstance>> GrpcProviderRpc::nodes(RpcContext context,
                                                                    std::string group) {
  State& s = *state_;
  const Outgoing call =
      s.prepare(RpcMethod::kNodes, context, group, [&group] { return hash_bytes(group); });
  if (s.asks_memo(call)) {
    if (const auto* hit = s.memo.nodes(group)) {
      s.wrong.note(group, call.due, *hit);
      if (s.pass(call)) co_return *hit;
      auto answer = *hit;
      co_return co_await s.deliver(call, std::move(answer));
    }
  }
  co_return co_await s.wire_nodes(call, std::move(group));
}

Awaitable<Result<std::optional<Node>>> GrpcProviderRpc::State::wire_template(Outgoing call,
                                                                             std::string group) {
  auto made = wire.template_node.take();
  made->request.set_id(group);
  const MemoState asked = ask(call);
  const Result<void> sent = co_await send(call, made.get());
  Result<std::optional<Node>> answer;
  if (!sent) {
    answer = std::unexpected(sent.error());
  } else if (made->reply.has_nodebytes()) {
    answer = decode_node(made->reply.nodebytes());
  }
  memo.put_template(asked, group, answer);
  co_return answer;
}

ProviderRpc::Reply<std::optional<Node>> GrpcProviderRpc::template_node_info(RpcContext context,
                                                                            std::string group) {
  State& s = *state_;
  const Outgoing call = s.prepare(RpcMethod::kTemplateNodeInfo, context, group,
                                  [&group] { return hash_bytes(group); });
  if (s.asks_memo(call)) {
    if (const auto* hit = s.memo.template_node_info(group)) {
      if (s.pass(call)) co_return *hit;
      auto answer = *hit;
      co_return co_await s.deliver(call, std::move(answer));
    }
  }
  co_return co_await s.wire_template(call, std::move(group));
}

Awaitable<Result<std::optional<RpcOptions>>> GrpcProviderRpc::State::wire_options(
    Outgoing call, std::string group, RpcOptions defaults) {
  auto made = wire.options.take();
  made->request.set_id(group);
  write_options(defaults, *made->request.mutable_defaults());
  const MemoState asked = ask(call);
  const Result<void> sent = co_await send(call, made.get());
  Result<std::optional<RpcOptions>> answer;
  if (!sent) {
    answer = std::unexpected(sent.error());
  } else if (made->reply.has_nodegroupautoscalingoptions()) {
    answer = read_options(made->reply.nodegroupautoscalingoptions());
  }
  memo.put_options(asked, group, defaults, answer);
  co_return answer;
}

ProviderRpc::Reply<std::optional<RpcOptions>> GrpcProviderRpc::get_options(RpcContext context,
                                                                           std::string group,
                                                                           RpcOptions defaults) {
  State& s = *state_;
  const Outgoing call =
      s.prepare(RpcMethod::kGetOptions, context, group, [&group] { return hash_bytes(group); });
  if (s.asks_memo(call)) {
    if (const auto* hit = s.memo.get_options(group, defaults)) {
      if (s.pass(call)) co_return *hit;
      auto answer = *hit;
      co_return co_await s.deliver(call, std::move(answer));
    }
  }
  co_return co_await s.wire_options(call, std::move(group), defaults);
}

std::int64_t GrpcProviderRpc::most_in_a_row(RpcMethod method, RpcContext context) {
  State& s = *state_;
  if (!context.loop) return 0;  // each of those has a latency of its own
  const Outgoing call =
      s.prepare(method, context, {}, s.terms.latency_in_loop(method, context.loop));
  if (!s.asks_memo(call) || call.is_late()) return 0;
  const TimePoint last_end = s.free_time.free_until();
  if (last_end < call.due) return 0;
  const std::int64_t latency = call.latency.count();
  if (latency == 0) return std::numeric_limits<std::int64_t>::max();
  return (last_end - s.kernel.now()).count() / latency;
}

bool GrpcProviderRpc::is_undisturbed(RpcMethod method, RpcContext context, std::string_view group,
                                     std::int64_t n) {
  State& s = *state_;
  const TimePoint at = s.kernel.now() + n * s.terms.latency_in_loop(method, context.loop);
  return s.conditions.find(method, group, at) == nullptr;
}

const Result<std::optional<RpcNodeGroup>>* GrpcProviderRpc::known_node_group(const Node& node) {
  return state_->memo.node_group_for_node(node);
}

const Result<std::optional<RpcOptions>>* GrpcProviderRpc::known_options(
    const std::string& group, const RpcOptions& defaults) {
  return state_->memo.get_options(group, defaults);
}

void GrpcProviderRpc::make_in_a_row(RpcMethod method, RpcContext context, std::int64_t calls) {
  State& s = *state_;
  if (calls == 0) return;
  s.counts[method].memo += static_cast<std::uint64_t>(calls);
  const Duration latency = s.terms.latency_in_loop(method, context.loop);
  [[maybe_unused]] const bool is_free = s.kernel.try_advance_to(s.kernel.now() + calls * latency);
  assert(is_free);
}

}  // namespace casim::sim
