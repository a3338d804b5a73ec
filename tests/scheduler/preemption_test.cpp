#include "sim/scheduler/preemption.h"

#include <algorithm>
#include <string>
#include <vector>

#include "sim/scheduler/filters.h"
#include "tests/catch.h"
#include "tests/scheduler/scheduler_world.h"

namespace casim::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Placed {
  std::uint32_t node;
  std::int64_t cpu_m;
  std::int32_t priority;
  int start_s = 0;
  std::string app = "";
};

// Nodes of 4 cores and the pods on them; who would have to go for one more?
struct Field {
  explicit Field(std::uint32_t nodes_wanted = 2) {
    for (std::uint32_t i = 0; i < nodes_wanted; ++i) nodes.put(share(make_node(i, {4000, 8192})));
  }

  PodId add(const Placed& placed, PodSpec spec = make_pod({0, 0})) {
    spec.requests.cpu = MilliCpu(placed.cpu_m);
    spec.priority = placed.priority;
    if (!placed.app.empty()) spec.labels["app"] = placed.app;
    const PodId id(next++);
    nodes.add_pod(NodeId(placed.node), id, share(std::move(spec)),
                  {.start_time = WallTime(seconds(placed.start_s))});
    return id;
  }

  void protect(const std::string& app, int allowed) {
    PodDisruptionBudget pdb;
    pdb.name = app;
    pdb.namespace_name = "default";
    pdb.selector = {{"app", LabelRequirement::Operator::kIn, {app}}};
    pdb.disruptions_allowed = allowed;
    preemption.put(pdb);
  }

  std::optional<Victims> for_pod(PodSpec spec) {
    const ClassId id = classes.of(share(std::move(spec)));
    classes.learn(nodes.affinity_terms());
    ClassCandidates among(nodes, scorer, classes[id]);
    REQUIRE_FALSE(among.choose(0, nodes.size()).node.is_valid());
    std::uint64_t message = 0;
    return preemption.find(among, classes[id], among.resolvable(), 7, 0, message);
  }

  std::vector<std::uint32_t> gone(PodSpec spec) {
    const std::optional<Victims> victims = for_pod(std::move(spec));
    std::vector<std::uint32_t> ids;
    for (const PodOnNode& pod : victims ? victims->pods : std::vector<PodOnNode>{}) {
      ids.push_back(pod.id.value());
    }
    return ids;
  }

  NodeTable nodes;
  PodClasses classes;
  WindowScorer scorer{nodes};
  Preemption preemption{nodes, Random(1)};
  std::uint32_t next = 0;
};

PodSpec high(std::int64_t cpu_m) {
  PodSpec spec = make_pod({cpu_m, 0});
  spec.priority = 100;
  return spec;
}

using Ids = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("the node for a preemption: what is compared, one after the other", "[scheduler]") {
  struct Row {
    const char* name;
    std::vector<Placed> pods;  // node 1 is to be chosen
  };

  const Row row = GENERATE(values<Row>({
      {"fewest broken budgets", {{0, 4000, 1, 0, "kept"}, {1, 4000, 50}}},
      {"the highest victim is lowest", {{0, 4000, 2}, {1, 2000, 1}, {1, 2000, 1}}},
      {"least sum of priorities", {{0, 2000, 5}, {0, 2000, 4}, {1, 2000, 5}, {1, 2000, 3}}},
      {"fewest victims, which weigh more than their priorities",
       {{0, 2000, 5}, {0, 2000, -9}, {1, 4000, 5}}},
      {"the earliest of the most important started latest",
       {{0, 2000, 5, 10}, {0, 2000, 4, 90}, {1, 2000, 5, 20}, {1, 2000, 4, 1}}},
  }));
  CAPTURE(row.name);
  Field field;
  field.protect("kept", 0);
  for (const Placed& pod : row.pods) field.add(pod);
  const auto victims = field.for_pod(high(4000));
  REQUIRE(victims);
  CHECK(victims->node == NodeId(1));
}

TEST_CASE("no more pods go than must, the least important first", "[scheduler]") {
  Field field(1);
  field.add({0, 1000, 5, 10});
  field.add({0, 1000, 7, 90});
  field.add({0, 1000, 5, 30});  // as important as the first, but younger
  field.add({0, 1000, 100});    // no lower priority
  CHECK(field.gone(high(1000)) == Ids{2});
  CHECK(field.gone(high(2000)) == Ids{0, 2});
  CHECK(field.gone(high(3000)) == Ids{1, 0, 2});
  CHECK(field.gone(high(4000)).empty());
}

