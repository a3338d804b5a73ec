// Faults that befall nodes, and zones with all that is in them.
#include <set>

#include "tests/faults/faulty_world.h"

namespace casim::sim {

namespace {

// Ten nodes of each group, Ready before any fault begins at 100 s, and three static ones.
struct TwentyThree : FaultyWorld {
  explicit TwentyThree(std::vector<Fault> faults) : FaultyWorld(std::move(faults)) {
    for (const char* name : {"cp-1", "cp-2", "cp-3"}) {
      Node node;
      node.name = name;
      node.labels["topology.kubernetes.io/zone"] = "us-east-1a";
      node.allocatable.pods = 10;
      node.ready = true;
      nodes.add_static_node(std::move(node));
    }
    launch("general", 5, "us-east-1a");
    launch("general", 5, "us-east-1b");
    launch("gpu", 10, "us-east-1b");
    ec2.until(99s);
    REQUIRE(cluster.node_count() == 23);
  }

  // How many nodes of each group are Ready; "": static ones.
  std::map<std::string, int> ready() const {
    std::map<std::string, int> count{{"", 0}, {"general", 0}, {"gpu", 0}};
    for (const MachineOfNode& machine : nodes.machines()) {
      if (cluster.node(machine.node)->ready) ++count[machine.group];
    }
    return count;
  }

