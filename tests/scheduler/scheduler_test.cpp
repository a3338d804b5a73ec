#include "sim/scheduler/scheduler.h"

#include "tests/catch.h"
#include "tests/scheduler/scheduler_world.h"

namespace casim::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

}  // namespace

TEST_CASE("a pod is bound a watch delay and a write after it came", "[scheduler]") {
  ApiServerConfig server;
  server.write_latency = Distribution::constant(milliseconds(7));
  SchedulerWorld world(milliseconds(20), {}, server);
  world.add_node("a", {4000, 4096});
  PodId pod;
  world.kernel.at(at(100), Phase::kWorld, [&] { pod = world.add_pod(make_pod({100, 100})); });
  world.run_until(1000);
  CHECK(world.bound[pod.value()] == at(127));
}

TEST_CASE("what is assumed counts before the watch shows it", "[scheduler]") {
  ApiServerConfig server;
  server.write_latency = Distribution::constant(milliseconds(50));
  SchedulerWorld world(milliseconds(500), {}, server);
  world.add_node("a", {1000, 4096});
  for (int i = 0; i < 5; ++i) world.add_pod(make_pod({400, 100}));
  world.run_until(10'000);
  CHECK(world.bound.size() == 2);
  CHECK(world.cluster.tally().pending == 3);
  CHECK(world.cluster.broken_invariant() == std::nullopt);
}

TEST_CASE("a binding to a node that has just gone is tried again elsewhere", "[scheduler]") {
  SchedulerWorld world(milliseconds(500));
  const NodeId first = world.add_node("a", {2000, 4096});
  world.run_until(1000);
  const PodId pod = world.add_pod(make_pod({100, 100}));
  world.kernel.at(at(1400), Phase::kWorld, [&] {
    world.api.delete_node(first);
    world.add_node("b", {2000, 4096});
  });
  world.run_until(10'000);
  CHECK(world.scheduler->stats().bind_errors == 1);
  CHECK(world.node_of(pod) == "b");
  // Seen at 1.5 s, refused at once; an error backs off for 1 s and leaves with its second.
  CHECK(world.bound[pod.value()] == at(3000));
}

TEST_CASE("a pod with a target goes to that node or waits for it", "[scheduler]") {
  SchedulerWorld world;
  world.add_node("a", {4000, 4096});
  world.add_node("b", {1000, 4096});
  const PodId there = world.add_pod(make_pod({500, 100}), "b");
  const PodId later = world.add_pod(make_pod({500, 100}), "c");
  world.kernel.at(at(5000), Phase::kWorld, [&] { world.add_node("d", {4000, 4096}); });
  world.kernel.at(at(9000), Phase::kWorld, [&] { world.add_node("c", {4000, 4096}); });
  world.run_until(20'000);
  CHECK(world.node_of(there) == "b");
  CHECK(world.node_of(later) == "c");
  CHECK(world.bound[later.value()] == at(9000));
}

TEST_CASE("attempts take their time one after the other", "[scheduler]") {
  SchedulerConfig config;
  config.attempt_duration = milliseconds(4);
  SchedulerWorld world({}, config);
  world.add_node("a", {4000, 4096});
  for (int i = 0; i < 3; ++i) world.add_pod(make_pod({100, 100}));
  world.run_until(1000);
  CHECK(world.bound[0] == at(4));
  CHECK(world.bound[1] == at(8));
  CHECK(world.bound[2] == at(12));
}

TEST_CASE("pods of other schedulers are counted but not placed", "[scheduler]") {
  SchedulerWorld world;
  const NodeId node = world.add_node("a", {1000, 4096});
  PodSpec foreign = make_pod({800, 100});
  foreign.scheduler_name = "other";
  const PodId other = world.add_pod(foreign);
  world.run_until(100);
  CHECK_FALSE(world.cluster.pod(other).node.is_valid());
  REQUIRE(world.api.bind(other, node));
  world.run_until(200);
  const PodId ours = world.add_pod(make_pod({800, 100}));
  world.run_until(300);
  CHECK(world.cluster.pod(ours).unschedulable);
}

TEST_CASE("a pod that ends while it waits is forgotten", "[scheduler]") {
  SchedulerWorld world;
  world.add_node("a", {1000, 4096});
  const PodId big = world.add_pod(make_pod({2000, 100}));
  world.run_until(1000);
  REQUIRE(world.api.delete_pod(big, PodEnd::kDeleted, Duration{}));
  world.add_node("b", {4000, 4096});
  world.run_until(2000);
  CHECK(world.scheduler->stats().attempts == 1);
  CHECK(world.kernel.next_event_time() > at(2000));
  world.run_until(400'000);
  CHECK(world.scheduler->stats().attempts == 1);
}

TEST_CASE("a restarted scheduler goes on from what it lists", "[scheduler]") {
  ApiServerConfig server;
  server.write_latency = Distribution::constant(milliseconds(50));
  SchedulerWorld world({}, {}, server);
  world.add_node("a", {1000, 4096});
  const PodId first = world.add_pod(make_pod({600, 100}));
  const PodId second = world.add_pod(make_pod({600, 100}));
  world.run_until(20);  // the binding of the first is on its way
  world.api.remove_watcher(*world.scheduler);
  world.scheduler.reset();
  world.run_until(1000);
  CHECK(world.node_of(first) == "a");
  world.scheduler = std::make_unique<Scheduler>(world.kernel, world.client, SchedulerConfig{});
  world.api.add_watcher(*world.scheduler, {Duration{}, Phase::kScheduler});
  world.run_until(2000);
  CHECK(world.cluster.pod(second).unschedulable);
  world.add_node("b", {1000, 4096});
  world.run_until(3000);
  CHECK(world.node_of(second) == "b");
}

TEST_CASE("above 100 nodes only a share is examined, from a start that moves on", "[scheduler]") {
  SchedulerWorld world;
  for (int i = 0; i < 200; ++i) {
    const NodeId node = world.add_node("n" + std::to_string(i), {1000, 4096});
    if (i == 150) continue;
    NewPod filler;
    filler.spec = share(make_pod({500, 100}));
    REQUIRE(world.api.bind(world.api.create_pod(std::move(filler)), node));
  }
  world.run_until(1);
  const PodId first = world.add_pod(make_pod({100, 100}));
  world.run_until(2);
  const PodId second = world.add_pod(make_pod({100, 100}));
  world.run_until(3);
  CHECK(world.node_of(first) == "n0");  // of the first 100; the empty n150 is not among them
  CHECK(world.node_of(second) == "n150");
}

TEST_CASE("a pod that is drawn to others waits until one of them is bound", "[scheduler]") {
  SchedulerWorld world;
  Node node = make_node(0, {4000, 4096}, "a");
  node.name = "a";
  node.ready = true;
  world.api.create_node({std::move(node), "", ""});
  const LabelSelector db{{"app", LabelRequirement::Operator::kIn, {"db"}}};
  PodSpec web = make_pod({100, 100});
  web.pod_affinity.push_back({db, "topology.kubernetes.io/zone", {}});
  PodSpec server = make_pod({100, 100});
  server.labels["app"] = "db";
  const PodId pod = world.add_pod(web);
  world.kernel.at(at(7000), Phase::kWorld, [&] { world.add_pod(make_pod({100, 100})); });
  world.kernel.at(at(9000), Phase::kWorld, [&] { world.add_pod(server); });
  world.run_until(20'000);
  CHECK(world.bound.at(pod.value()) == at(9000));
  CHECK(world.scheduler->stats().unschedulable == 1);
}

}  // namespace casim::sim
