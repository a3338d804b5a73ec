// One call between the autoscaler's model and the provider, in process. Budgets (design section 7):
// a call with a coroutine as its handler at most 1.5 times the bare asynchronous call of this
// binary, 1.3 times with a tag-based client and recycled objects.
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <benchmark/benchmark.h>
#include <grpcpp/grpcpp.h>

#include "sim/rpc/grpc_provider_rpc.h"
#include "sim/rpc/in_process.h"
#include "sim/rpc/simulated_server.h"
#include "src/async/task_scope.h"
#include "src/proto/externalgrpc.grpc.pb.h"
#include "src/provider/memory_store.h"
#include "src/server/grpc_runtime.h"
#include "tests/provider/provider_world.h"

namespace casim::sim {
namespace {

namespace pb = ::clusterautoscaler::cloudprovider::v1::externalgrpc;
using Service = pb::CloudProvider::AsyncService;
using Stub = pb::CloudProvider::Stub;

// The least that a call takes: tags by hand, one queue, nothing around it. Refresh is the smallest
// call there is.
class BareServer {
 public:
  BareServer() : connection_(service_) { arm(); }

  void call() {
    std::optional<grpc::ClientContext> context;
    context.emplace();
    auto reader = stub_->AsyncRefresh(&*context, request_, &connection_.queue());
    reader->Finish(&reply_, &status_, &client_tag_);
    while (client_open_ || server_open_) {
      void* tag = nullptr;
      bool ok = false;
      const gpr_timespec past = gpr_inf_past(GPR_CLOCK_REALTIME);
      if (connection_.queue().AsyncNext(&tag, &ok, past) != grpc::CompletionQueue::GOT_EVENT) {
        continue;
      }
      if (tag == &client_tag_) client_open_ = false;
      if (tag == &arrival_tag_) {
        Slot& slot = slots_[current_];
        current_ ^= 1;
        arm();
        slot.writer->Finish(slot.reply, grpc::Status::OK, &finish_tag_);
      }
      if (tag == &finish_tag_ || tag == &done_tag_) --server_open_;
    }
    client_open_ = true;
    server_open_ = 2;
  }

 private:
  struct Slot {
    std::optional<grpc::ServerContext> context;
    std::optional<grpc::ServerAsyncResponseWriter<pb::RefreshResponse>> writer;
    pb::RefreshRequest request;
    pb::RefreshResponse reply;
  };

  void arm() {
    Slot& slot = slots_[current_];
    slot.context.emplace();
    slot.writer.emplace(&*slot.context);
    slot.context->AsyncNotifyWhenDone(&done_tag_);
    grpc::ServerCompletionQueue& queue = connection_.queue();
    service_.RequestRefresh(&*slot.context, &slot.request, &*slot.writer, &queue, &queue,
                            &arrival_tag_);
  }

  Service service_;
  Slot slots_[2];  // outlive the connection: draining its queue touches the armed context
  InProcess connection_;
  std::unique_ptr<Stub> stub_ = pb::CloudProvider::NewStub(connection_.channel());
  int current_ = 0;
  pb::RefreshRequest request_;
  pb::RefreshResponse reply_;
  grpc::Status status_;
  bool client_open_ = true;
  int server_open_ = 2;
  char client_tag_ = 0, arrival_tag_ = 0, done_tag_ = 0, finish_tag_ = 0;
};

void BM_BareCall(benchmark::State& state) {
  server::GrpcRuntime runtime;
  BareServer server;
  for (auto _ : state) server.call();
  state.SetItemsProcessed(state.iterations());
}

struct World {
  explicit World(RpcMode mode)
      : store(clock, Random(1), {}),
        machines(clock),
        provider(provider::small_config(),
                 {clock, store, machines, quiet, random, kernel.executor()}),
        rpc({kernel, server, memo, conditions, random}, config(mode)) {
    if (!provider.start()) std::abort();
    server.service().attach(provider);
  }

  ~World() {
    tasks.cancel();
    kernel.settle();
    server.service().detach();
    provider.cancel();
    kernel.settle();
  }

  static GrpcRpcConfig config(RpcMode mode) {
    GrpcRpcConfig config;
    config.latency = Distribution::constant(std::chrono::microseconds(1));
    config.mode = mode;
    return config;
  }