  // Those whose lease is renewed from now on.
  std::set<std::string> heard() const {
    std::set<std::string> names;
    for (const MachineOfNode& machine : nodes.machines()) {
      if (heartbeats.find(machine.node)->lasting_period()) names.insert(machine.name);
    }
    return names;
  }
};

constexpr FaultTimes kTenMinutes{.at = 100s, .length = 10min};

using Counts = std::map<std::string, int>;

}  // namespace

TEST_CASE("nodes are not Ready while the fault lasts, and are again after it", "[faults]") {
  TwentyThree world(only(NodeNotReadyFault{.times = kTenMinutes, .scope = {.groups = {"gpu"}}}));
  CHECK(world.ready() == Counts{{"", 3}, {"general", 10}, {"gpu", 10}});
  world.ec2.until(100s);
  CHECK(world.ready() == Counts{{"", 3}, {"general", 10}, {"gpu", 0}});
  CHECK(world.heard().size() == 23);
  world.ec2.until(700s);
  CHECK(world.ready() == Counts{{"", 3}, {"general", 10}, {"gpu", 10}});
}

TEST_CASE("static nodes are befallen by name, or with all", "[faults]") {
  struct Row {
    NodeScope scope;
    Counts ready;
  };

  const auto row = GENERATE(values<Row>({
      {{.static_nodes = {"cp-1", "cp-3"}}, {{"", 1}, {"general", 10}, {"gpu", 10}}},
      {{}, {{"", 0}, {"general", 0}, {"gpu", 0}}},
      {{.zones = {"us-east-1a"}}, {{"", 0}, {"general", 5}, {"gpu", 10}}},
      {{.groups = {"general"}, .static_nodes = {"cp-1"}, .zones = {"us-east-1a"}},
       {{"", 2}, {"general", 5}, {"gpu", 10}}},
      {{.groups = {"general"}, .portion = {.count = 3}}, {{"", 3}, {"general", 7}, {"gpu", 10}}},
      {{.groups = {"gpu"}, .portion = {.count = 30}}, {{"", 3}, {"general", 10}, {"gpu", 0}}},
      {{.groups = {"gpu"}, .portion = {.share = 0}}, {{"", 3}, {"general", 10}, {"gpu", 10}}},
  }));
  TwentyThree world(only(NodeNotReadyFault{.times = kTenMinutes, .scope = row.scope}));
  world.ec2.until(2min);
  CHECK(world.ready() == row.ready);
}

TEST_CASE("two troubles of one node are over when both are", "[faults]") {
  TwentyThree world({Fault{.body = NodeNotReadyFault{.times = {.at = 100s, .length = 100s}}},
                     Fault{.body = NodeNotReadyFault{.times = {.at = 150s, .length = 100s}}}});
  world.ec2.until(249s);
  CHECK(world.ready() == Counts{{"", 0}, {"general", 0}, {"gpu", 0}});
  world.ec2.until(250s);
  CHECK(world.ready() == Counts{{"", 3}, {"general", 10}, {"gpu", 10}});
}

TEST_CASE("a dead machine boots when it is over, and is Ready when a new one would be",
          "[faults]") {
  TwentyThree world(only(NodeCrashFault{
      .at = 100s, .down_for = 1min, .scope = {.groups = {"general"}, .portion = {.count = 2}}}));
  world.ec2.until(2min);
  CHECK(world.heard().size() == 21);
  CHECK(world.ready()["general"] == 10);  // nobody says otherwise yet
  world.ec2.until(160s + 22s);
  CHECK(world.heard().size() == 23);
  CHECK(world.ready()["general"] == 8);
  world.ec2.until(160s + 22s + 5s);
  CHECK(world.ready()["general"] == 10);
  CHECK(world.cluster.nodes_created() == 23);
}

TEST_CASE("without a time to repair a crash is for good, and others come after it", "[faults]") {
  NodeCrashFault crash{.scope = {.groups = {"general"}, .portion = {.count = 1}}};
  Fault fault{.body = crash};
  fault.every = Recurrence{.mean_time_between = Distribution::constant(100s),
                           .mean_time_to_repair = std::nullopt};
  TwentyThree world({fault});
  world.ec2.until(10min);
  CHECK(world.heard().size() < 20);
  CHECK(world.heard().size() >= 17);  // six times one of ten, dead ones among them
}

TEST_CASE("a silent node is heard again within ten seconds after it", "[faults]") {
  TwentyThree world(only(NodeCrashFault{
      .at = 100s, .down_for = 1min, .scope = {.groups = {"gpu"}}, .state = CrashState::kSilent}));
  world.ec2.until(160s);
  CHECK(world.heard().size() == 13);
  world.ec2.until(165s);
  CHECK(world.heard().size() > 13);
  CHECK(world.heard().size() < 23);
  world.ec2.until(170s);
  CHECK(world.heard().size() == 23);
  CHECK(world.ready()["gpu"] == 10);
}

TEST_CASE("a crash in a silence, and the other way round, end one after the other", "[faults]") {
  const bool dies_first = GENERATE(true, false);
  const NodeScope gpu{.groups = {"gpu"}};
  const Duration silent_at = dies_first ? 110s : 100s;
  const Duration silent_for = dies_first ? 100s : 20s;
  TwentyThree world(
      {Fault{.body = NodeCrashFault{.at = dies_first ? 100s : 110s, .down_for = 30s, .scope = gpu}},
       Fault{.body = NodeCrashFault{.at = silent_at,
                                    .down_for = silent_for,
                                    .scope = gpu,
                                    .state = CrashState::kSilent}}});
  // Off until 130 or 140 s, then 22 s to the kubelet.
  const Duration heard = dies_first ? silent_at + silent_for : 162s;
  world.ec2.until(heard - 1ns);
  CHECK(world.heard().size() == 13);
  world.ec2.until(heard + 7s);
  CHECK(world.heard().size() == 23);
  world.ec2.until(heard + 7s + 5s);
  CHECK(world.ready()["gpu"] == 10);
}

TEST_CASE("a dark zone has no kubelets, takes no launch, and is back with a boot", "[faults]") {
  const DarkLaunch launches = GENERATE(DarkLaunch::kRefused, DarkLaunch::kPending);
  TwentyThree world(
      only(ZoneOutageFault{.times = kTenMinutes, .zone = "us-east-1a", .launches = launches}));
  world.launch("general", 1, "us-east-1a");  // boots from 105 s on
  world.ec2.until(110s);
  CHECK(world.heard().size() == 15);
  CHECK(world.times<InstanceRunning>().size() == 20);
  auto request = of_type("m6i.large");
  const auto here = world.ec2.run(request);
  request.zone = "us-east-1b";
  const auto elsewhere = world.ec2.run(request);
  world.ec2.until(699s);
  CHECK(code_of(elsewhere) == "");
  CHECK(code_of(here) == (launches == DarkLaunch::kRefused ? "InsufficientInstanceCapacity" : ""));
  CHECK(world.times<InstanceRunning>().size() == 21);
  CHECK(world.heard().size() == 15);
  world.ec2.until(700s);
  CHECK(world.times<InstanceRunning>().size() == (launches == DarkLaunch::kRefused ? 22U : 23U));
  world.ec2.until(730s);
  CHECK(world.heard().size() == 24);
  CHECK(world.ready() == Counts{{"", 3}, {"general", 11}, {"gpu", 10}});
}

TEST_CASE("a machine that boots when its zone goes dark boots anew afterwards", "[faults]") {
  FaultyWorld world(
      only(ZoneOutageFault{.times = {.at = 20s, .length = 60s}, .zone = "us-east-1a"}));
  world.launch("general", 1);  // runs at 6 s, would register at 28 s
  world.launch("general", 1, "us-east-1b");
  world.ec2.until(10min);
  CHECK(world.times<NodeRegistered>() == std::vector<Duration>{28s, 80s + 22s});
}

}  // namespace casim::sim
