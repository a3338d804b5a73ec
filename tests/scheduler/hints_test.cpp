#include "sim/scheduler/hints.h"

#include "tests/catch.h"
#include "tests/scheduler/builders.h"

namespace casim::sim {
namespace {

struct HintWorld {
  bool wakes(NodePtr old, NodePtr node, Reasons rejected, const std::string& target = "") {
    const NodeEvent event = node_event(std::move(old), std::move(node));
    return event.can_help() && helps(event, classes[id], rejected, target);
  }

  PodClasses classes;
  ClassId id = classes.of(share(make_pod({2000, 1024})));
};

NodePtr changed(const NodePtr& node, const std::function<void(Node&)>& change) {
  Node next = *node;
  change(next);
  return share(std::move(next));
}

}  // namespace

TEST_CASE("a new node wakes whoever fits it when empty, not-ready taint or not", "[scheduler]") {
  HintWorld world;
  Node tainted = make_node(1, {2000, 1024});
  tainted.taints.push_back(hard_taint(std::string(kNotReadyTaint)));
  CHECK(world.wakes(nullptr, share(make_node(1, {2000, 1024})), kCpu));
  CHECK(world.wakes(nullptr, share(std::move(tainted)), kCpu));
  CHECK_FALSE(world.wakes(nullptr, share(make_node(1, {1999, 1024})), kCpu));
  CHECK_FALSE(world.wakes(nullptr, share(make_node(1, {2000, 1023})), kCpu));
}

TEST_CASE("any change of taints wakes a pod without room, equal taints do not", "[scheduler]") {
  HintWorld world;
  const NodePtr small = share(make_node(1, {100, 100}));
  const NodePtr soft = changed(small, [](Node& n) { n.taints.push_back(soft_taint()); });
  CHECK(world.wakes(small, soft, kCpu));
  CHECK(world.wakes(soft, small, kCpu));
  CHECK_FALSE(world.wakes(soft, changed(soft, [](Node&) {}), kCpu));
}

TEST_CASE("a pod refused for taints waits until it tolerates what is left", "[scheduler]") {
  HintWorld world;
  const NodePtr free = share(make_node(1, {100, 100}));
  const NodePtr one = changed(free, [](Node& n) { n.taints = {hard_taint("a")}; });
  const NodePtr two = changed(free, [](Node& n) { n.taints = {hard_taint("a"), hard_taint("b")}; });
  CHECK_FALSE(world.wakes(two, one, kTaint));
  CHECK(world.wakes(one, free, kTaint));
  CHECK_FALSE(world.wakes(free, one, kTaint));
  CHECK(world.wakes(nullptr, free, kTaint));
  CHECK_FALSE(world.wakes(nullptr, one, kTaint));
}

TEST_CASE("more room wakes whoever fits the new size", "[scheduler]") {
  HintWorld world;
  const NodePtr node = share(make_node(1, {1000, 4096}));
  const auto with_cpu = [&](std::int64_t cpu_m) {
    return changed(node, [&](Node& n) { n.allocatable.cpu = MilliCpu(cpu_m); });
  };
  CHECK_FALSE(world.wakes(node, with_cpu(1500), kCpu));
  CHECK(world.wakes(node, with_cpu(2000), kCpu));
  CHECK_FALSE(world.wakes(with_cpu(3000), with_cpu(2500), kCpu));
}

TEST_CASE("a label wakes only whom it lets in", "[scheduler]") {
  HintWorld world;
  PodSpec picky = make_pod({100, 100});
  picky.node_selector["disk"] = "ssd";
  world.id = world.classes.of(share(std::move(picky)));
  const NodePtr node = share(make_node(1, {1000, 4096}));
  const NodePtr hdd = changed(node, [](Node& n) { n.labels["disk"] = "hdd"; });
  const NodePtr ssd = changed(node, [](Node& n) { n.labels["disk"] = "ssd"; });
  CHECK_FALSE(world.wakes(node, hdd, kAffinity));
  CHECK(world.wakes(hdd, ssd, kAffinity));
  CHECK_FALSE(world.wakes(ssd, changed(ssd, [](Node& n) { n.labels["x"] = "1"; }), kAffinity));
  CHECK_FALSE(world.wakes(hdd, ssd, kCpu));
}

TEST_CASE("a pod for one node is woken by that node, and by any change of taints", "[scheduler]") {
  HintWorld world;
  PodSpec picky = make_pod({100, 100});
  picky.node_selector["disk"] = "ssd";
  world.id = world.classes.of(share(std::move(picky)));
  const NodePtr plain = share(make_node(1, {1000, 4096}));
  const NodePtr ssd = changed(plain, [](Node& n) { n.labels["disk"] = "ssd"; });
  CHECK(world.wakes(nullptr, ssd, kOtherNode, ssd->name));
  CHECK_FALSE(world.wakes(nullptr, plain, kOtherNode, plain->name));
  CHECK_FALSE(world.wakes(nullptr, ssd, kOtherNode, "another"));
  CHECK(world.wakes(plain, ssd, kAffinity, ssd->name));
  const NodePtr soft = changed(ssd, [](Node& n) { n.taints = {soft_taint()}; });
  CHECK(world.wakes(ssd, soft, kOtherNode, "another"));
}

TEST_CASE("taking off the cordon wakes, putting it on does not", "[scheduler]") {
  HintWorld world;
  const NodePtr open = share(make_node(1, {1000, 4096}));
  const NodePtr shut = changed(open, [](Node& n) { n.unschedulable = true; });
  CHECK(world.wakes(shut, open, kCordoned));
  CHECK_FALSE(world.wakes(open, shut, kCordoned));
}

TEST_CASE("a pod that is gone wakes those without room and those without its port", "[scheduler]") {
  HintWorld world;
  PodSpec web = make_pod({100, 100});
  web.host_ports.push_back({80, "TCP", ""});
  const PodSpec plain = make_pod({100, 100});
  const ClassId id = world.classes.of(share(web));
  CHECK(helps_pod_gone(plain, world.classes[id], kCpu));
  CHECK(helps_pod_gone(web, world.classes[id], kPorts));
  CHECK_FALSE(helps_pod_gone(plain, world.classes[id], kPorts));
  CHECK_FALSE(helps_pod_gone(web, world.classes[id], kTaint));
}

// Upstream does not ask what namespaces a namespaceSelector chooses when it decides whom to wake.
TEST_CASE("a pod wakes who avoids its namespace by name, not by a selector", "[scheduler]") {
  HintWorld world;
  PodSpec gone = make_pod({100, 100});
  gone.namespace_name = "prod";
  const auto wakes = [&](std::vector<std::string> namespaces) {
    PodSpec waiting = make_pod({100, 100});
    waiting.pod_anti_affinity.push_back({{}, "kubernetes.io/hostname", std::move(namespaces)});
    const ClassId id = world.classes.of(share(std::move(waiting)));
    return helps_pod_gone(gone, world.classes[id], kAnyPodAffinity);
  };
  CHECK(wakes({"prod"}));
  CHECK(wakes({"test", "prod", ""}));
  CHECK_FALSE(wakes({"", "prod"}));
  CHECK_FALSE(wakes({"test", "", "prod"}));
  CHECK_FALSE(wakes({}));
}

TEST_CASE("a pod that is gone wakes who avoids it by all terms, or whom it so avoided",
          "[scheduler]") {
  HintWorld world;
  const auto app = [](const std::string& name) {
    return LabelSelector{{"app", LabelRequirement::Operator::kIn, {name}}};
  };
  const auto named = [](const std::string& name) {
    PodSpec spec = make_pod({100, 100});
    spec.labels["app"] = name;
    return spec;
  };
  PodSpec shy = named("shy");
  shy.pod_anti_affinity = {{app("web"), "kubernetes.io/hostname", {}}};
  PodSpec shyer = shy;
  shyer.pod_anti_affinity.push_back({app("db"), "kubernetes.io/hostname", {}});
  const auto wakes = [&](const PodSpec& gone, const PodSpec& waiting) {
    return helps_pod_gone(gone, world.classes[world.classes.of(share(waiting))], kPodAntiAffinity);
  };
  CHECK(wakes(named("web"), shy));
  CHECK_FALSE(wakes(named("db"), shy));
  CHECK_FALSE(wakes(named("web"), shyer));
  CHECK(wakes(shy, named("web")));
  CHECK_FALSE(wakes(shyer, named("web")));
  CHECK_FALSE(wakes(named("web"), named("web")));
}

}  // namespace casim::sim
