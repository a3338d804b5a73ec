#include "sim/autoscaler/cluster/pod_list.h"

#include <utility>

#include "sim/autoscaler/simulator/snapshot_cache.h"
#include "tests/autoscaler/support.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

Pod pod_of(std::uint32_t id, const std::string& scheduler, const std::string& node = "") {
  const std::shared_ptr<PodSpec> spec = make_spec(scheduler, 100);
  spec->scheduler_name = scheduler;
  Pod pod = *make_pod(id, spec);
  pod.node_name = node;
  pod.unschedulable = node.empty();
  return pod;
}

}  // namespace

TEST_CASE("a loop knows nothing of pods whose scheduler is not allowed, bound ones included",
          "[autoscaler]") {
  ClusterView view;
  const NodePtr node = make_node("n", 1000);
  view.on_watch(NodeChanged{node});
  std::uint32_t id = 0;
  for (const char* scheduler : {"a", "b", "default-scheduler"}) {
    view.on_watch(PodChanged{pod_of(++id, scheduler)});
    view.on_watch(PodChanged{pod_of(++id, scheduler, "n")});
  }
  AutoscalerOptions options;
  const auto counts = [&] {
    Snapshot snapshot;
    SnapshotCache(options).fill(LoopId(1), snapshot, {node}, view, {});
    return std::pair{bucket_pods(view, options).unschedulable.size(),
                     snapshot.info(snapshot.order().front()).pods.size()};
  };
  CHECK(counts() == std::pair<std::size_t, std::size_t>(3, 3));  // without the flag, all
  options.allowed_scheduler_names = {"a", "b"};
  CHECK(counts() == std::pair<std::size_t, std::size_t>(2, 2));
  options.allowed_scheduler_names = {"c"};
  CHECK(counts() == std::pair<std::size_t, std::size_t>(0, 0));
}

}  // namespace casim::sim
