#include "src/server/provider_service.h"

#include <cassert>
#include <utility>

#include "src/server/call_slot.h"

namespace casim::server {

struct ProviderService::State {
  // A provider that was detached: its tasks may still unwind.
  struct Retired {
    std::unique_ptr<Handlers> handlers;
    std::unique_ptr<TaskScope> scope;
  };

  explicit State(Ports ports)
      : core{.clock = ports.clock, .observer = ports.observer},
        executor(std::move(ports.executor)) {
    if (ports.numbers_calls) core.last_id = CallId(0);
    add_lines();
  }

  template <auto kRequest>
  void add(RpcMethod method) {
    assert(lines.size() == static_cast<std::size_t>(method));
    lines.push_back(std::make_unique<TypedLine<kRequest>>(core, method, service));
  }

  void add_lines();
  void retire();
  void forget_unwound();

  pb::CloudProvider::AsyncService service;
  ServiceCore core;
  asio::any_io_executor executor;
  std::vector<std::unique_ptr<MethodLine>> lines;  // by method
  std::vector<Retired> retired;
  std::uint64_t epoch = 0;
};

void ProviderService::State::add_lines() {
  using Service = pb::CloudProvider::AsyncService;
  add<&Service::RequestNodeGroups>(RpcMethod::kNodeGroups);
  add<&Service::RequestNodeGroupForNode>(RpcMethod::kNodeGroupForNode);
  add<&Service::RequestPricingNodePrice>(RpcMethod::kPricingNodePrice);
  add<&Service::RequestPricingPodPrice>(RpcMethod::kPricingPodPrice);
  add<&Service::RequestGPULabel>(RpcMethod::kGpuLabel);
  add<&Service::RequestGetAvailableGPUTypes>(RpcMethod::kGetAvailableGpuTypes);
  add<&Service::RequestCleanup>(RpcMethod::kCleanup);
  add<&Service::RequestRefresh>(RpcMethod::kRefresh);
  add<&Service::RequestNodeGroupTargetSize>(RpcMethod::kTargetSize);
  add<&Service::RequestNodeGroupIncreaseSize>(RpcMethod::kIncreaseSize);
  add<&Service::RequestNodeGroupDeleteNodes>(RpcMethod::kDeleteNodes);
  add<&Service::RequestNodeGroupDecreaseTargetSize>(RpcMethod::kDecreaseTargetSize);
  add<&Service::RequestNodeGroupNodes>(RpcMethod::kNodes);
  add<&Service::RequestNodeGroupTemplateNodeInfo>(RpcMethod::kTemplateNodeInfo);
  add<&Service::RequestNodeGroupGetOptions>(RpcMethod::kGetOptions);
}

void ProviderService::State::retire() {
  if (core.handlers == nullptr) return;
  // No call may find the old provider from here on, not even one that a cancelled task makes room
  // for.
  retired.push_back({std::move(core.handlers), std::move(core.scope)});
  retired.back().scope->cancel();
}

void ProviderService::State::forget_unwound() {
  std::erase_if(retired, [](const Retired& r) { return r.scope->empty(); });
}

ProviderService::ProviderService(Ports ports) : state_(std::make_unique<State>(std::move(ports))) {}

ProviderService::~ProviderService() {
  state_->core.closed = true;
  state_->retire();
  state_->forget_unwound();
  // A task that hangs refers to its slot: better lost than dangling.
  if (!state_->core.open.empty() || !state_->retired.empty()) static_cast<void>(state_.release());
}

grpc::Service& ProviderService::grpc_service() { return state_->service; }

void ProviderService::start(Pump& pump) {
  assert(state_->core.pump == nullptr);
  state_->core.pump = &pump;
  for (const auto& line : state_->lines) line->arm_one();
}

void ProviderService::close() {
  state_->core.closed = true;
  state_->retire();
}

void ProviderService::attach(provider::Provider& provider) {
  assert(state_->core.handlers == nullptr);
  state_->forget_unwound();
  ++state_->epoch;
  state_->core.handlers = std::make_unique<Handlers>(provider);
  state_->core.scope = std::make_unique<TaskScope>(state_->executor);
}

void ProviderService::detach() { state_->retire(); }

const provider::Provider* ProviderService::provider() const {
  const Handlers* handlers = state_->core.handlers.get();
  return handlers == nullptr ? nullptr : &handlers->provider();
}

std::uint64_t ProviderService::server_epoch() const { return state_->epoch; }

std::vector<OpenCall> ProviderService::open_calls() const {
  std::vector<OpenCall> calls;
  calls.reserve(state_->core.open.size());
  for (const CallSlot* slot : state_->core.open) calls.push_back(slot->describe_open());
  return calls;
}

}  // namespace casim::server