TEST_CASE("whom a budget protects stays if anybody else can go", "[scheduler]") {
  Field field(1);
  field.protect("web", 1);
  field.add({0, 1000, 1, 0, "web"});
  field.add({0, 1000, 1, 1, "web"});
  field.add({0, 2000, 50});
  // One of the two may go; the younger would be too many.
  CHECK(field.gone(high(1000)) == Ids{0});
  const auto all = field.for_pod(high(4000));
  REQUIRE(all);
  CHECK(all->pods.size() == 3);
  CHECK(all->violations == 1);
}

TEST_CASE("nodes that no preemption helps are left alone", "[scheduler]") {
  Field field(3);
  Node tainted = make_node(1, {4000, 8192});
  tainted.taints.push_back(hard_taint("t"));
  field.nodes.put(share(tainted));
  field.nodes.put(share(make_node(2, {2000, 8192})));  // too small, even when empty
  field.add({0, 4000, 100});
  field.add({1, 4000, 0});
  field.add({2, 2000, 0});
  CHECK_FALSE(field.for_pod(high(3000)));
  CHECK(field.for_pod(high(2000))->node == NodeId(2));
}

TEST_CASE("victims make room of every kind", "[scheduler]") {
  const LabelSelector web{{"app", LabelRequirement::Operator::kIn, {"web"}}};
  SECTION("a host port") {
    Field field(1);
    PodSpec spec = high(100);
    spec.host_ports.push_back({80, "TCP", ""});
    field.add({0, 100, 0}, spec);
    field.add({0, 100, 0});
    CHECK(field.gone(spec) == Ids{0});
  }
  SECTION("anti-affinity of the pod, and of who is there") {
    for (const bool is_own : {true, false}) {
      Field field(1);
      PodSpec shy = high(100);
      shy.pod_anti_affinity.push_back({web, "kubernetes.io/hostname", {}});
      PodSpec plain = high(100);
      plain.labels["app"] = "web";
      field.add({0, 100, 0});
      field.add({0, 100, 0}, is_own ? plain : shy);
      CHECK(field.gone(is_own ? shy : plain) == Ids{1});
    }
  }
  SECTION("a domain that has too many") {
    Field field(0);
    field.nodes.put(share(make_node(0, {4000, 8192}, "a")));
    Node full = make_node(1, {4000, 8192}, "b");
    full.allocatable.pods = 0;
    field.nodes.put(share(full));
    PodSpec spread = high(100);
    spread.labels["app"] = "web";
    TopologySpread one;
    one.topology_key = "topology.kubernetes.io/zone";
    one.selector = web;
    spread.topology_spread.push_back(one);
    field.add({0, 100, 0, 0, "web"});
    field.add({0, 100, 0});
    CHECK(field.gone(spread) == Ids{0});
  }
}

TEST_CASE("nominated pods of no lower priority keep their room", "[scheduler]") {
  Field field(1);
  field.add({0, 1000, 0, 10});
  field.add({0, 1000, 0, 20});
  field.add({0, 1000, 0, 30});
  field.add({0, 1000, 0, 40});
  field.nodes.nominate(NodeId(0), PodId(50), share(high(2000)));
  CHECK(field.gone(high(1000)) == Ids{1, 2, 3});
  PodSpec higher = high(1000);
  higher.priority = 101;
  CHECK(field.gone(higher) == Ids{3});
}

