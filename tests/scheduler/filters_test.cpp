#include "sim/scheduler/filters.h"

#include <functional>

#include "tests/catch.h"
#include "tests/scheduler/builders.h"

namespace casim::sim {
namespace {

using Op = LabelRequirement::Operator;

struct Row {
  const char* name;
  std::function<void(PodSpec&)> pod;
  std::function<void(Node&)> node;
  Reasons reasons;
};

Reasons judge(const PodSpec& spec, const Node& node, const std::vector<PodSpec>& there = {}) {
  PodClasses classes;
  NodeTable nodes;
  nodes.put(share(node));
  for (std::uint32_t i = 0; i < there.size(); ++i) {
    nodes.add_pod(node.id, PodId(i), share(there[i]));
  }
  const PodClass& pod_class = classes[classes.of(share(spec))];
  const Reasons object = judge_object(pod_class, node).reasons;
  return object != 0 ? object : judge_ports_and_resources(pod_class, nodes[node.id]);
}

Taint no_execute() { return {"t", "v", TaintEffect::kNoExecute}; }

void want_gpu(PodSpec& spec) { spec.requests.extended[std::string(kGpuResource)] = 1; }

}  // namespace

TEST_CASE("what a node object says to a pod", "[scheduler]") {
  const Row row = GENERATE(values<Row>({
      {"nothing", [](PodSpec&) {}, [](Node&) {}, 0},
      {"cordon", [](PodSpec&) {}, [](Node& n) { n.unschedulable = true; }, kCordoned},
      {"cordon, tolerated",
       [](PodSpec& p) {
         p.tolerations = {
             {"node.kubernetes.io/unschedulable", Toleration::Operator::kExists, "", {}}};
       },
       [](Node& n) { n.unschedulable = true; }, 0},
      {"NoExecute", [](PodSpec&) {}, [](Node& n) { n.taints = {no_execute()}; }, kTaint},
      {"another value is no toleration",
       [](PodSpec& p) { p.tolerations = {{"t", Toleration::Operator::kEqual, "w", {}}}; },
       [](Node& n) { n.taints = {no_execute()}; }, kTaint},
      {"another effect is no toleration",
       [](PodSpec& p) {
         p.tolerations = {{"t", Toleration::Operator::kEqual, "v", TaintEffect::kNoSchedule}};
       },
       [](Node& n) { n.taints = {no_execute()}; }, kTaint},
      {"tolerates all",
       [](PodSpec& p) { p.tolerations = {{"", Toleration::Operator::kExists, "", {}}}; },
       [](Node& n) { n.taints = {no_execute(), hard_taint("x")}; }, 0},
      {"a soft taint refuses nobody", [](PodSpec&) {}, [](Node& n) { n.taints = {soft_taint()}; },
       0},
      {"selector", [](PodSpec& p) { p.node_selector["disk"] = "ssd"; },
       [](Node& n) { n.labels["disk"] = "hdd"; }, kAffinity},
      {"one of two terms",
       [](PodSpec& p) {
         p.node_affinity = {{{"disk", Op::kIn, {"nvme"}}}, {{"cores", Op::kGt, {"7"}}}};
       },
       [](Node& n) { n.labels["cores"] = "8"; }, 0},
      {"all of one term",
       [](PodSpec& p) {
         p.node_affinity = {{{"cores", Op::kGt, {"7"}}, {"disk", Op::kExists, {}}}};
       },
       [](Node& n) { n.labels["cores"] = "8"; }, kAffinity},
      {"an empty term selects nothing", [](PodSpec& p) { p.node_affinity = {LabelSelector{}}; },
       [](Node&) {}, kAffinity},
      {"selector and affinity",
       [](PodSpec& p) {
         p.node_selector["disk"] = "ssd";
         p.node_affinity = {{{"old", Op::kDoesNotExist, {}}}};
       },
       [](Node& n) { n.labels["disk"] = "ssd"; }, 0},
  }));
  CAPTURE(row.name);
  PodSpec spec = make_pod({100, 100});
  Node node = make_node(0, {1000, 1000});
  row.pod(spec);
  row.node(node);
  CHECK(judge(spec, node) == row.reasons);
}

TEST_CASE("what the pods on a node leave", "[scheduler]") {
  const Row row = GENERATE(values<Row>({
      {"exactly the rest", [](PodSpec& p) { p.requests.cpu = MilliCpu(600); }, [](Node&) {}, 0},
      {"a little more", [](PodSpec& p) { p.requests.cpu = MilliCpu(601); }, [](Node&) {}, kCpu},
      {"more than there is at all", [](PodSpec& p) { p.requests.cpu = MilliCpu(1001); },
       [](Node&) {}, kCpu | kTooBig},
      {"several at once", [](PodSpec& p) { p.requests = resources_of({601, 601}, 1); },
       [](Node&) {}, kCpu | kMemory},
      {"a pod without requests needs a slot only", [](PodSpec& p) { p.requests = {}; },
       [](Node& n) { n.allocatable.cpu = MilliCpu(0); }, 0},
      {"no slot is left", [](PodSpec&) {}, [](Node& n) { n.allocatable.pods = 1; }, kPodSlots},
      {"ephemeral storage", [](PodSpec& p) { p.requests.ephemeral_storage = Bytes(1); },
       [](Node&) {}, kEphemeralStorage | kTooBig},
      {"no GPU", want_gpu, [](Node&) {}, kExtended | kTooBig},
      {"the GPU is taken", want_gpu,
       [](Node& n) { n.allocatable.extended[std::string(kGpuResource)] = 1; }, kExtended},
      {"one of two GPUs is free", want_gpu,
       [](Node& n) { n.allocatable.extended[std::string(kGpuResource)] = 2; }, 0},
  }));
  CAPTURE(row.name);
  PodSpec spec = make_pod({100, 100});
  PodSpec there = make_pod({400, 400});
  want_gpu(there);
  Node node = make_node(0, {1000, 1000});
  row.pod(spec);
  row.node(node);
  CHECK(judge(spec, node, {there}) == row.reasons);
}

TEST_CASE("host ports collide by protocol, port and address", "[scheduler]") {
  struct Ports {
    HostPort mine, other;
    bool collide;
  };

  const Ports row = GENERATE(values<Ports>({
      {{80, "TCP", ""}, {80, "TCP", ""}, true},
      {{80, "TCP", ""}, {81, "TCP", ""}, false},
      {{80, "TCP", ""}, {80, "UDP", ""}, false},
      {{80, "TCP", "10.0.0.1"}, {80, "TCP", "10.0.0.2"}, false},
      {{80, "TCP", "10.0.0.1"}, {80, "TCP", "0.0.0.0"}, true},
      {{80, "TCP", ""}, {80, "TCP", "10.0.0.2"}, true},
  }));
  PodSpec spec = make_pod({100, 100});
  spec.host_ports = {row.mine};
  PodSpec there = make_pod({100, 100});
  there.host_ports = {row.other};
  CHECK(judge(spec, make_node(0, {1000, 1000}), {there}) == (row.collide ? kPorts : 0));
}

}  // namespace casim::sim
