// What real clusters are like: overlapping files, nodes that are drained, pods that differ from
// their templates.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/import/asg_names.h"
#include "sim/import/import.h"
#include "src/config/manifest_document.h"
#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

namespace casim::sim {
namespace {

struct Snapshot {
  std::string objects;

  Snapshot& node(const std::string& name, const std::string& labels = "",
                 const std::string& more = "") {
    return add(fmt::format(
        "{{apiVersion: v1, kind: Node, metadata: {{name: {0}, labels: {{node.kubernetes.io/"
        "instance-type: m6i.xlarge, eks.amazonaws.com/nodegroup: general, kubernetes.io/hostname: "
        "{0}{1}}}}}, spec: {{{2}}}, status: {{allocatable: {{cpu: '4', memory: 14Gi, pods: '58'}}, "
        "capacity: {{cpu: '4', memory: 16Gi, pods: '58'}}}}}}",
        name, labels, more));
  }

  Snapshot& deployment(const std::string& name, int replicas, const std::string& requests,
                       const std::string& more = "") {
    return add(fmt::format(
        "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: {0}}}, spec: {{replicas: {1}, "
        "{3} selector: {{matchLabels: {{app: {0}}}}}, template: {{metadata: {{labels: {{app: "
        "{0}}}}}, spec: {{containers: [{{name: c, image: i, resources: {{requests: "
        "{{{2}}}}}}}]}}}}}}"
        "}}",
        name, replicas, requests, more));
  }

  Snapshot& pod(const std::string& name, const std::string& owner, const std::string& node,
                const std::string& requests, const std::string& spec = "",
                const std::string& metadata = "") {
    const std::string kind = owner.substr(0, owner.find(' '));
    const std::string owned =
        owner.empty() ? ""
                      : fmt::format("ownerReferences: [{{kind: {}, name: {}, controller: true}}]",
                                    kind, owner.substr(owner.find(' ') + 1));
    return add(fmt::format(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: {}, {} {}}}, spec: {{{} {} containers: "
        "[{{name: c, image: i, resources: {{requests: {{{}}}}}}}]}}}}",
        name, owned.empty() ? "" : owned + ",", metadata,
        node.empty() ? "" : fmt::format("nodeName: {},", node), spec, requests));
  }

  Snapshot& add(const std::string& object) {
    objects += object + "\n---\n";
    return *this;
  }
};

struct Read {
  config::Value scenario;
  std::string notes;
  std::string problems;  // of the snapshot
  std::string errors;    // of the scenario

  std::string at(const std::string& path) const {
    const config::Document document(scenario);
    const config::Value* value = document.find(path);
    return value == nullptr ? "" : config::to_json(*value, -1);
  }

  std::string workload(const std::string& name) const {
    for (const config::Value& item : *scenario.find("workloads")->as_list()) {
      if (*item.find("name") == config::Value(name)) return config::to_json(item, -1);
    }
    return "";
  }

