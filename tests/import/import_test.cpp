// A snapshot of a cluster becomes a scenario that runs.
#include "sim/import/import.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/manifests/kube_object.h"
#include "sim/scenario/expand_manifests.h"
#include "src/config/manifest_document.h"
#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

namespace casim::sim {
namespace {

struct Import {
  Imported imported;
  std::string problems;
  std::string notes;
};

Import import_of(const std::vector<ManifestFile>& files, const std::string& arguments = "") {
  Import out;
  config::Problems problems;
  out.imported = import_cluster(files, {arguments}, problems);
  out.problems = problems.text();
  out.notes = fmt::format("{}", fmt::join(out.imported.notes, "\n"));
  return out;
}

std::vector<ManifestFile> cluster() {
  config::Problems problems;
  auto documents = config::load_manifest("tests/import/cluster.yaml", problems);
  REQUIRE(problems.text().empty());
  return {{"cluster.yaml", std::move(*documents)}};
}

std::vector<ManifestFile> text(const std::string& yaml) {
  config::Problems problems;
  auto documents = config::parse_manifest(yaml, config::Format::kYaml, {"x.yaml", ""}, problems);
  REQUIRE(problems.text().empty());
  return {{"x.yaml", std::move(*documents)}};
}

std::string json_of(const config::Value& scenario, const std::string& path) {
  const config::Document document(scenario);
  const config::Value* value = document.find(path);
  return value == nullptr ? "" : config::to_json(*value, -1);
}

std::string workload(const config::Value& scenario, const std::string& name) {
  for (const config::Value& item : *scenario.find("workloads")->as_list()) {
    if (*item.find("name") == config::Value(name)) return config::to_json(item, -1);
  }
  return "";
}

std::optional<LoadedScenario> load(const config::Value& scenario, config::Problems& problems) {
  auto document = config::parse_text(config::to_json(scenario), config::Format::kJson,
                                     {"imported", ""}, problems);
  REQUIRE(document);
  return load_document("imported", std::move(*document), {}, problems);
}

}  // namespace

TEST_CASE("nodes become groups, by their labels", "[import]") {
  const Import out = import_of(cluster());
  const config::Value& scenario = out.imported.scenario;
  CHECK(json_of(scenario, "start") == "\"2026-03-05T09:30:00Z\"");
  CHECK(json_of(scenario, "node_groups[0]") ==
        R"({"name":"general","min":2,"max":12,"initial":2,"instance_types":["m6i.large"],)"
        R"("zones":["us-east-1a","us-east-1b"],"labels":{)"
        R"("eks.amazonaws.com/capacityType":"ON_DEMAND","eks.amazonaws.com/nodegroup":"general",)"
        R"("team":"shop"},"registered":{"zone_labels":["topology.ebs.csi.aws.com/zone"],)"
        R"("allocatable":{"cpu":"1930m","memory":"7291576Ki","pods":29}}})");
  CHECK(json_of(scenario, "node_groups[1].lifecycle") == "\"spot\"");
  CHECK(json_of(scenario, "node_groups[1].taints") ==
        R"([{"key":"dedicated","value":"batch","effect":"NoSchedule"}])");
  CHECK(json_of(scenario, "node_groups[1].max") == "30");
  CHECK(json_of(scenario, "static_nodes[0].name") == "\"ip-10-0-1-5.ec2.internal\"");
  CHECK(out.notes.find("node groups by label eks.amazonaws.com/nodegroup: batch, general") !=
        std::string::npos);
}

TEST_CASE("pods are on their nodes from the start, with their owners", "[import]") {
  const Import out = import_of(cluster());
  const config::Value& scenario = out.imported.scenario;
  const std::string web = workload(scenario, "web");
  CHECK(web.starts_with(
      R"({"name":"web","kind":"initial","group":"general","first":0,"nodes":1,"per_node":2,)"
      R"("also":[{"group":"general","first":1,"nodes":1,"per_node":1}],"pending":1,"pod":{)"));
  CHECK(workload(scenario, "db").find(R"("first":1,"nodes":1,"per_node":1)") != std::string::npos);
  CHECK(workload(scenario, "kafka").find("\"cpu\":\"300m\"") != std::string::npos);
  CHECK(workload(scenario, "debug").find("\"kind\":\"initial\"") != std::string::npos);
  CHECK(workload(scenario, "aws-node").find("\"kind\":\"daemon_set\"") != std::string::npos);
  CHECK(workload(scenario, "report").find("\"kind\":\"cron_job\"") != std::string::npos);
  CHECK(workload(scenario, "report-29544000").empty());
  CHECK(json_of(scenario, "hpas[0].target") == "\"web\"");
  // Four pods that ask for 0.4 cores and use 45 % of it.
  CHECK(json_of(scenario, "hpas[0].metrics[0].load[0].value").starts_with("0.72"));
  CHECK(json_of(scenario, "namespaces[0].name") == "\"shop\"");
  CHECK(json_of(scenario, "priority_classes[0]") == R"({"name":"customer","value":50000})");
  CAPTURE(out.notes);
  for (const char* part :
       {"finished pods, left out: 1", "left out: 1\npods of DaemonSets, which make them anew: 1",
        "finished Jobs, left out: 1", "StatefulSets, kept up like ReplicaSets", "bare pods",
        "PodSet kafka", "PriorityClass customer is not in the snapshot: 50000 is taken"}) {
    CAPTURE(part);
    CHECK(out.notes.find(part) != std::string::npos);
  }
}

TEST_CASE("the autoscaler's Deployment says its version and flags", "[import]") {
  const Import out = import_of(cluster());
  CHECK(json_of(out.imported.scenario, "autoscaler") ==
        R"({"version":"1.35","flags":{"skip-nodes-with-local-storage":"false",)"
        R"("expander":"least-waste","balance-similar-node-groups":true,)"
        R"("scale-down-unneeded-time":"5m"}})");
  CHECK(out.notes.find("flag --no-such-flag=7 is left out: unknown flag") != std::string::npos);
  const Import given = import_of(cluster(), "--scan-interval=30s --nodes=1:3:general");
  CHECK(json_of(given.imported.scenario, "autoscaler") ==
        R"({"version":"1.35","flags":{"scan-interval":"30s"}})");
  CHECK(json_of(given.imported.scenario, "node_groups[0].max") == "3");
}

TEST_CASE("what is imported is valid and runs: pods are where they were", "[import]") {
  const Import out = import_of(cluster());
  config::Problems problems;
  const auto loaded = load(out.imported.scenario, problems);
  CAPTURE(problems.text());
  REQUIRE(loaded);
  REQUIRE_FALSE(problems.has_errors());
  const Ran ran = run_loaded(*loaded, {.check_invariants = true});
  int at_start = 0;
  for (const auto& fact : facts_named(ran.facts, "PodBound")) {
    at_start += fact.at("t").get<double>() == 0 ? 1 : 0;
  }
  CHECK(at_start == 7);  // three of web, db, kafka, debug and the autoscaler
}

TEST_CASE("the priority expander's ConfigMap comes along", "[import]") {
  std::vector<ManifestFile> files = cluster();
  files.push_back(text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "
                       "cluster-autoscaler-priority-expander, namespace: kube-system}\ndata: "
                       "{priorities: \"10: [general]\"}\n")
                      .front());
  const Import out = import_of(files, "--expander=priority");
  CHECK(json_of(out.imported.scenario, "autoscaler.priorities") == "\"10: [general]\"");
}