TEST_CASE("without the victims there is room, with any one of them there is none", "[scheduler]") {
  const auto seed = GENERATE(range(0, 100));
  CAPTURE(seed);
  const Random random(static_cast<std::uint64_t>(seed));
  std::uint64_t n = 0;
  const auto roll = [&](std::uint64_t count) { return random.index("test", 0, n++, count); };
  const auto priority = [&] { return static_cast<std::int32_t>(roll(4)); };
  Field field(5);
  field.protect("web", static_cast<int>(roll(3)));
  const auto port = [&](PodSpec& spec) {
    if (roll(3) == 0) spec.host_ports.push_back({static_cast<int>(80 + roll(2)), "TCP", ""});
  };
  for (std::uint32_t node = 0; node < 5; ++node) {
    for (std::int64_t left = 4000; left > 0;) {
      const auto cpu = std::min<std::int64_t>(left, static_cast<std::int64_t>(100 + roll(1500)));
      PodSpec spec = make_pod({0, 0});
      port(spec);
      field.add({node, cpu, priority(), static_cast<int>(roll(9)), roll(2) == 0 ? "web" : ""},
                std::move(spec));
      left -= cpu;
    }
  }
  PodSpec spec = make_pod({static_cast<std::int64_t>(200 + roll(3000)), 0});
  spec.priority = 2 + static_cast<std::int32_t>(roll(3));
  port(spec);
  const auto victims = field.for_pod(spec);
  if (!victims) return;
  const PodClass& pod_class = field.classes[field.classes.of(share(spec))];
  SchedulerNodeInfo room = field.nodes[victims->node];
  for (const PodOnNode& pod : victims->pods) {
    CHECK(pod.spec->priority < spec.priority);
    remove_pod_from(room, pod.id);
  }
  CHECK(judge_ports_and_resources(pod_class, room) == 0);
  for (const PodOnNode& pod : victims->pods) {
    SchedulerNodeInfo with = room;
    add_pod_to(with, pod);
    CHECK(judge_ports_and_resources(pod_class, with) != 0);
  }
}

// --- in a world

namespace {

PodSpec low(std::int64_t cpu_m, Duration grace) {
  PodSpec spec = make_pod({cpu_m, 0});
  spec.grace = grace;
  return spec;
}

}  // namespace

