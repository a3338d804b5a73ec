#include "tests/kubelet/kubelet_world.h"

using namespace casim;
using namespace casim::sim;

TEST_CASE("a running machine boots, registers and becomes Ready, to the nanosecond", "[kubelet]") {
  KubeletWorld world;
  const ec2::Instance machine = KubeletWorld::machine();
  world.until(1s);
  world.nodes.on_running(machine);
  world.until(23s - 1ns);
  CHECK_FALSE(world.nodes.node_of(machine.id).is_valid());
  world.until(23s);
  const NodeId id = world.nodes.node_of(machine.id);
  REQUIRE(id.is_valid());
  const Node& fresh = *world.cluster.node(id);
  CHECK_FALSE(fresh.ready);
  CHECK(fresh.has_taint(kNotReadyTaint));
  CHECK(fresh.has_taint("dedicated"));
  world.until(1h);
  CHECK(world.cluster.node(id)->ready);
  CHECK_FALSE(world.cluster.node(id)->has_taint(kNotReadyTaint));
  CHECK(world.cluster.node(id)->has_taint("dedicated"));
  CHECK(world.facts.times<NodeRegistered>() == std::vector<Duration>{23s});
  CHECK(world.facts.times<NodeReady>() == std::vector<Duration>{28s});
}

TEST_CASE("bare metal boots for longer", "[kubelet]") {
  KubeletWorld world;
  ec2::Instance machine = KubeletWorld::machine();
  machine.type = "m6i.metal";
  world.until(1s);
  world.nodes.on_running(machine);
  world.until(1h);
  CHECK(world.facts.times<NodeRegistered>() == std::vector<Duration>{23s + 18s});
}

TEST_CASE("a node carries its group's template and its machine's place", "[kubelet]") {
  KubeletWorld world;
  const ec2::Instance machine = KubeletWorld::machine();
  world.nodes.on_running(machine);
  world.until(1h);
  const Node& node = *world.cluster.node(world.nodes.node_of(machine.id));
  CHECK(node.name == "general-0123456789abcdef0");
  CHECK(node.provider_id == "aws:///us-east-1b/i-0123456789abcdef0");
  CHECK(node.name != node.provider_id);
  CHECK(node.allocatable.cpu == MilliCpu(1930));
  CHECK(node.capacity.cpu == MilliCpu(2000));
  CHECK(node.labels == Labels{{"kubernetes.io/hostname", "general-0123456789abcdef0"},
                              {"node.kubernetes.io/instance-type", "m6i.large"},
                              {"team", "a"},
                              {"topology.kubernetes.io/region", "us-east-1"},
                              {"topology.kubernetes.io/zone", "us-east-1b"}});
  const auto& registered = world.facts.last<NodeRegistered>();
  CHECK(registered.instance == machine.id);
  CHECK(registered.group == "general");
}

TEST_CASE("an initial node is Ready from the start", "[kubelet]") {
  KubeletWorld world;
  const NodeId node = world.nodes.add_initial_node(KubeletWorld::machine());
  CHECK(world.cluster.node(node)->ready);
  CHECK_FALSE(world.cluster.node(node)->has_taint(kNotReadyTaint));
  CHECK(world.facts.times<NodeReady>() == std::vector<Duration>{0s});
}

TEST_CASE("machines of other groups are nobody's nodes", "[kubelet]") {
  KubeletWorld world;
  world.nodes.on_running(KubeletWorld::machine("strange"));
  ec2::Instance untagged = KubeletWorld::machine();
  untagged.tags.clear();
  world.nodes.on_running(untagged);
  world.nodes.on_terminated(untagged);
  world.until(1h);
  CHECK(world.cluster.nodes_created() == 0);
}

TEST_CASE("a machine may never register", "[kubelet]") {
  NodeLifeConfig config = KubeletWorld::nodes_config();
  config.never_registers = 1;
  KubeletWorld world(config);
  world.nodes.on_running(KubeletWorld::machine());
  world.until(1h);
  CHECK(world.cluster.nodes_created() == 0);
  world.nodes.on_terminating(KubeletWorld::machine());
  world.nodes.on_terminated(KubeletWorld::machine());
  world.until(2h);
  CHECK(world.facts.times<NodeGone>().empty());
}

TEST_CASE("a machine that is terminated while it boots leaves no node", "[kubelet]") {
  KubeletWorld world;
  world.nodes.on_running(KubeletWorld::machine());
  world.until(10s);
  world.nodes.on_terminating(KubeletWorld::machine());
  world.until(30s);
  world.nodes.on_terminated(KubeletWorld::machine());
  world.until(1h);
  CHECK(world.cluster.nodes_created() == 0);
}

