// Volumes that are made where the first pod of their claim goes.
#include "tests/apiserver/api_world.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

struct ClaimWorld : ApiWorld {
  NodeId add_node_in(const std::string& zone) {
    Node node;
    node.name = "in-" + zone;
    node.ready = true;
    node.labels["topology.kubernetes.io/zone"] = zone;
    node.allocatable.cpu = MilliCpu(8000);
    node.allocatable.pods = 10;
    return api.create_node({std::move(node), "i-" + zone, "group"});
  }

  PodId add_pod_with(const std::string& name, const std::vector<std::string>& claims,
                     const std::string& name_space = "default") {
    PodSpec made = *spec;
    made.namespace_name = name_space;
    for (const std::string& claim : claims) {
      made.volumes.push_back({"v-" + claim, Volume::Kind::kClaim, claim});
    }
    NewPod pod = new_pod(name);
    pod.spec = std::make_shared<const PodSpec>(std::move(made));
    return api.create_pod(std::move(pod));
  }

  std::string zone(PodId pod) { return cluster.pod(pod).spec->volume_zone; }
};

}  // namespace

TEST_CASE("the node of the first pod decides the zone of a claim for all that name it",
          "[apiserver]") {
  ClaimWorld world;
  const PodId first = world.add_pod_with("first", {"data"});
  const PodId waits = world.add_pod_with("waits", {"data"});
  const PodId other = world.add_pod_with("other", {"data"}, "elsewhere");
  const PodId gone = world.add_pod_with("gone", {"data"});
  REQUIRE(world.api.delete_pod(gone, PodEnd::kDeleted, {}));
  CHECK(world.zone(first).empty());
  REQUIRE(world.api.bind(first, world.add_node_in("b")));
  CHECK(world.zone(first) == "b");
  CHECK(world.zone(waits) == "b");
  CHECK(world.zone(other).empty());
  CHECK(world.zone(world.add_pod_with("later", {"data"})) == "b");
  // It stays there without any pod.
  REQUIRE(world.api.remove_pod(first));
  REQUIRE(world.api.remove_pod(waits));
  CHECK(world.zone(world.add_pod_with("much later", {"data"})) == "b");
}

TEST_CASE("watchers see that pods ask for a zone, in the order in which pods were made",
          "[apiserver]") {
  ClaimWorld world;
  const NodeId node = world.add_node_in("a");
  const PodId second = world.add_pod_with("waits-1", {"data"});
  const PodId first = world.add_pod_with("first", {"data", "log"});
  world.add_pod_with("waits-2", {"log", "data"});
  world.add_pod_with("free", {"tmp"});
  const std::uint64_t version = world.cluster.pod(second).resource_version;
  Seen seen(world.kernel);
  world.api.add_watcher(seen, {});
  seen.log.clear();
  REQUIRE(world.api.bind(first, node));
  world.run_until(1);
  std::vector<std::string> names;
  for (const auto& [when, name] : seen.log) names.push_back(name);
  CHECK(names == std::vector<std::string>{"first", "waits-1", "waits-2"});
  // Nobody wrote to the pod.
  CHECK(world.cluster.pod(second).resource_version == version);
}

TEST_CASE("a claim that has a volume decides for those that have none", "[apiserver]") {
  ClaimWorld world;
  world.api.claims().provide({"default", "old"}, "c");
  world.api.claims().provide({"default", "old"}, "a");  // it has one
  const PodId both = world.add_pod_with("both", {"new", "old"});
  const PodId waits = world.add_pod_with("waits", {"new"});
  CHECK(world.zone(both) == "c");
  CHECK(world.zone(waits).empty());
  REQUIRE(world.api.bind(both, world.add_node_in("c")));
  CHECK(world.zone(waits) == "c");
}

TEST_CASE("a node in no zone leaves its pods' claims without a volume", "[apiserver]") {
  ClaimWorld world;
  const PodId first = world.add_pod_with("first", {"data"});
  const PodId waits = world.add_pod_with("waits", {"data"});
  REQUIRE(world.api.bind(first, world.add_node("plain")));
  CHECK(world.zone(first).empty());
  CHECK(world.zone(waits).empty());
  REQUIRE(world.api.bind(waits, world.add_node_in("a")));
  CHECK(world.zone(world.add_pod_with("later", {"data"})) == "a");
}

TEST_CASE("pods that share a spec and a claim go on to share a spec", "[apiserver]") {
  ClaimWorld world;
  PodSpec made = *world.spec;
  made.volumes.push_back({"d", Volume::Kind::kClaim, "data"});
  world.spec = std::make_shared<const PodSpec>(std::move(made));
  const PodId first = world.add_pod("first");
  const PodId waits = world.add_pod("waits");
  REQUIRE(world.api.bind(first, world.add_node_in("a")));
  const PodId later = world.add_pod("later");
  CHECK(world.cluster.pod(first).spec == world.cluster.pod(waits).spec);
  CHECK(world.cluster.pod(first).spec == world.cluster.pod(later).spec);
}

}  // namespace casim::sim
