// Claims that have no volume yet: who is placed first decides, before anybody else hears of it.
#include "tests/catch.h"
#include "tests/scheduler/scheduler_world.h"

namespace casim::sim {
namespace {

constexpr Size kOne{1000, 1024};

// Writes take 100 ms.
struct ZonedWorld : SchedulerWorld {
  ZonedWorld()
      : SchedulerWorld({}, {},
                       {.write_latency = Distribution::constant(std::chrono::milliseconds(100))}) {}

  NodeId add_node_in(const std::string& name, const std::string& zone) {
    Node node = make_node(0, kOne, zone);
    node.name = name;
    node.ready = true;
    return api.create_node({std::move(node), "", ""});
  }

  PodId add_pod_with(const std::string& claim, std::int32_t priority = 0) {
    PodSpec spec = make_pod(kOne);
    spec.priority = priority;
    spec.preempts = false;
    spec.grace = {};
    spec.volumes.push_back({"d", Volume::Kind::kClaim, claim});
    return add_pod(std::move(spec));
  }
};

}  // namespace

TEST_CASE("a pod follows another that is placed and not bound yet", "[scheduler]") {
  ZonedWorld world;
  world.add_node_in("a1", "a");
  world.add_node_in("b1", "b");
  const PodId first = world.add_pod_with("data", 1);
  const PodId second = world.add_pod_with("data");
  const PodId other = world.add_pod_with("log");
  world.run_until(5'000);
  REQUIRE_FALSE(world.node_of(first).empty());
  CHECK(world.node_of(second).empty());  // the node that is left is in the other zone
  CHECK_FALSE(world.node_of(other).empty());
  const std::string zone = world.node_of(first).substr(0, 1);
  const std::string away = zone == "a" ? "b" : "a";
  world.add_node_in(away + "2", away);
  world.run_until(60'000);
  CHECK(world.node_of(second).empty());
  world.add_node_in(zone + "2", zone);
  world.run_until(120'000);
  CHECK(world.node_of(second) == zone + "2");
}

TEST_CASE("a pod that is not bound after all leaves its claim to the next", "[scheduler]") {
  ZonedWorld world;
  const NodeId a = world.add_node_in("a1", "a");
  const PodId first = world.add_pod_with("data");
  world.kernel.after(std::chrono::milliseconds(50), Phase::kWorld, [&] {
    world.add_node_in("b1", "b");
    world.api.edit_node(a, [](Node& node) { node.unschedulable = true; });
    static_cast<void>(world.api.delete_pod(first, PodEnd::kDeleted, {}));
  });
  world.run_until(60);
  REQUIRE(world.cluster.find_pod(first) == nullptr);
  const PodId second = world.add_pod_with("data");
  world.run_until(5'000);
  CHECK(world.node_of(second) == "b1");
}

TEST_CASE("a scheduler that starts anew knows where claims are", "[scheduler]") {
  ZonedWorld world;
  world.add_node_in("a1", "a");
  const PodId first = world.add_pod_with("data");
  world.run_until(1'000);
  REQUIRE(world.node_of(first) == "a1");
  world.add_node_in("b1", "b");
  world.client.die();
  world.api.remove_watcher(*world.scheduler);
  static_cast<void>(world.api.remove_pod(first));
  ApiClient& next = world.api.add_client({"scheduler", 0, 0, Phase::kScheduler});
  world.scheduler = std::make_unique<Scheduler>(world.kernel, next, SchedulerConfig{});
  world.api.add_watcher(*world.scheduler, {{}, Phase::kScheduler});
  const PodId second = world.add_pod_with("data");
  world.run_until(10'000);
  CHECK(world.node_of(second) == "a1");
}

}  // namespace casim::sim