TEST_CASE("when the machine stops, signs of life and pods stop; the object stays", "[kubelet]") {
  KubeletWorld world;
  const ec2::Instance machine = KubeletWorld::machine();
  const NodeId node = world.nodes.add_initial_node(machine);
  const PodId running = world.add_pod(node);
  world.until(10s);
  const PodId starting = world.add_pod(node);
  world.until(11s);
  if (GENERATE(true, false)) world.nodes.on_terminating(machine);  // else it vanishes
  world.nodes.on_terminated(machine);
  const PodId late = world.add_pod(node);
  world.until(1h);
  REQUIRE(world.cluster.node(node) != nullptr);
  CHECK(world.cluster.node(node)->ready);
  const Heartbeat& beats = *world.heartbeats.find(node);
  CHECK(*beats.renewed_at(kTimeZero + 1h) <= kTimeZero + 11s);
  CHECK(*beats.renewed_at(kTimeZero + 1h) > kTimeZero + 1s);
  CHECK(world.cluster.life(running).phase == PodPhase::kRunning);
  CHECK(world.cluster.life(starting).phase == PodPhase::kStarting);
  CHECK(world.cluster.life(late).phase == PodPhase::kStarting);
  CHECK_FALSE(world.cluster.broken_invariant());
}

TEST_CASE("a kubelet renews its lease every 10 s from its registration on", "[kubelet]") {
  KubeletWorld world;
  const ec2::Instance machine = KubeletWorld::machine();
  world.nodes.on_running(machine);
  world.until(28s);
  const Heartbeat& beats = *world.heartbeats.find(world.nodes.node_of(machine.id));
  CHECK(beats.renewed_at(kTimeZero + 31s) == kTimeZero + 22s);
  CHECK(beats.renewed_at(kTimeZero + 32s) == kTimeZero + 32s);
  CHECK(beats.posted_at(kTimeZero + 1min) == kTimeZero + 27s);  // Ready
  CHECK(beats.posted_at(kTimeZero + 6min) == kTimeZero + 5min + 22s);
  CHECK(beats.lasting_period() == Duration(10s));
}

TEST_CASE("a machine that hangs keeps its node, and no pod ends there", "[kubelet]") {
  KubeletWorld world;
  const ec2::Instance machine = KubeletWorld::machine();
  const NodeId node = world.nodes.add_initial_node(machine);
  const PodId pod = world.add_pod(node);
  world.until(10s);
  world.nodes.begin(machine.id, NodeTrouble::kDead);
  world.nodes.begin("i-of-nobody", NodeTrouble::kDead);
  world.nodes.begin(machine.id, NodeTrouble::kNotReady);
  world.until(1h);
  CHECK(world.cluster.node(node)->ready);  // nobody is left to say otherwise
  CHECK(world.cluster.life(pod).phase == PodPhase::kRunning);
  CHECK_FALSE(world.heartbeats.find(node)->lasting_period().has_value());
}

TEST_CASE("a kubelet may report itself not Ready for a while", "[kubelet]") {
  KubeletWorld world;
  const std::string machine = KubeletWorld::machine().id;
  const NodeId node = world.nodes.add_initial_node(KubeletWorld::machine());
  world.until(10s);
  world.nodes.begin(machine, NodeTrouble::kNotReady);
  CHECK(world.cluster.node(node)->has_taint(kNotReadyTaint, TaintEffect::kNoSchedule));
  CHECK(world.heartbeats.find(node)->posted_at(kTimeZero + 11s) == kTimeZero + 10s);
  CHECK(world.heartbeats.find(node)->lasting_period().has_value());
  world.until(20s);
  world.nodes.end(machine, NodeTrouble::kNotReady);
  CHECK(world.cluster.node(node)->taints.size() == 1);  // the group's own
  CHECK(world.facts.times<NodeNotReady>() == std::vector<Duration>{10s});
  CHECK(world.facts.times<NodeReady>() == std::vector<Duration>{0s, 20s});
}

TEST_CASE("a startup taint comes with the node and goes some time after Ready", "[kubelet]") {
  auto groups = KubeletWorld::one_group();
  groups.at("general").startup_taint =
      StartupTaint{{"driver", "", TaintEffect::kNoSchedule}, Distribution::constant(30s)};
  KubeletWorld world;
  NodeLife nodes(world.kernel, world.api, world.heartbeats, world.random, world.pods, groups,
                 KubeletWorld::nodes_config());
  const NodeId initial = nodes.add_initial_node(KubeletWorld::machine("general", "i-00000001"));
  CHECK_FALSE(world.cluster.node(initial)->has_taint("driver"));
  const ec2::Instance machine = KubeletWorld::machine();
  nodes.on_running(machine);
  world.until(57s - 1ns);  // Ready at 27 s
  const NodeId node = nodes.node_of(machine.id);
  CHECK(world.cluster.node(node)->ready);
  CHECK(world.cluster.node(node)->has_taint("driver"));
  world.until(57s);
  CHECK_FALSE(world.cluster.node(node)->has_taint("driver"));
  CHECK(world.cluster.node(node)->has_taint("dedicated"));
}

