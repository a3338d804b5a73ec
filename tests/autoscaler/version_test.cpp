// Where releases differ, unit by unit. Read in the sources of 1.34 to 1.36, not measured.
#include "sim/autoscaler/hinting.h"
#include "sim/autoscaler/pod_list.h"
#include "tests/autoscaler/support.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

PodPtr pod_of_priority(std::uint32_t id, std::int32_t priority) {
  auto spec = make_spec("w" + std::to_string(id), 600);
  spec->priority = priority;
  return make_pod(id, spec);
}

}  // namespace

TEST_CASE("since 1.37 a pod of higher priority comes before another one's hint", "[autoscaler]") {
  const int version = GENERATE(34, 36, 37);
  Snapshot snapshot;
  snapshot.add(make_info("n", 1000));  // room for one of them
  const PodPtr low = pod_of_priority(1, 0);
  const PodPtr high = pod_of_priority(2, 100);
  const auto anywhere = [](Slot, const NodeInfo&) { return true; };
  HintingSimulator simulator(version);
  snapshot.fork();
  REQUIRE(simulator.place(snapshot, {low}, anywhere, false).size() == 1);  // the hint
  snapshot.revert();
  const auto placed = simulator.place(snapshot, {high, low}, anywhere, false);
  REQUIRE(placed.size() == 1);
  CHECK(placed.front().pod == (version < 37 ? 1u : 0u));
}

TEST_CASE("since 1.36 a nominated pod counts as placed", "[autoscaler]") {
  ClusterView view;
  Pod pod = *make_pod(1, make_spec("w", 100));
  pod.nominated_node = "n";
  view.on_watch(PodChanged{pod});
  AutoscalerOptions options;
  for (options.version = 34; options.version <= 37; ++options.version) {
    CAPTURE(options.version);
    const PodBuckets buckets = bucket_pods(view, options);
    CHECK(buckets.nominated.size() == (options.version < 36 ? 0 : 1));
    CHECK(buckets.unschedulable.size() == (options.version < 36 ? 1 : 0));
  }
}

}  // namespace casim::sim