TEST_CASE("a preemptor is nominated and binds when the last victim is gone", "[scheduler]") {
  SchedulerWorld world;
  world.add_node("a", {4000, 4096});
  const PodId first = world.add_pod(low(2000, seconds(10)));
  const PodId second = world.add_pod(low(2000, seconds(30)));
  PodId pod;
  world.kernel.at(at(5000), Phase::kWorld, [&] { pod = world.add_pod(high(3000)); });
  world.run_until(20'000);
  CHECK(world.cluster.pod(pod).nominated_node == "a");
  CHECK(world.deleted.at(first.value()) == at(5000));
  CHECK(world.deleted.at(second.value()) == at(5000));
  CHECK(world.ended.at(first.value()) == PodEnd::kPreempted);
  world.run_until(60'000);
  CHECK(world.bound.at(pod.value()) == at(35'000));
  CHECK(world.cluster.pod(pod).nominated_node.empty());
  CHECK(world.cluster.tally().preempted == 2);
  CHECK(world.cluster.tally().adds_up());
  CHECK(world.scheduler->stats().preemptions == 1);
}

TEST_CASE("a pod that never preempts waits like any other", "[scheduler]") {
  SchedulerWorld world;
  world.add_node("a", {4000, 4096});
  world.add_pod(low(4000, seconds(0)));
  PodSpec spec = high(1000);
  spec.preempts = false;
  world.run_until(1000);
  const PodId pod = world.add_pod(std::move(spec));
  world.run_until(60'000);
  CHECK(world.cluster.pod(pod).nominated_node.empty());
  CHECK(world.cluster.tally().preempted == 0);
}

TEST_CASE("a still higher pod takes the room first; the other looks for a place anew",
          "[scheduler]") {
  SchedulerWorld world;
  world.add_node("a", {4000, 4096});
  world.add_pod(low(4000, seconds(30)));
  PodSpec higher = high(4000);
  higher.priority = 200;
  PodId early;
  PodId late;
  world.kernel.at(at(1000), Phase::kWorld, [&] { early = world.add_pod(high(4000)); });
  world.kernel.at(at(2000), Phase::kWorld, [&] { late = world.add_pod(higher); });
  world.run_until(40'000);
  CHECK(world.bound.at(late.value()) == at(31'000));
  CHECK(world.cluster.pod(early).nominated_node.empty());  // nothing lower is there any more
  world.kernel.at(at(50'000), Phase::kWorld, [&] { world.add_node("b", {4000, 4096}); });
  world.run_until(60'000);
  CHECK(world.bound.at(early.value()) == at(50'000));
  CHECK(world.cluster.tally().preempted == 1);
}

TEST_CASE("nominations of lower priority on the node are taken back", "[scheduler]") {
  SchedulerWorld world;
  world.add_node("a", {4000, 4096});
  world.add_pod(low(2000, seconds(30)));
  world.add_pod(low(2000, seconds(30)));
  PodSpec higher = high(4000);
  higher.priority = 200;
  PodId early;
  PodId late;
  world.kernel.at(at(1000), Phase::kWorld, [&] { early = world.add_pod(high(2000)); });
  world.kernel.at(at(2000), Phase::kWorld, [&] {
    CHECK(world.cluster.pod(early).nominated_node == "a");
    late = world.add_pod(higher);  // the second victim goes for it
  });
  world.run_until(3000);
  CHECK(world.cluster.pod(early).nominated_node.empty());
  CHECK(world.cluster.pod(late).nominated_node == "a");
  world.run_until(60'000);
  CHECK(world.bound.at(late.value()) == at(32'000));
}

TEST_CASE("victims' writes queue behind the preemptor's status", "[scheduler]") {
  SchedulerWorld world({}, {}, {}, {1, 1});  // a write a second
  world.add_node("a", {4000, 4096});
  const PodId victim = world.add_pod(low(4000, seconds(5)));
  world.run_until(10'000);
  const PodId pod = world.add_pod(high(4000));
  world.run_until(30'000);
  // 10: status and nomination, 11: the victim's condition, 12: its deletion, 17: gone.
  CHECK(world.deleted.at(victim.value()) == at(12'000));
  CHECK(world.bound.at(pod.value()) == at(17'000));
}

TEST_CASE("while victims are still to be deleted the end of one wakes nobody in vain",
          "[scheduler]") {
  ApiServerConfig server;
  server.write_latency = Distribution::constant(seconds(1));
  SchedulerWorld world({}, {}, server);
  world.add_node("a", {4000, 4096});
  const PodId first = world.add_pod(low(2000, seconds(0)));
  const PodId second = world.add_pod(low(2000, seconds(0)));
  world.run_until(10'000);
  std::vector<TimePoint> tried;
  world.scheduler->observe([&](const Attempt&) { tried.push_back(world.kernel.now()); });
  const PodId pod = world.add_pod(high(4000));
  world.run_until(30'000);
  // One victim goes at 12 s (condition, deletion), the last at 14 s.
  const bool in_turn = world.deleted.at(first.value()) == at(12'000);
  CHECK(world.deleted.at((in_turn ? first : second).value()) == at(12'000));
  CHECK(world.deleted.at((in_turn ? second : first).value()) == at(14'000));
  CHECK(tried == std::vector{at(10'000), at(14'000)});
  CHECK(world.bound.at(pod.value()) == at(15'000));
}

TEST_CASE("a pod with a target preempts there and nowhere else", "[scheduler]") {
  SchedulerWorld world;
  world.add_node("a", {4000, 4096});
  world.add_node("b", {4000, 4096});
  std::vector<PodId> victims;
  for (int i = 0; i < 2; ++i) victims.push_back(world.add_pod(low(4000, seconds(1))));
  world.run_until(1000);
  const PodId on_b = world.node_of(victims[0]) == "b" ? victims[0] : victims[1];
  const PodId pod = world.add_pod(high(1000), "b");
  const PodId lost = world.add_pod(high(1000), "c");  // there is no such node
  world.run_until(10'000);
  CHECK(world.bound.at(pod.value()) == at(2000));
  CHECK(world.node_of(pod) == "b");
  CHECK(world.ended.size() == 1);
  CHECK(world.ended.contains(on_b.value()));
  CHECK(world.cluster.pod(lost).unschedulable);
}

TEST_CASE("a restarted scheduler keeps the room of who was nominated", "[scheduler]") {
  SchedulerWorld world;
  world.add_node("a", {4000, 4096});
  const PodId stays = world.add_pod(low(2000, seconds(30)));
  world.add_pod(low(2000, seconds(30)));
  world.run_until(1000);
  const PodId pod = world.add_pod(high(2000));
  world.run_until(5000);
  world.api.remove_watcher(*world.scheduler);
  world.scheduler = std::make_unique<Scheduler>(world.kernel, world.client, SchedulerConfig{});
  world.api.add_watcher(*world.scheduler, {Duration{}, Phase::kScheduler});
  world.kernel.at(at(30'900), Phase::kWorld, [&] { world.add_pod(make_pod({1500, 0})); });
  world.run_until(60'000);
  CHECK(world.bound.at(pod.value()) == at(31'000));
  CHECK(world.cluster.tally().preempted == 1);  // no second victim for the same pod
  CHECK(world.node_of(stays) == "a");
  CHECK(world.cluster.tally().pending == 1);
}

}  // namespace casim::sim
