#include "sim/autoscaler/simulator/hinting.h"

#include <string>
#include <vector>

#include "src/core/random.h"
#include "tests/autoscaler/support.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

bool anywhere(Slot, const NodeInfo&) { return true; }

std::vector<NodeInfoPtr> nodes_of(const Random& random) {
  std::vector<NodeInfoPtr> nodes;
  for (std::uint64_t i = 0; i < 12; ++i) {
    const auto cpu_m = static_cast<std::int64_t>(100 * random.index("room", i, 0, 10));
    nodes.push_back(make_info("n" + std::to_string(i), cpu_m));
  }
  return nodes;
}

// Each of a Job of its own, so with a spec of its own; a few mind others of their kind.
std::vector<PodPtr> pods_of(const Random& random) {
  std::vector<PodPtr> pods;
  for (std::uint32_t i = 0; i < 30; ++i) {
    const auto cpu_m = static_cast<std::int64_t>(100 * (1 + 3 * random.index("size", i, 0, 3)));
    auto spec = make_spec("job-" + std::to_string(i), cpu_m);
    spec->labels["app"] = random.index("label", i, 0, 2) == 0 ? "a" : "b";
    if (random.index("minds", i, 0, 12) == 0) {
      spec->pod_anti_affinity.push_back(
          {{{"app", LabelRequirement::Operator::kIn, {"a"}}}, std::string(kHostnameLabel), {}});
    }
    pods.push_back(make_pod(i, std::move(spec)));
  }
  return pods;
}

}  // namespace

TEST_CASE("pods in one call find the places that they find in calls of their own", "[autoscaler]") {
  const auto seed = GENERATE(range(0, 300));
  CAPTURE(seed);
  const Random random(static_cast<std::uint64_t>(seed));
  const OrderPolicy policy = OrderPolicy::seeded(random);
  const std::vector<PodPtr> pods = pods_of(random);

  Snapshot together(policy);
  together.reset(nodes_of(random), LoopId(1));
  HintingSimulator in_one_call;
  std::vector<std::pair<std::size_t, Slot>> placed_together;
  for (const auto& [pod, slot] : in_one_call.place(together, pods, anywhere, false)) {
    placed_together.emplace_back(pod, slot);
  }

  Snapshot apart(policy);
  apart.reset(nodes_of(random), LoopId(1));
  HintingSimulator one_by_one;
  std::vector<std::pair<std::size_t, Slot>> placed_apart;
  for (std::size_t i = 0; i < pods.size(); ++i) {
    for (const auto& [pod, slot] : one_by_one.place(apart, {pods[i]}, anywhere, false)) {
      placed_apart.emplace_back(i, slot);
    }
  }
  CHECK(placed_together == placed_apart);
  CHECK(together.order() == apart.order());
}

}  // namespace casim::sim
