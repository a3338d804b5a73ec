#include "sim/autoscaler/scaledown/budgets.h"

#include "sim/kernel/kernel.h"
#include "tests/autoscaler/counting_rpc.h"
#include "tests/autoscaler/support.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

// Node groups that are never asked for anything.
struct Groups {
  DeletionBucket bucket(const std::string& id, int nodes, bool atomic = false) {
    DeletionBucket b;
    b.group = std::make_shared<NodeGroup>(calls, RpcNodeGroup{id, 0, 100, ""});
    for (int i = 0; i < nodes; ++i) b.nodes.push_back(make_node(id + std::to_string(i), 1000));
    b.is_atomic = atomic;
    b.target = nodes;
    b.registered = nodes;
    return b;
  }

  Kernel kernel{WallTime{}};
  Clock& clock = kernel.clock(Phase::kAutoscaler);
  CountingRpc rpc{clock};
  ProviderCalls calls{rpc, clock, std::chrono::seconds(5), kernel.executor()};
};

int count(const std::vector<DeletionBucket>& buckets) {
  int nodes = 0;
  for (const DeletionBucket& bucket : buckets) nodes += static_cast<int>(bucket.nodes.size());
  return nodes;
}

}  // namespace

TEST_CASE("ten deletions at a time, one of them a drain", "[autoscaler]") {
  Groups groups;
  const CroppedDeletions result =
      crop_nodes({10, 1}, DeletionTracker(), {groups.bucket("a", 7)}, {groups.bucket("b", 5)});
  CHECK(count(result.empty) == 7);
  CHECK(count(result.drain) == 1);
}

TEST_CASE("what is in progress counts", "[autoscaler]") {
  Groups groups;
  DeletionTracker tracker;
  tracker.start("a", "x", true);
  tracker.start("a", "y", false);
  const CroppedDeletions result =
      crop_nodes({4, 1}, tracker, {groups.bucket("a", 7)}, {groups.bucket("b", 5)});
  CHECK(count(result.empty) == 2);
  CHECK(result.drain.empty());
}

TEST_CASE("one group that goes as a whole may exceed the budget, a second may not",
          "[autoscaler]") {
  Groups groups;
  const CroppedDeletions result = crop_nodes(
      {3, 1}, DeletionTracker(),
      {groups.bucket("a", 5, true), groups.bucket("b", 5, true), groups.bucket("c", 2)}, {});
  REQUIRE(result.empty.size() == 1);
  CHECK(result.empty.front().group->id() == "a");
  CHECK(result.empty.front().batch_size == 5);
}

TEST_CASE("a group that goes as a whole does not go in part", "[autoscaler]") {
  Groups groups;
  DeletionBucket part = groups.bucket("a", 2, true);
  part.target = 3;
  part.registered = 3;
  CHECK(crop_nodes({10, 1}, DeletionTracker(), {part}, {}).empty.empty());
}

}  // namespace casim::sim
