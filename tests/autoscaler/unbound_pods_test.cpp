#include "sim/autoscaler/cluster/unbound_pods.h"

#include <map>

#include "src/core/random.h"
#include "tests/autoscaler/support.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

PodPtr named(unsigned id, const std::string& name) {
  auto pod = std::make_shared<Pod>(*make_pod(id, make_spec("w", 100)));
  pod->name = name;
  return pod;
}

std::vector<std::string> names(const UnboundPods& pods) {
  std::vector<std::string> result;
  for (const PodPtr& pod : pods.list()) result.push_back(pod->name);
  return result;
}

}  // namespace

TEST_CASE("unbound pods are listed by name, each in its newest version", "[autoscaler]") {
  UnboundPods pods;
  pods.put(named(1, "c"));
  pods.put(named(2, "a"));
  CHECK(names(pods) == std::vector<std::string>{"a", "c"});
  const PodPtr newer = named(1, "c");
  pods.put(newer);
  pods.put(named(3, "b"));
  CHECK(names(pods) == std::vector<std::string>{"a", "b", "c"});
  CHECK(pods.list().back() == newer);
  pods.erase(PodId(2));
  pods.put(named(4, "d"));
  pods.erase(PodId(4));  // before anybody saw it
  CHECK(names(pods) == std::vector<std::string>{"b", "c"});
}

TEST_CASE("a name may be used again by another pod", "[autoscaler]") {
  UnboundPods pods;
  pods.put(named(1, "db-0"));
  CHECK(pods.list().size() == 1);
  pods.erase(PodId(1));
  pods.put(named(2, "db-0"));
  REQUIRE(pods.list().size() == 1);
  CHECK(pods.list().front()->id == PodId(2));
}

TEST_CASE("unbound pods equal a map that is changed at once", "[autoscaler]") {
  const Random random(7);
  UnboundPods pods;
  std::map<std::string, PodPtr> expected;
  for (std::uint64_t step = 0; step < 2000; ++step) {
    const auto id = static_cast<unsigned>(random.index("pod", 0, step, 40));
    const std::string name = "p" + std::to_string(random.index("name", id, 0, 1000));
    if (random.uniform("erase", 0, step) < 0.4) {
      pods.erase(PodId(id));
      expected.erase(name + "-" + std::to_string(id));
    } else {
      const PodPtr pod = named(id, name + "-" + std::to_string(id));
      pods.put(pod);
      expected[pod->name] = pod;
    }
    if (random.uniform("read", 0, step) < 0.7) continue;
    std::vector<PodPtr> in_order;
    for (const auto& [key, pod] : expected) in_order.push_back(pod);
    REQUIRE(pods.list() == in_order);
  }
}

}  // namespace casim::sim
