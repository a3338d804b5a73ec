// Claims of StatefulSets: a pod is made again where the volumes of its ordinal are.
#include "sim/workloads/stateful_set_controller.h"
#include "tests/workloads/workloads_world.h"

namespace casim::sim {
namespace {

struct StatefulClaims : WorkloadsWorld {
  StatefulClaims() : stateful(api, {"statefulset-controller"}, status) { informer.add(stateful); }

  NodeId add_node_in(const std::string& zone) {
    NewNode fresh;
    fresh.node.name = "in-" + zone;
    fresh.node.labels["topology.kubernetes.io/zone"] = zone;
    fresh.node.allocatable.cpu = MilliCpu(10'000);
    fresh.node.allocatable.pods = 10;
    fresh.node.ready = true;
    return api.create_node(std::move(fresh));
  }

  void create(std::uint64_t replicas, std::vector<std::string> zones = {}) {
    StatefulSet set;
    set.owner.kind = OwnerKind::kStatefulSet;
    set.owner.uid = "uid";
    set.owner.name = "db";
    set.workload = WorkloadId(0);
    set.pod = *blueprint(OwnerKind::kStatefulSet, "uid").spec;
    set.replicas = replicas;
    set.parallel = true;
    set.claims = {{"data", std::move(zones)}};
    start();
    stateful.create(std::move(set));
    until(std::chrono::seconds(1));
  }

  const Pod& newest(std::uint64_t ordinal) {
    PodId found;
    cluster.for_each_pod([&](const Pod& pod) {
      if (cluster.life(pod.id).index == ordinal) found = pod.id;
    });
    return cluster.pod(found);
  }

  std::string zone(std::uint64_t ordinal) { return newest(ordinal).spec->volume_zone; }

  StatefulSetController stateful;
};

}  // namespace

TEST_CASE("each ordinal has its own claim, which is where its first pod went", "[workloads]") {
  StatefulClaims world;
  world.create(2);
  CHECK(world.zone(0).empty());
  CHECK(world.newest(0).spec->volumes.back().claim == "data-db-0");
  world.run(world.newest(0).id, world.add_node_in("a"));
  world.run(world.newest(1).id, world.add_node_in("b"));
  CHECK(world.zone(0) == "a");
  CHECK(world.zone(1) == "b");
  for (const std::uint64_t ordinal : {0U, 1U}) {
    const PodId old = world.newest(ordinal).id;
    REQUIRE(world.api.remove_pod(old));
    world.until(std::chrono::seconds(2 + ordinal));
    CHECK(world.newest(ordinal).id != old);
  }
  CHECK(world.zone(0) == "a");
  CHECK(world.zone(1) == "b");
}

TEST_CASE("claims that bind at once have a zone before their pods, unless they are there already",
          "[workloads]") {
  StatefulClaims world;
  const std::vector<std::string> zones{"a", "b", "c"};
  const std::string usual = zone_of_claim("data-db-0", zones);
  const std::string other = usual == "a" ? "b" : "a";
  world.api.claims().provide({"default", "data-db-1"}, other);
  world.create(2, zones);
  CHECK(world.zone(0) == usual);
  CHECK(world.zone(1) == other);
}

}  // namespace casim::sim