TEST_CASE("a large cluster has the quota that it needs", "[import]") {
  std::string nodes =
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n"
      "  selector: {matchLabels: {a: b}}\n  template: {metadata: {labels: {a: b}}, "
      "spec: {containers: [{name: c, image: i}]}}\n";
  for (int i = 0; i < 30; ++i) {
    nodes += fmt::format(
        "---\napiVersion: v1\nkind: Node\nmetadata: {{name: n{}, labels: "
        "{{node.kubernetes.io/instance-type: m6i.12xlarge}}}}\n",
        i);
  }
  const Import out = import_of(text(nodes), "--nodes=1:50:m6i.12xlarge");
  CHECK(json_of(out.imported.scenario, "ec2.vcpu_quota") == "2400");
  config::Problems problems;
  load(out.imported.scenario, problems);
  CHECK(problems.text().empty());
}

TEST_CASE("each place of initial pods is checked", "[import]") {
  config::Problems problems;
  Imported imported = import_of(cluster()).imported;
  for (config::Value& item : *imported.scenario.find("workloads")->as_list()) {
    if (*item.find("name") != config::Value("web")) continue;
    config::Value& place = item.find("also")->as_list()->front();
    place.set("first", 2);
    config::Value lost = place;
    lost.set("group", "genral");
    item.find("also")->as_list()->push_back(lost);
    item.set("pending", -1);
  }
  load(imported.scenario, problems);
  CHECK(problems.text().find("workloads[2].pending: must be at least 0") != std::string::npos);
  for (config::Value& item : *imported.scenario.find("workloads")->as_list()) {
    if (item.find("pending") != nullptr) item.set("pending", 0);
  }
  config::Problems places;
  load(imported.scenario, places);
  CHECK(places.text().find("workloads[2].also[0].nodes: the group has 2 initial nodes") !=
        std::string::npos);
  CHECK(places.text().find("workloads[2].also[1].group: unknown node group \"genral\"; did you "
                           "mean \"general\"?") != std::string::npos);
}

TEST_CASE("a snapshot that is none is refused", "[import]") {
  CHECK(import_of(text("apiVersion: v1\nkind: List\nitems: []\n")).problems ==
        "x.yaml: no Node is in it: kubectl get nodes,pods,... -A -o json prints them\n");
  CHECK(import_of(text("- 1\n")).problems ==
        "x.yaml:1: expected an object of Kubernetes, found a list\n");
}

TEST_CASE("nodes of types that EC2 does not have are made", "[import]") {
  const Import out = import_of(text(R"(
apiVersion: v1
kind: Node
metadata: {name: n1, labels: {cloud.google.com/gke-nodepool: pool-1,
    node.kubernetes.io/instance-type: e2-standard-4}}
status: {capacity: {cpu: "4", memory: 16391264Ki, pods: "110"},
    allocatable: {cpu: 3920m, memory: 13588576Ki, pods: "110"}}
---
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {nodeName: n1, containers: [{name: c, image: i, resources: {requests: {cpu: "1"}}}]}
)"));
  CHECK(json_of(out.imported.scenario, "ec2.instance_types") ==
        R"({"e2-standard-4":{"vcpus":4,"memory":"16391264Ki","max_pods":110}})");
  CHECK(out.notes.find("e2-standard-4 is no type of EC2") != std::string::npos);
  config::Problems problems;
  const auto loaded = load(out.imported.scenario, problems);
  CAPTURE(problems.text());
  CHECK_FALSE(problems.has_errors());
}

}  // namespace casim::sim
