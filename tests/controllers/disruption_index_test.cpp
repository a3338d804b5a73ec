#include "sim/controllers/disruption/disruption_index.h"

#include "tests/catch.h"

namespace casim::sim {
namespace {

using Operator = LabelRequirement::Operator;
using Keys = std::vector<DisruptionIndex::Key>;

PodDisruptionBudget budget(LabelSelector selector, const std::string& name_space = "default") {
  PodDisruptionBudget made;
  made.namespace_name = name_space;
  made.selector = std::move(selector);
  return made;
}

TEST_CASE("a pod finds the budgets of its namespace that select it, each once", "[controllers]") {
  DisruptionIndex index;
  index.add(0, budget({{"app", Operator::kIn, {"web", "api", "web"}}}));
  index.add(1, budget({{"tier", Operator::kExists, {}}}));
  index.add(2, budget({}));
  index.add(3, budget({{"app", Operator::kIn, {"web"}}, {"tier", Operator::kIn, {"back"}}}));
  index.add(4, budget({{"app", Operator::kIn, {"web"}}}, "other"));
  index.add(5, budget({{"", Operator::kIn, {}}}));  // of an absent selector

  PodSpec pod;
  pod.labels = {{"app", "web"}};
  CHECK(index.of(pod) == Keys{0, 2});
  pod.labels["tier"] = "front";
  CHECK(index.of(pod) == Keys{0, 1, 2});
  pod.labels["tier"] = "back";
  CHECK(index.of(pod) == Keys{0, 1, 2, 3});
  pod.namespace_name = "other";
  CHECK(index.of(pod) == Keys{4});
  pod.labels.clear();
  CHECK(index.of(pod).empty());
}

}  // namespace
}  // namespace casim::sim
