#include "sim/cluster/node_condition.h"
#include "tests/apiserver/api_world.h"
#include "tests/catch.h"

namespace casim::sim {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Names = std::vector<std::string>;

TEST_CASE("object times are wall time cut to whole seconds", "[apiserver]") {
  ApiWorld world({}, WallTime(milliseconds(1'000'700)));  // 1000.7 s at the start
  ApiClient& client = world.api.add_client({"c"});
  PodId pod;
  world.kernel.at(at_ms(200), Phase::kWorld, [&] { pod = world.add_pod("a"); });
  world.run_until(299);
  CHECK(world.cluster.pod(pod).creation_timestamp == WallTime(seconds(1000)));
  CHECK(world.cluster.pod(pod).created == at_ms(200));  // exact, for measuring
  const auto mark = [&] { client.mark_unschedulable(pod, {}, [](Result<void>) {}); };
  world.kernel.at(at_ms(300), Phase::kWorld, mark);
  world.run_until(400);
  CHECK(world.cluster.pod(pod).unschedulable_since == WallTime(seconds(1001)));
  world.kernel.at(at_ms(5000), Phase::kWorld, mark);
  world.run_until(6000);
  // Written again, but the condition has not changed: the transition time stays.
  CHECK(world.cluster.pod(pod).unschedulable_since == WallTime(seconds(1001)));
  CHECK(world.facts.names == Names{"PodCreated", "PodUnschedulable"});
}

TEST_CASE("a node registers with the not-ready taint and loses it when Ready", "[apiserver]") {
  ApiWorld world;
  const NodeId node = world.add_node("n", false);
  CHECK(world.cluster.node(node)->has_taint(kNotReadyTaint));
  CHECK(world.cluster.node(node)->taints[0].effect == TaintEffect::kNoSchedule);
  world.kernel.at(at_ms(2500), Phase::kWorld, [&] { world.api.set_node_ready(node, true); });
  world.run_until(3000);
  CHECK(world.cluster.node(node)->taints.empty());
  CHECK(world.cluster.node(node)->last_transition == WallTime(seconds(2)));
  world.api.set_node_ready(node, true);  // no news
  world.api.set_node_ready(node, false);
  CHECK(world.cluster.node(node)->has_taint(kNotReadyTaint));
  CHECK(world.facts.names == Names{"NodeRegistered", "NodeReady", "NodeNotReady"});
}

TEST_CASE("a node that registers ready is ready at once", "[apiserver]") {
  ApiWorld world;
  world.add_node("n");
  CHECK(world.facts.names == Names{"NodeRegistered", "NodeReady"});
}

TEST_CASE("the deletion taint is reported when it comes and when it goes", "[apiserver]") {
  ApiWorld world;
  const NodeId node = world.add_node("n");
  world.facts.names.clear();
  world.api.edit_node(node, [](Node& n) {
    n.taints.push_back({std::string(kToBeDeletedTaint), "1", TaintEffect::kNoSchedule});
  });
  world.api.edit_node(node, [](Node& n) { n.labels["x"] = "1"; });
  world.api.edit_node(node, [](Node& n) { n.taints.clear(); });
  CHECK(world.facts.names == Names{"NodeTainted", "NodeTainted"});
}

TEST_CASE("pods of a deleted node stay until somebody removes them", "[apiserver]") {
  ApiWorld world;
  const NodeId node = world.add_node("n");
  const PodId running = world.add_pod("a");
  const PodId marked = world.add_pod("b");
  for (const PodId pod : {running, marked}) REQUIRE(world.api.bind(pod, node));
  REQUIRE(world.api.delete_pod(marked, PodEnd::kEvicted, seconds(30)));
  world.api.delete_node(node);
  world.run_until(3'600'000);
  CHECK(world.cluster.pods_on(node) == std::vector<PodId>{running, marked});
  REQUIRE(world.api.remove_pod(running));
  REQUIRE(world.api.remove_pod(marked));
  CHECK_FALSE(world.api.remove_pod(marked));
  CHECK(world.cluster.tally().lost == 1);
  CHECK(world.cluster.tally().evicted == 1);
  CHECK(world.cluster.broken_invariant() == std::nullopt);
}

TEST_CASE("the NoSchedule taint follows the condition, the NoExecute one does not", "[apiserver]") {
  ApiWorld world;
  const NodeId node = world.add_node("n");
  world.api.edit_node(node, [](Node& n) {
    set_ready_status(n, ReadyStatus::kUnknown, {});
    set_taint(n, kNotReadyTaint, TaintEffect::kNoExecute, true);
  });
  CHECK(world.cluster.node(node)->has_taint(kUnreachableTaint, TaintEffect::kNoSchedule));
  world.api.set_node_ready(node, false);  // not the same as Unknown
  CHECK_FALSE(world.cluster.node(node)->has_taint(kUnreachableTaint));
  CHECK(world.cluster.node(node)->has_taint(kNotReadyTaint, TaintEffect::kNoSchedule));
  world.facts.names.clear();
  world.api.set_node_ready(node, true);
  CHECK(world.facts.names == Names{"NodeReady"});  // pods tolerate the other one for a while
  CHECK(world.cluster.node(node)->has_taint(kNotReadyTaint, TaintEffect::kNoExecute));
  CHECK_FALSE(world.cluster.node(node)->has_taint(kNotReadyTaint, TaintEffect::kNoSchedule));
}

TEST_CASE("deletion is graceful for a pod on a node and ends with its first reason",
          "[apiserver]") {
  ApiWorld world;
  const NodeId node = world.add_node("n");
  const PodId bound = world.add_pod("a");
  const PodId waiting = world.add_pod("b");
  REQUIRE(world.api.bind(bound, node));
  world.api.set_running(bound);
  CHECK(world.api.delete_pod(waiting, PodEnd::kDeleted, seconds(30)));
  CHECK(world.cluster.find_pod(waiting) == nullptr);
  CHECK(world.api.delete_pod(bound, PodEnd::kPreempted, seconds(30)));
  CHECK(world.cluster.pod(bound).deletion_timestamp == WallTime(seconds(30)));
  CHECK(world.api.delete_pod(bound, PodEnd::kDeleted, seconds(1)));  // changes nothing
  CHECK(world.cluster.pod(bound).deletion_timestamp == WallTime(seconds(30)));
  CHECK(world.cluster.tally().running == 1);
  world.api.finish_deletion(bound);
  CHECK(world.cluster.tally().preempted == 1);
  CHECK(world.cluster.tally().deleted == 1);
  world.api.finish_deletion(bound);  // late news of a pod that has ended
  world.api.complete(bound);
  world.api.set_running(bound);
  CHECK(world.cluster.tally().preempted == 1);
}

TEST_CASE("a pod's facts come when its writes are applied", "[apiserver]") {
  ApiWorld world;
  const NodeId node = world.add_node("n");
  world.facts.names.clear();
  const PodId pod = world.add_pod("a");
  REQUIRE(world.api.bind(pod, node));
  world.api.set_running(pod);
  world.api.set_running(pod);
  world.api.complete(pod);
  CHECK(world.facts.names == Names{"PodCreated", "PodBound", "PodRunning", "PodEnded"});
}

TEST_CASE("what kubelets report of an outage waits until they find the server up again",
          "[apiserver]") {
  ApiWorld world;
  const NodeId node = world.add_node("n");
  const PodId pod = world.add_pod("a");
  REQUIRE(world.api.bind(pod, node));
  world.api.outages().begin({.from = kTimeZero, .to = at_ms(60'000)});
  const std::size_t before = world.facts.names.size();
  world.api.set_running(pod);
  world.api.complete(pod);
  world.run_until(59'999);
  CHECK(world.facts.names.size() == before);
  world.run_until(70'000);
  REQUIRE(world.facts.names.size() == before + 2);
  CHECK(world.facts.names[before] == "PodRunning");
  CHECK(world.facts.names[before + 1] == "PodEnded");
  CHECK(world.facts.times[before] >= at_ms(60'000));
  CHECK(world.facts.times[before] == world.facts.times[before + 1]);
}

}  // namespace casim::sim
