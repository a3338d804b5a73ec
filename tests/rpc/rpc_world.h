// A provider with scripted machines behind the simulated gRPC server, and a client of it.
#pragma once

#include <cassert>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/rpc/grpc_provider_rpc.h"
#include "sim/rpc/simulated_server.h"
#include "src/async/task_scope.h"
#include "src/provider/memory_store.h"
#include "tests/provider/provider_world.h"

namespace casim::sim {

// What the server saw, in order.
class CallLog : public server::CallObserver {
 public:
  explicit CallLog(const Kernel& kernel) : kernel_(kernel) {}

  void on_started(const server::CallInfo& call) override { note("start", call, -1); }

  void on_cancelled(const server::CallInfo& call) override { note("cancel", call, -1); }

  void on_finished(const server::CallInfo& call, int code) override { note("finish", call, code); }

  struct Line {
    TimePoint at{};
    std::string event;
    RpcMethod method{};
    CallId id;
    std::string group;
    int delta = 0;
    int code = -1;
  };

  bool has(std::string_view event, RpcMethod method) const {
    for (const Line& line : lines) {
      if (line.event == event && line.method == method) return true;
    }
    return false;
  }

  std::vector<Line> lines;

 private:
  void note(const char* event, const server::CallInfo& call, int code) {
    lines.push_back(
        {kernel_.now(), event, call.method, call.id, std::string(call.group), call.delta, code});
  }

  const Kernel& kernel_;
};

// Can be told to never come back from a commit.
class HangingStore : public provider::MemoryStore {
 public:
  HangingStore(Clock& clock, provider::MemoryStoreOptions options)
      : MemoryStore(clock, Random(1), std::move(options)), wait_(clock) {}

  Awaitable<Result<void>> commit(provider::Batch batch) override {
    if (hangs) co_await wait_.sleep_until(kTimeNever);
    co_return co_await MemoryStore::commit(std::move(batch));
  }

  bool hangs = false;

 private:
  Clock& wait_;
};

// The latency is 1 ms unless said otherwise.
inline GrpcRpcConfig constant_latency(RpcMode mode) {
  GrpcRpcConfig config;
  config.latency = Distribution::constant(std::chrono::milliseconds(1));
  config.mode = mode;
  return config;
}

inline provider::MemoryStoreOptions commit_takes(Duration d) {
  return {.commit_latency = Distribution::constant(d), .acknowledge_latency = {}};
}

inline NodePtr node_named(std::string name, std::string provider_id) {
  auto node = std::make_shared<Node>();
  node->name = std::move(name);
  node->provider_id = std::move(provider_id);
  node->labels["zone"] = "a";
  return node;
}

class RpcWorld {
 public:
  explicit RpcWorld(
      GrpcRpcConfig config = constant_latency(RpcMode::kWire),
      provider::MemoryStoreOptions store_options = commit_takes(std::chrono::milliseconds(5)),
      provider::Config groups = provider::small_config())
      : store(clock, std::move(store_options)),
        machines(clock),
        provider_config(std::move(groups)),
        rpc_owner(std::make_unique<GrpcProviderRpc>(
            GrpcProviderRpc::Ports{kernel, server, memo, conditions, random}, std::move(config))),
        rpc(*rpc_owner) {
    restart();
  }

  ~RpcWorld() {
    tasks.cancel();
    kernel.settle();
    rpc_owner.reset();
    stop();
  }

  void restart() {
    provider = std::make_unique<provider::Provider>(
        provider_config,
        provider::Ports{clock, store, machines, observer, random, kernel.executor()});
    const Result<void> started = provider->start();
    assert(started);
    static_cast<void>(started);
    server.service().attach(*provider);
  }

  void crash() {
    store.crash();
    stop();
  }

  // For use from an event, too: the old provider goes once its tasks have unwound.
  void stop() {
    if (!provider) return;
    server.service().detach();
    provider->cancel();
    kernel.settle();
    provider.reset();
  }

  // A call whose answer is awaited by a task; it is there once it came.
  template <class T>
  std::shared_ptr<std::optional<Result<T>>> begin(ProviderRpc::Reply<T> call) {
    auto answer = std::make_shared<std::optional<Result<T>>>();
    tasks.spawn(keep<T>(std::move(call), answer));
    return answer;
  }

  // Runs the world up to the answer, which may come without an event of its own.
  template <class T>
  Result<T> call(ProviderRpc::Reply<T> reply) {
    auto answer = std::make_shared<std::optional<Result<T>>>();
    tasks.spawn(keep_and_stop<T>(std::move(reply), answer, &kernel));
    kernel.run(kTimeNever, 10'000'000);
    return std::move(answer->value());
  }

  void advance(Duration d) { kernel.run(kernel.now() + d, 10'000'000); }

  RpcContext loop(std::uint32_t n) const { return {.loop = LoopId(n), .deadline = kTimeNever}; }

  RpcContext until(Duration timeout) const {
    return {.loop = LoopId(1), .deadline = kernel.now() + timeout};
  }

  Kernel kernel{WallTime(std::chrono::hours(24 * 365))};
  Clock& clock = kernel.clock(Phase::kWorld);
  Random random{11};
  HangingStore store;
  provider::FakeMachines machines;
  provider::Recorder observer;
  provider::Config provider_config;
  CallLog log{kernel};
  SimulatedServer server{kernel, log};
  std::unique_ptr<provider::Provider> provider;
  ServiceMemoSource memo{server.service()};
  RpcConditions conditions;
  TaskScope tasks{kernel.executor()};
  std::unique_ptr<GrpcProviderRpc> rpc_owner;
  GrpcProviderRpc& rpc;

 private:
  template <class T>
  static Awaitable<void> keep(ProviderRpc::Reply<T> call,
                              std::shared_ptr<std::optional<Result<T>>> answer) {
    Result<T> got = co_await std::move(call);
    *answer = std::move(got);
  }

  template <class T>
  static Awaitable<void> keep_and_stop(ProviderRpc::Reply<T> call,
                                       std::shared_ptr<std::optional<Result<T>>> answer,
                                       Kernel* kernel) {
    Result<T> got = co_await std::move(call);
    *answer = std::move(got);
    kernel->request_stop();
  }
};

}  // namespace casim::sim