  bool says(const std::string& note) const { return notes.find(note) != std::string::npos; }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Read read(const Snapshot& snapshot, const std::string& arguments = "") {
  config::Problems problems;
  auto documents =
      config::parse_manifest(snapshot.objects, config::Format::kYaml, {"x.yaml", ""}, problems);
  REQUIRE(problems.text() == "");
  std::vector<ManifestFile> files;
  files.push_back({"x.yaml", std::move(*documents)});
  Imported imported = import_cluster(files, {arguments}, problems);
  Read out;
  out.problems = problems.text();
  out.notes = fmt::format("{}", fmt::join(imported.notes, "\n"));
  out.scenario = std::move(imported.scenario);
  config::Problems found;
  auto document = config::parse_text(config::to_json(out.scenario), config::Format::kJson,
                                     {"imported", ""}, found);
  if (document) load_document("imported", std::move(*document), {}, found);
  out.errors = found.has_errors() ? found.text() : "";
  return out;
}

}  // namespace

TEST_CASE("what is in a snapshot twice counts once", "[import]") {
  Snapshot snapshot;
  for (int i = 0; i < 2; ++i) {
    snapshot.node("n1")
        .deployment("web", 1, "cpu: 1")
        .pod("web-1", "Deployment web", "n1", "cpu: 1");
  }
  const Read out = read(snapshot);
  CHECK(out.errors == "");
  CHECK(out.at("node_groups[0].initial") == "1");
  CHECK(has(out.workload("web"), R"("nodes":1,"per_node":1,"pod")"));
  CHECK(out.says("objects that are there several times, of which the first counts: 3"));
}

TEST_CASE("pods are what admission made of them", "[import]") {
  const Read out = read(Snapshot()
                            .node("n1")
                            .deployment("web", 2, "")
                            .pod("web-1", "Deployment web", "n1", "cpu: 500m")
                            .pod("web-2", "Deployment web", "", "cpu: 500m")
                            .deployment("same", 1, "cpu: 1")
                            .pod("same-1", "Deployment same", "n1", "cpu: 1",
                                 "tolerations: [{key: node.kubernetes.io/not-ready, operator: "
                                 "Exists, effect: NoExecute, tolerationSeconds: 300}],"));
  CHECK(out.errors == "");
  const std::string web = out.workload("web");
  CHECK(has(web, R"("cpu":"500m")"));
  CHECK(has(web, R"("pending":1)"));
  CHECK(has(web, R"("labels":{"app":"web"})"));
  CHECK(out.says("taken as they are: Deployment web"));
  CHECK_FALSE(out.says("Deployment same"));
}

TEST_CASE("pods of one owner that ask for different things stay different", "[import]") {
  const Read out = read(Snapshot()
                            .node("n1")
                            .pod("head", "RayCluster ray", "n1", "cpu: 100m")
                            .pod("worker-1", "RayCluster ray", "n1", "cpu: '1'")
                            .pod("worker-2", "RayCluster ray", "n1", "cpu: '1'")
                            .deployment("web", 2, "cpu: 300m")
                            .pod("web-1", "Deployment web", "n1", "cpu: 200m")
                            .pod("web-2", "Deployment web", "", "cpu: 300m"));
  CHECK(out.errors == "");
  CHECK(has(out.workload("ray"), R"("per_node":2,"pod":{"containers":[{"name":"c","resources":)"
                                 R"({"requests":{"cpu":"1"}}}])"));
  CHECK(has(out.workload("ray-1"), R"("cpu":"100m")"));
  CHECK(has(out.workload("web"), R"("cpu":"200m")"));
  CHECK(has(out.workload("web-2"), R"("kind":"burst","count":1)"));
  CHECK(out.says("RayCluster ray (2)"));
}

TEST_CASE("pods that are going are gone", "[import]") {
  const std::string going = "deletionTimestamp: '2026-01-01T00:00:00Z'";
  const Read out = read(Snapshot()
                            .node("n1")
                            .node("cp", ", node-role.kubernetes.io/control-plane: ''")
                            .deployment("web", 2, "cpu: 100m")
                            .pod("web-1", "Deployment web", "n1", "cpu: 100m")
                            .pod("web-2", "Deployment web", "n1", "cpu: 100m")
                            .pod("web-3", "Deployment web", "n1", "cpu: 100m", "", going)
                            .deployment("dns", 2, "cpu: 100m")
                            .pod("dns-1", "Deployment dns", "cp", "cpu: 100m")
                            .pod("dns-2", "Deployment dns", "n1", "cpu: 100m")
                            .deployment("more", 1, "cpu: 100m")
                            .pod("more-1", "Deployment more", "n1", "cpu: 100m")
                            .pod("more-2", "Deployment more", "n1", "cpu: 100m"));
  CHECK(out.errors == "");
  CHECK(has(out.workload("web"), R"("per_node":2,"pod")"));
  CHECK(has(out.workload("dns"), R"("per_node":1,"pod")"));
  CHECK(out.says("pods that are being deleted, left out: 1"));
  CHECK(out.says("pods on nodes of no group, left out: 1"));
  CHECK(out.says("owners with more pods than replicas, which are all kept: Deployment more"));
}

TEST_CASE("a paused Deployment keeps its pods and makes no others", "[import]") {
  const Read out = read(Snapshot()
                            .node("n1")
                            .deployment("web", 3, "cpu: 1", "paused: true,")
                            .pod("web-1", "Deployment web", "n1", "cpu: 1"));
  CHECK(out.errors == "");
  CHECK(has(out.workload("web"), R"("per_node":1,"pod")"));
  CHECK(out.says("paused Deployments, whose pods are kept and which make no others: web"));
}

TEST_CASE("the state of nodes is said", "[import]") {
  const Read out =
      read(Snapshot()
               .node("n1", "", "unschedulable: true")
               .node("n2", "", "taints: [{key: node.kubernetes.io/unreachable, effect: NoExecute}]")
               .node("f1", ", eks.amazonaws.com/compute-type: fargate")
               .node("w1", ", kubernetes.io/os: windows")
               .deployment("web", 2, "cpu: 1")
               .pod("web-1", "Deployment web", "n1", "cpu: 1")
               .pod("web-2", "Deployment web", "n2", "cpu: 1"));
  CHECK(out.errors == "");
  CHECK(out.at("node_groups[0].initial") == "1");
  CHECK(has(out.workload("web"), R"("pending":1)"));
  CHECK(out.says("nodes that are cordoned, taken as such that are not: n1"));
  CHECK(out.says("left out; their pods wait: n2"));
  CHECK(out.says("Fargate nodes, left out with their pods: f1"));
  CHECK(out.says("Windows nodes, left out with their pods: w1"));
}

TEST_CASE("a group has the taints and the lifecycle of all its nodes", "[import]") {
  const std::string odd = "taints: [{key: maintenance, value: x, effect: NoSchedule}]";
  const Read out = read(Snapshot()
                            .node("n1", "", odd)
                            .node("n2")
                            .node("n3", ", eks.amazonaws.com/capacityType: SPOT")
                            .deployment("web", 1, "cpu: 1")
                            .pod("web-1", "Deployment web", "n1", "cpu: 1"));
  CHECK(out.errors == "");
  CHECK(out.at("node_groups[0].taints") == "");
  CHECK(out.at("node_groups[0].initial") == "2");
  CHECK(out.at("node_groups[1].name") == R"("general-spot")");
  CHECK(out.at("node_groups[1].lifecycle") == R"("spot")");
  CHECK(out.says("taints of some nodes of general, left out: maintenance"));
  CHECK(out.says("groups of spot and on-demand nodes, taken as two: general"));
}

TEST_CASE("running pods stay on nodes that would not admit them", "[import]") {
  const std::string tainted = "taints: [{key: a, effect: NoSchedule}]";
  const Read out =
      read(Snapshot()
               .node("n1", "", tainted)
               .node("n2", ", disk: fast", tainted)
               .pod("local", "", "n1", "cpu: 1",
                    "nodeSelector: {kubernetes.io/hostname: n1}, tolerations: [{key: a, operator: "
                    "Exists}],")
               .pod("quick", "", "n2", "cpu: 1", "nodeSelector: {disk: fast},")
               .pod("agent", "AdvancedDaemonSet agent", "n2", "cpu: 100m",
                    "tolerations: [{operator: Exists}], affinity: {nodeAffinity: "
                    "{requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: "
                    "[{matchFields: [{key: metadata.name, operator: In, values: [n2]}]}]}}},"));
  CHECK(out.errors == "");
  CHECK_FALSE(has(out.workload("quick"), "nodeSelector\":{\""));
  CHECK(
      out.says("AdvancedDaemonSet agent (node affinity), Pod local (nodeSelector "
               "kubernetes.io/hostname), Pod quick (nodeSelector disk), Pod quick (taint a)"));
  CHECK(has(out.problems, "node affinity by matchFields (Pod agent)"));
}

TEST_CASE("resources that nodes here cannot offer are taken from pods", "[import]") {
  const Read out =
      read(Snapshot().node("n1").pod("p", "", "n1", "cpu: 1, vpc.amazonaws.com/pod-eni: '1'"));
  CHECK(out.errors == "");
  CHECK(out.says("nodes here do not offer vpc.amazonaws.com/pod-eni, which is left out of: Pod p"));
}

TEST_CASE("owners of one name become workloads of different names", "[import]") {
  Snapshot snapshot;
  snapshot.node("n1");
  for (const char* owner : {"A web", "B web", "C web", "D web"}) {
    snapshot.pod(fmt::format("p{}", owner[0]), owner, "n1", "cpu: 100m");
  }
  const Read out = read(snapshot);
  CHECK(out.errors == "");
  CHECK_FALSE(out.workload("web").empty());
  CHECK_FALSE(out.workload("default-web").empty());
  CHECK_FALSE(out.workload("default-web-c").empty());
}

TEST_CASE("lists of a kind say it once", "[import]") {
  const Read out = read(Snapshot()
                            .add("{apiVersion: v1, kind: NodeList, items: [{metadata: {name: n1, "
                                 "labels: {node.kubernetes.io/instance-type: m6i.large}}}]}")
                            .add("{apiVersion: apps/v1, kind: DeploymentList, items: [{metadata: "
                                 "{name: web}, spec: {replicas: 2, selector: {matchLabels: {a: "
                                 "b}}, template: {metadata: {labels: {a: b}}, spec: {containers: "
                                 "[{name: c, image: i}]}}}}]}"));
  CHECK(out.errors == "");
  CHECK(out.at("node_groups[0].name") == R"("m6i.large")");
  CHECK(has(out.workload("web"), R"("kind":"deployment")"));
}

TEST_CASE("Jobs begin anew without what succeeded", "[import]") {
  const std::string spec =
      "template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}";
  const Read out =
      read(Snapshot()
               .node("n1")
               .add("{apiVersion: batch/v1, kind: Job, metadata: {name: train-0, ownerReferences: "
                    "[{kind: "
                    "JobSet, name: train, controller: true}]}, spec: {completions: 5, " +
                    spec + "}, status: {succeeded: 2}}")
               .pod("train-0-a", "Job train-0", "n1", "cpu: 1"));
  CHECK(out.errors == "");
  CHECK(has(out.workload("train-0"), R"("completions":3)"));
  CHECK(out.workload("train").empty());
  CHECK(out.says("Jobs, whose pods begin anew, without those that succeeded: 1"));
}

TEST_CASE("a status tells the load of an HPA", "[import]") {
  const auto hpa = [](const std::string& version, const std::string& spec,
                      const std::string& status) {
    return fmt::format(
        "{{apiVersion: autoscaling/{}, kind: HorizontalPodAutoscaler, metadata: {{name: web}}, "
        "spec: {{scaleTargetRef: {{kind: Deployment, name: web}}, maxReplicas: 9, {}}}, status: "
        "{{currentReplicas: 6, {}}}}}",
        version, spec, status);
  };
  Snapshot snapshot;
  snapshot.node("n1")
      .deployment("web", 1, "cpu: 500m")
      .pod("web-1", "Deployment web", "n1", "cpu: 500m");
  Snapshot v1 = snapshot;
  snapshot.add(hpa("v2",
                   "metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, "
                   "averageUtilization: 60}}}]",
                   "currentMetrics: [{type: Resource, resource: {name: cpu, current: "
                   "{averageUtilization: 65, averageValue: 390m}}}]"));
  CHECK(read(snapshot).at("hpas[0].metrics[0].load[0].value") == "2.34");
  v1.add(hpa("v1", "targetCPUUtilizationPercentage: 50", "currentCPUUtilizationPercentage: 80"));
  CHECK(read(v1).at("hpas[0].metrics[0].load[0].value") == "2.4000000000000004");
}

TEST_CASE("names of Auto Scaling groups contain those of node groups", "[import]") {
  const MatchedBounds out =
      match_bounds({{"eks-general-aac1b2c3-1111-2222-3333-444455556666", {1, 12}},
                    {"eksctl-prod-nodegroup-general-gpu-NodeGroup-1A", {0, 4}},
                    {"eksctl-prod-nodegroup-general-gpu-NodeGroup-2B", {0, 3}},
                    {"plain", {2, 3}},
                    {"eks-other-1", {0, 1}}},
                   {"general", "general-gpu", "plain"});
  CHECK(out.bounds.at("general").max == 12);
  CHECK(out.bounds.at("general-gpu").max == 7);
  CHECK(out.bounds.at("plain").min == 2);
  CHECK(out.unmatched == std::vector<std::string>{"eks-other-1"});
}

}  // namespace casim::sim
