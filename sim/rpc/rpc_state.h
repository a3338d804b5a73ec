// How GrpcProviderRpc makes a call; its methods are spread over two files.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sim/kernel/free_time.h"
#include "sim/rpc/grpc_provider_rpc.h"
#include "sim/rpc/memo.h"
#include "sim/rpc/terms.h"
#include "sim/rpc/wire.h"
#include "sim/rpc/wrong_answers.h"

namespace casim::sim {

// One call as it is about to be made.
struct Outgoing {
  RpcMethod method = RpcMethod::kNodeGroups;
  Duration latency{};
  TimePoint due{};  // when its answer is, unless the server parks it
  TimePoint deadline = kTimeNever;
  const RpcCondition* fault = nullptr;
  CallId id;

  bool is_late() const { return due > deadline; }
};

std::unexpected<Error> past_deadline();

struct GrpcProviderRpc::State {
  State(const Ports& ports, GrpcRpcConfig c)
      : kernel(ports.kernel),
        conditions(ports.conditions),
        config(std::move(c)),
        terms(ports.random, config),
        memo(ports.memo, ports.checks_memo),
        free_time(dynamic_cast<FreeTime&>(kernel.clock(Phase::kAutoscaler))),
        wrong(ports.conditions),
        wire(kernel, ports.server.connection()) {}

  // `hash` tells the argument, for calls outside a loop.
  template <class Hash>
  Outgoing prepare(RpcMethod method, RpcContext context, std::string_view group, Hash hash) {
    return prepare(method, context, group,
                   context.loop ? terms.latency_in_loop(method, context.loop)
                                : terms.latency_outside(method, hash()));
  }

  Outgoing prepare(RpcMethod method, RpcContext context, std::string_view group, Duration latency);

  // Whether the answer may come from the memo. Not while an earlier call waits for the server: it
  // might be a mutation of this instant.
  bool asks_memo(const Outgoing& call) const {
    return config.mode == RpcMode::kMemo && call.fault == nullptr && call.deadline > kernel.now() &&
           !wire.connection.is_busy();
  }

  // The state that an answer will hang on; none when nothing is to be kept.
  MemoState ask(const Outgoing& call) const {
    return config.mode == RpcMode::kMemo && call.fault == nullptr ? memo.state() : MemoState{};
  }

  // Counts an answer from the memo, and lets its latency pass if nothing else can happen meanwhile.
  bool pass(const Outgoing& call) {
    ++counts[call.method].memo;
    return !call.is_late() && kernel.try_advance_to(call.due);
  }

  // Counts what the caller is about to hear.
  std::unexpected<Error> fail(const Outgoing& call, std::unexpected<Error> error) {
    const ErrorCode code = error.error().code;
    if (code != ErrorCode::kUnimplemented) ++counts[call.method].failed[code];
    return error;
  }

  template <class T>
  Awaitable<Result<T>> deliver(Outgoing call, Result<T> answer);
  Awaitable<Result<void>> send(Outgoing call, ClientCall* made);

  Awaitable<Result<std::vector<RpcNodeGroup>>> wire_node_groups(Outgoing call);
  Awaitable<Result<std::optional<RpcNodeGroup>>> wire_node_group_for_node(Outgoing call,
                                                                          NodePtr node);
  Awaitable<Result<std::string>> wire_gpu_label(Outgoing call);
  Awaitable<Result<std::vector<std::string>>> wire_gpu_types(Outgoing call);
  Awaitable<Result<int>> wire_target_size(Outgoing call, std::string group);
  Awaitable<Result<std::vector<RpcInstance>>> wire_nodes(Outgoing call, std::string group);
  Awaitable<Result<std::optional<Node>>> wire_template(Outgoing call, std::string group);
  Awaitable<Result<std::optional<RpcOptions>>> wire_options(Outgoing call, std::string group,
                                                            RpcOptions defaults);

  Kernel& kernel;
  const RpcConditions& conditions;
  const GrpcRpcConfig config;
  RpcTerms terms;
  Memo memo;
  const FreeTime& free_time;
  WrongAnswers wrong;
  Wire wire;
  RpcCounts counts;
};

// An answer that needed no wire, when time could not be moved at once.
template <class T>
Awaitable<Result<T>> GrpcProviderRpc::State::deliver(Outgoing call, Result<T> answer) {
  const TimePoint end = std::min(call.due, call.deadline);
  co_await kernel.clock(Phase::kAutoscaler).sleep_until(end);
  if (call.is_late()) co_return fail(call, past_deadline());
  co_return answer;
}

}  // namespace casim::sim
