#include "sim/autoscaler/scaleup/estimator.h"

#include "tests/autoscaler/support.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

PodGroup group_of(std::uint32_t first, int count, const PodSpecPtr& spec) {
  PodGroup group;
  for (int i = 0; i < count; ++i) {
    group.pods.push_back(make_pod(first + static_cast<std::uint32_t>(i), spec));
  }
  return group;
}

Estimate estimate(Snapshot& snapshot, const std::vector<PodGroup>& groups, Threshold limit,
                  const ComputeTime& compute_time = NoComputeTime()) {
  const NodeInfoPtr node_template = make_info("template", 1000);
  BinpackingEstimator estimator(snapshot, *node_template, limit, compute_time);
  std::vector<const PodGroup*> pointers;
  for (const PodGroup& group : groups) pointers.push_back(&group);
  return estimator.estimate(pointers);
}

}  // namespace

TEST_CASE("pods of one kind fill one new node after the other", "[autoscaler]") {
  Snapshot snapshot;
  snapshot.reset({make_info("real", 4000)});
  const Estimate result = estimate(snapshot, {group_of(0, 10, make_spec("a", 300))}, {});
  CHECK(result.node_count == 4);  // three a node
  CHECK(result.pods.size() == 10);
  CHECK(snapshot.size() == 1);
}

TEST_CASE("smaller pods fill what larger ones leave", "[autoscaler]") {
  Snapshot snapshot;
  snapshot.reset({});
  const std::vector<PodGroup> groups = {group_of(0, 4, make_spec("small", 400)),
                                        group_of(10, 2, make_spec("large", 600))};
  const Estimate result = estimate(snapshot, groups, {});
  CHECK(result.node_count == 3);
  CHECK(result.pods.size() == 6);
  CHECK(result.pods.front()->spec->workload == "large");
}

TEST_CASE("the node limit leaves pods over", "[autoscaler]") {
  Snapshot snapshot;
  snapshot.reset({});
  const Estimate result =
      estimate(snapshot, {group_of(0, 10, make_spec("a", 900))}, Threshold{3, {}});
  CHECK(result.node_count == 3);
  CHECK(result.pods.size() == 3);
}

TEST_CASE("packing that takes too long stops adding nodes", "[autoscaler]") {
  class SlowCompute : public ComputeTime {
   public:
    Duration cost_of(const ComputeWork& work) const override {
      return std::chrono::seconds(work.new_nodes);
    }
  };

  Snapshot snapshot;
  snapshot.reset({});
  const std::vector<PodGroup> groups = {group_of(0, 100, make_spec("a", 900))};
  const Threshold limit{0, std::chrono::seconds(10)};
  // The eleventh node is asked for when exactly ten seconds have passed.
  CHECK(estimate(snapshot, groups, limit, SlowCompute()).node_count == 11);
  CHECK(estimate(snapshot, groups, limit, NoComputeTime()).node_count == 100);
}

TEST_CASE("pods that keep apart get a node each", "[autoscaler]") {
  Snapshot snapshot;
  snapshot.reset({});
  auto spec = make_spec("a", 100);
  spec->pod_anti_affinity.push_back(
      PodAffinityTerm{{LabelRequirement{"app", LabelRequirement::Operator::kIn, {"a"}}},
                      std::string(kHostnameLabel),
                      {}});
  CHECK(estimate(snapshot, {group_of(0, 3, spec)}, {}).node_count == 3);
}

TEST_CASE("a pod too large for the template needs no node", "[autoscaler]") {
  Snapshot snapshot;
  snapshot.reset({});
  CHECK(estimate(snapshot, {group_of(0, 3, make_spec("a", 1200))}, {}).node_count == 0);
}

}  // namespace casim::sim