TEST_CASE("a node offers its devices some time after Ready, an initial one at once", "[kubelet]") {
  auto groups = KubeletWorld::one_group();
  groups.at("general").allocatable.extended["nvidia.com/gpu"] = 4;
  groups.at("general").capacity.extended["nvidia.com/gpu"] = 4;
  groups.at("general").devices_after = Distribution::constant(30s);
  KubeletWorld world;
  NodeLife nodes(world.kernel, world.api, world.heartbeats, world.random, world.pods, groups,
                 KubeletWorld::nodes_config());
  const NodeId initial = nodes.add_initial_node(KubeletWorld::machine("general", "i-00000001"));
  CHECK(world.cluster.node(initial)->allocatable.extended.at("nvidia.com/gpu") == 4);
  const ec2::Instance machine = KubeletWorld::machine();
  nodes.on_running(machine);
  world.until(57s - 1ns);  // Ready at 27 s
  const NodeId node = nodes.node_of(machine.id);
  CHECK(world.cluster.node(node)->ready);
  CHECK(world.cluster.node(node)->allocatable.extended.empty());
  world.until(57s);
  CHECK(world.cluster.node(node)->allocatable.extended.at("nvidia.com/gpu") == 4);
  CHECK(world.cluster.node(node)->capacity.extended.at("nvidia.com/gpu") == 4);
}

TEST_CASE("nodes differ from the template in labels and allocatable", "[kubelet]") {
  auto groups = KubeletWorld::one_group();
  NodeBlueprint& general = groups.at("general");
  general.labels["pool"] = "web";
  general.labels["lost"] = "yes";
  const Resources whole = general.allocatable;
  RegisteredNode& own = general.registered.emplace();
  own.labels = {{"pool", "other"}, {"driver", "v2"}};
  own.zone_labels = {"csi/zone"};
  own.without_labels = {"lost", "topology.kubernetes.io/region"};
  own.allocatable.memory = Bytes(12345);
  own.allocatable.extended = {{"nvidia.com/gpu", 0}};
  KubeletWorld world;
  NodeLife nodes(world.kernel, world.api, world.heartbeats, world.random, world.pods, groups,
                 KubeletWorld::nodes_config());
  const NodeId initial = nodes.add_initial_node(KubeletWorld::machine("general", "i-00000001"));
  const ec2::Instance machine = KubeletWorld::machine();
  nodes.on_running(machine);
  world.until(1min);
  for (const NodeId id : {initial, nodes.node_of(machine.id)}) {
    const Node& node = *world.cluster.node(id);
    CHECK(node.labels.at("pool") == "other");
    CHECK(node.labels.at("driver") == "v2");
    CHECK(node.labels.at("csi/zone") == machine.zone);
    CHECK_FALSE(node.labels.contains("lost"));
    CHECK_FALSE(node.labels.contains("topology.kubernetes.io/region"));
    CHECK(node.allocatable.memory == Bytes(12345));
    CHECK(node.allocatable.cpu == whole.cpu);
    CHECK(node.allocatable.extended.at("nvidia.com/gpu") == 0);
    CHECK(node.capacity == general.capacity);
  }
}

TEST_CASE("boot times go by image", "[kubelet]") {
  for (const std::string& image : node_images()) CHECK(boot_of_image(image).has_value());
  CHECK(boot_of_image("bottlerocket")->duration(0.5) == Duration(12s));
  CHECK(boot_of_image("al2023")->duration(0.5) == NodeLifeConfig{}.boot.duration(0.5));
  CHECK_FALSE(boot_of_image("debian").has_value());
}

TEST_CASE("two machines have luck of their own, the same in every run", "[kubelet]") {
  const auto ready_times = [] {
    NodeLifeConfig config;
    KubeletWorld world(config);
    world.nodes.on_running(KubeletWorld::machine("general", "i-00000000000000001"));
    world.nodes.on_running(KubeletWorld::machine("general", "i-00000000000000002"));
    world.until(1h);
    return world.facts.times<NodeReady>();
  };
  const std::vector<Duration> times = ready_times();
  REQUIRE(times.size() == 2);
  CHECK(times[0] != times[1]);
  CHECK(ready_times() == times);
}