  // Runs the task, which stops the world at its end.
  void run(Awaitable<void> task) {
    tasks.spawn(stop_after(std::move(task), &kernel));
    kernel.run(kTimeNever, ~std::uint64_t{0});
  }

  static Awaitable<void> stop_after(Awaitable<void> task, Kernel* kernel) {
    co_await std::move(task);
    kernel->request_stop();
  }

  Kernel kernel{WallTime()};
  Clock& clock = kernel.clock(Phase::kWorld);
  Random random{1};
  provider::MemoryStore store;
  provider::FakeMachines machines;
  provider::Observer quiet;
  server::CallObserver observer;
  SimulatedServer server{kernel, observer};
  provider::Provider provider;
  ServiceMemoSource memo{server.service()};
  RpcConditions conditions;
  TaskScope tasks{kernel.executor()};
  GrpcProviderRpc rpc;
};

// The handler is a coroutine (Refresh), the client tags by hand.
void BM_TagClientCoroutineHandler(benchmark::State& state) {
  World world(RpcMode::kWire);
  InProcess& connection = world.server.connection();

  class Client final : public server::Tag {
   public:
    void complete(bool /*ok*/) override { open = false; }

    bool open = false;
  };

  Client client;
  const auto stub = pb::CloudProvider::NewStub(connection.channel());
  const pb::RefreshRequest request;
  pb::RefreshResponse reply;
  grpc::Status status;
  for (auto _ : state) {
    grpc::ClientContext context;
    auto reader = stub->AsyncRefresh(&context, request, &connection.queue());
    client.open = true;
    reader->Finish(&reply, &status, static_cast<server::Tag*>(&client));
    connection.on_operation_started();
    world.kernel.settle();
    if (client.open || !status.ok()) std::abort();
  }
  state.SetItemsProcessed(state.iterations());
}

enum class Read { kRefresh, kTargetSize, kGetOptions, kNode };

Awaitable<void> read_many(GrpcProviderRpc* rpc, benchmark::State* state, Read what) {
  auto node = std::make_shared<Node>();
  node->name = "ip-10-20-30-40.eu-central-1.compute.internal";
  node->provider_id = "aws:///eu-central-1a/i-0123456789abcdef0";
  for (int i = 0; i < 15; ++i) {
    node->labels["node.kubernetes.io/label-" + std::to_string(i)] = "value-" + std::to_string(i);
  }
  const RpcContext context{.loop = LoopId(1), .deadline = kTimeNever};
  const std::string group = "b-c";
  const RpcOptions defaults;
  for (auto _ : *state) {
    if (what == Read::kRefresh) {
      co_await rpc->refresh(context);
    } else if (what == Read::kTargetSize) {
      const Result<int> size = co_await rpc->target_size(context, group);
      int value = *size;
      benchmark::DoNotOptimize(value);
    } else if (what == Read::kGetOptions) {
      const auto options = co_await rpc->get_options(context, group, defaults);
      bool is_known = options.has_value();
      benchmark::DoNotOptimize(is_known);
    } else {
      const auto found = co_await rpc->node_group_for_node(context, node);
      bool is_known = found.has_value();
      benchmark::DoNotOptimize(is_known);
    }
  }
  state->SetItemsProcessed(state->iterations());
}

void BM_Call(benchmark::State& state, RpcMode mode, Read what) {
  World world(mode);
  world.run(read_many(&world.rpc, &state, what));
}

BENCHMARK(BM_BareCall);
BENCHMARK(BM_TagClientCoroutineHandler);
BENCHMARK_CAPTURE(BM_Call, wire_refresh, RpcMode::kWire, Read::kRefresh);
BENCHMARK_CAPTURE(BM_Call, wire_target_size, RpcMode::kWire, Read::kTargetSize);
BENCHMARK_CAPTURE(BM_Call, wire_get_options, RpcMode::kWire, Read::kGetOptions);
BENCHMARK_CAPTURE(BM_Call, wire_node, RpcMode::kWire, Read::kNode);
BENCHMARK_CAPTURE(BM_Call, memo_target_size, RpcMode::kMemo, Read::kTargetSize);
BENCHMARK_CAPTURE(BM_Call, memo_get_options, RpcMode::kMemo, Read::kGetOptions);
BENCHMARK_CAPTURE(BM_Call, memo_node, RpcMode::kMemo, Read::kNode);

}  // namespace
}  // namespace casim::sim
