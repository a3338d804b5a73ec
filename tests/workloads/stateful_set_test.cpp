#include "sim/workloads/stateful_set_controller.h"

#include "tests/workloads/workloads_world.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

StatefulPod pod_of(std::uint32_t id, const std::string& revision, bool available = true) {
  StatefulPod pod;
  pod.id = PodId(id);
  pod.revision = revision;
  pod.ready = pod.available = available;
  return pod;
}

// All of the old revision, and available.
StatefulSetView nine_old() {
  StatefulSetView set;
  set.replicas = 9;
  set.revision = "2";
  set.current_revision = "1";
  for (std::uint32_t i = 0; i < 9; ++i) set.pods[i] = pod_of(i, "1");
  return set;
}

std::vector<std::uint64_t> outdated(const StatefulSetView& set) {
  std::vector<std::uint64_t> ordinals;
  for (const StatefulWrite& write : plan_stateful_set(set).outdated) {
    ordinals.push_back(write.ordinal);
  }
  return ordinals;
}

using Ordinals = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("up to 1.36 a rollout replaces one pod at a time, down to the partition", "[workloads]") {
  StatefulSetView set = nine_old();
  set.partition = 7;
  CHECK(outdated(set) == Ordinals{8});
  set.pods[8] = pod_of(20, "2", false);
  set.parallel = true;
  CHECK(outdated(set).empty());
  set.pods[8] = pod_of(20, "2");
  CHECK(outdated(set) == Ordinals{7});
  set.pods[7] = pod_of(21, "2");
  CHECK(outdated(set).empty());
}

TEST_CASE("from 1.37 as many as maxUnavailable are replaced at a time", "[workloads]") {
  StatefulSetView set = nine_old();
  set.max_unavailable = 3;
  CHECK(outdated(set) == Ordinals{8, 7, 6});
  set.parallel = true;
  set.pods[8] = pod_of(20, "2", false);
  CHECK(outdated(set) == Ordinals{7, 6});
}

TEST_CASE("broken old pods: OrderedReady is stuck, Parallel goes on", "[workloads]") {
  StatefulSetView set = nine_old();
  for (auto& [ordinal, pod] : set.pods) pod.available = pod.ready = false;
  CHECK(outdated(set).empty());
  set.parallel = true;
  CHECK(outdated(set) == Ordinals{8});
  set.max_unavailable = 1;
  CHECK(outdated(set).size() == 9);
  set.parallel = false;
  CHECK(outdated(set).empty());
}

TEST_CASE("an unready pod stops OrderedReady from going down, but for itself", "[workloads]") {
  StatefulSetView set = nine_old();
  set.revision = "1";
  set.replicas = 6;
  const auto condemned = [&] {
    Ordinals ordinals;
    for (const auto& write : plan_stateful_set(set).condemned) ordinals.push_back(write->ordinal);
    return ordinals;
  };
  CHECK(condemned() == Ordinals{8});
  set.pods[7].available = set.pods[7].ready = false;
  CHECK(condemned() == Ordinals{8});
  set.pods[8].available = set.pods[8].ready = false;
  CHECK(condemned().empty());  // 7 is the first that is not
  set.pods.erase(8);
  CHECK(condemned() == Ordinals{7});
  set.pods[2].available = set.pods[2].ready = false;
  CHECK(condemned().empty());
}

TEST_CASE("a StatefulSet makes the pod of an ordinal again when it is gone", "[workloads]") {
  WorkloadsWorld world;
  StatefulSetController sets(world.api, {"statefulset-controller"}, world.status);
  world.informer.add(sets);
  world.start();
  StatefulSet set;
  set.owner.kind = OwnerKind::kStatefulSet;
  set.owner.uid = "db";
  set.workload = WorkloadId(0);
  set.pod.name_prefix = "db";
  set.pod.requests.pods = 1;
  set.replicas = 2;
  sets.create(set);
  world.until(1s);
  REQUIRE(world.facts.made.size() == 1);
  world.run(PodId(0));
  world.until(2s);
  REQUIRE(world.facts.made.size() == 2);
  world.run(PodId(1));
  world.until(3s);
  CHECK(world.status.last.open() == 0);
  CHECK(sets.ready() == 2);
  REQUIRE(world.api.delete_pod(PodId(0), PodEnd::kEvicted, 30s).has_value());
  world.until(4s);
  CHECK(world.facts.made.size() == 2);
  world.api.finish_deletion(PodId(0));
  world.until(5s);
  REQUIRE(world.facts.made.size() == 3);
  CHECK(world.facts.made[2].second.index == 0);
  CHECK(world.facts.made[2].second.replaces == PodId(0));
  CHECK(world.status.last.open() == 1);
}
