// One RunOnce of the autoscaler over a cluster of one group: quiet, and with 30,000 pods that wait
// for new nodes. The provider answers at once, so what is measured is the autoscaler alone.
#include <benchmark/benchmark.h>

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/autoscaler/core/autoscaler.h"
#include "sim/autoscaler/simulator/node_info.h"
#include "sim/kernel/kernel.h"
#include "src/async/task_scope.h"
#include "tests/autoscaler/quiet_rpc.h"

namespace casim::sim {
namespace {

constexpr int kPodsPerNode = 20;
constexpr int kWaiting = 30'000;

// Takes every order and forgets it, so that each loop has all the pods before it again.
class ForgetfulProvider : public QuietRpc, public RowReads {
 public:
  ForgetfulProvider(Node blueprint, int size) : blueprint_(std::move(blueprint)), size_(size) {}

  Reply<std::vector<RpcNodeGroup>> node_groups(RpcContext) override {
    co_return std::vector<RpcNodeGroup>(1, group());
  }

  Reply<std::optional<RpcNodeGroup>> node_group_for_node(RpcContext, NodePtr) override {
    co_return group();
  }

  // As the memo of a world does while nothing else happens.
  std::int64_t most_in_a_row(RpcMethod, RpcContext) override {
    return std::numeric_limits<std::int64_t>::max();
  }

  bool is_undisturbed(RpcMethod, RpcContext, std::string_view, std::int64_t) override {
    return true;
  }

  const Result<std::optional<RpcNodeGroup>>* known_node_group(const Node&) override {
    return &answer_;
  }

  const Result<std::optional<RpcOptions>>* known_options(const std::string&,
                                                         const RpcOptions&) override {
    return &options_;
  }

  void make_in_a_row(RpcMethod, RpcContext, std::int64_t) override {}

  Reply<int> target_size(RpcContext, std::string) override { co_return size_; }

  Reply<std::optional<Node>> template_node_info(RpcContext, std::string) override {
    co_return std::optional<Node>(blueprint_);
  }

 private:
  RpcNodeGroup group() const { return {"g", 0, 100'000, "g"}; }

  Node blueprint_;
  int size_;
  Result<std::optional<RpcNodeGroup>> answer_{group()};
  Result<std::optional<RpcOptions>> options_{std::unexpect,
                                             Error{ErrorCode::kUnimplemented, "no options"}};
};

class NoWrites : public ClusterWriter {
 public:
  Awaitable<Result<NodePtr>> update_node(NodeUpdate) override { return none<NodePtr>(); }

  Awaitable<Result<NodePtr>> get_node(std::string) override { return none<NodePtr>(); }

  Awaitable<Result<void>> evict(PodId, Duration) override { return none<void>(); }

  Awaitable<Result<Pod>> get_pod(PodId) override { return none<Pod>(); }

  Awaitable<Result<void>> write_status(StatusWrite) override { co_return Result<void>(); }

  Awaitable<Result<void>> write_event() override { co_return Result<void>(); }

 private:
  template <class T>
  Awaitable<Result<T>> none() {
    co_return failure(ErrorCode::kNotFound, "nothing is written");
  }
};

Node blueprint() {
  Node node;
  node.name = "template";
  node.capacity.cpu = MilliCpu(3000);
  node.capacity.memory = Bytes(std::int64_t{12} << 30);
  node.capacity.pods = 110;
  node.allocatable = node.capacity;
  node.ready = true;
  return node;
}

PodSpecPtr spec() {
  PodSpec pod;
  pod.owner = OwnerKind::kReplicaSet;
  pod.owner_uid = "web";
  pod.labels["app"] = "web";
  pod.requests.cpu = MilliCpu(100);
  pod.requests.memory = Bytes(std::int64_t{100} << 20);
  pod.requests.pods = 1;
  return std::make_shared<const PodSpec>(std::move(pod));
}

class Bench {
 public:
  Bench(int nodes, int waiting)
      : rpc_(blueprint(), nodes),
        provider_(rpc_, clock_, kernel_.executor(), std::chrono::seconds(5)),
        autoscaler_(AutoscalerOptions{}, {provider_, view_, writer_, clock_, no_time_, order_,
                                          observer_, kernel_.executor()}) {
    Owner owner;
    owner.kind = OwnerKind::kReplicaSet;
    owner.uid = owner.name = "web";
    owner.namespace_name = "default";
    owner.replicas = owner.current_replicas = 10;
    view_.on_watch(OwnerChanged{owner});
    for (int i = 0; i < nodes; ++i) add_node(i);
    for (int i = 0; i < waiting; ++i) {
      Pod pod = make_pod();
      pod.unschedulable = true;
      view_.on_watch(PodChanged{pod});
    }
  }

  ~Bench() {
    autoscaler_.cancel();
    kernel_.settle();
  }

  // One loop, ten seconds after the last.
  void run_loop() {
    spawn(kernel_.executor(), loop());
    kernel_.run(kTimeNever, 1'000'000'000);
  }

 private:
  Awaitable<void> loop() {
    co_await clock_.sleep_for(std::chrono::seconds(10));
    co_await autoscaler_.run_loop();
    kernel_.request_stop();
  }

  void add_node(int index) {
    Node node = blueprint();
    node.id = NodeId(static_cast<std::uint32_t>(index));
    node.name = "node-" + std::to_string(index);
    node.provider_id = "cloud:///" + node.name;
    node.labels[std::string(kHostnameLabel)] = node.name;
    node.resource_version = 1;
    view_.on_watch(NodeChanged{std::make_shared<const Node>(node)});
    for (int i = 0; i < kPodsPerNode; ++i) {
      Pod pod = make_pod();
      pod.node = node.id;
      pod.node_name = node.name;
      pod.running = true;
      view_.on_watch(PodChanged{pod});
    }
  }

  Pod make_pod() {
    Pod pod;
    pod.id = PodId(pods_);
    pod.spec = spec_;
    pod.name = "web-" + std::to_string(pods_++);
    return pod;
  }

  Kernel kernel_{WallTime(std::chrono::seconds(1'700'000'000))};
  Clock& clock_ = kernel_.clock(Phase::kAutoscaler);
  ClusterView view_;
  NoWrites writer_;
  NoComputeTime no_time_;
  OrderPolicy order_ = OrderPolicy::by_name();
  LoopObserver observer_;
  ForgetfulProvider rpc_;
  CloudProvider provider_;
  Autoscaler autoscaler_;
  PodSpecPtr spec_ = spec();
  std::uint32_t pods_ = 0;
};

void run(benchmark::State& state, int waiting) {
  Bench bench(static_cast<int>(state.range(0)), waiting);
  bench.run_loop();  // the first fills the caches
  for (auto _ : state) bench.run_loop();
  state.SetItemsProcessed(state.iterations());
}

void quiet_loop(benchmark::State& state) { run(state, 0); }

// Free room on the nodes takes ten pods each, new nodes take the rest: up to 1,000 a loop.
void loop_with_30000_pending(benchmark::State& state) { run(state, kWaiting); }

BENCHMARK(quiet_loop)->Arg(250)->Arg(1'000)->Arg(5'000)->Arg(20'000)->Unit(benchmark::kMillisecond);
BENCHMARK(loop_with_30000_pending)->Arg(1'000)->Arg(5'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace casim::sim
