// Kinds as the API server knows them, and what it would make of rare fields.
#include "tests/catch.h"
#include "tests/manifests/translated.h"

namespace casim::sim {
namespace {

constexpr const char* kSpec =
    "spec:\n  selector: {matchLabels: {app: x}}\n  template: {metadata: {labels: {app: x}}, spec: "
    "{containers: [{name: c, image: i}]}}\n";

std::string of_kind(const std::string& version, const std::string& kind,
                    const std::string& name = "name: x") {
  return "apiVersion: " + version + "\nkind: " + kind + "\nmetadata: {" + name + "}\n" + kSpec;
}

bool tells(const Translated& out, const std::string& part) {
  return out.problems.find(part) != std::string::npos;
}

TEST_CASE("a kind is of its own group", "[manifests]") {
  const std::string end = "; allowed: apps/v1\n";
  CHECK(tells(translated(of_kind("v1", "Deployment")), "there is no Deployment in \"v1\"" + end));
  CHECK(tells(translated(of_kind("batch/v1", "Deployment")),
              "there is no Deployment in \"batch/v1\"" + end));
  CHECK(tells(translated(of_kind("apps/v1", "Deploymnet")),
              "x.yaml:2: warning: Deploymnet x: kind: Kubernetes has no such kind in \"apps/v1\", "
              "it is left out; did you mean \"Deployment\"?\n"));
  CHECK(tells(translated(of_kind("apps/v1", "deployment")), "did you mean \"Deployment\"?"));
  CHECK_FALSE(tells(translated(of_kind("example.com/v1", "Deployment")), "no such kind"));
  CHECK_FALSE(tells(translated(of_kind("networking.k8s.io/v1", "Ingress")), "no such kind"));
}

TEST_CASE("a paused Deployment makes no pods", "[manifests]") {
  std::string yaml = of_kind("apps/v1", "Deployment");
  yaml += "  paused: true\n";
  const Translated out = translated(yaml);
  CHECK(out.items.empty());
  CHECK(tells(out, "a Deployment that is paused, which makes no pods: it is left out"));
}

TEST_CASE("types of updates are those of their kind", "[manifests]") {
  std::string yaml = of_kind("apps/v1", "StatefulSet");
  yaml += "  updateStrategy: {type: Recreate}\n";
  CHECK(tells(translated(yaml),
              "spec.updateStrategy.type: is \"Recreate\" (allowed in a StatefulSet: "
              "RollingUpdate, OnDelete)"));
}

TEST_CASE("generated names differ", "[manifests]") {
  const std::string set = of_kind("apps/v1", "ReplicaSet", "generateName: x-");
  const Translated out = translated(set + "---\n" + set);
  CHECK_FALSE(tells(out, "another one"));
  CHECK(out.json("workloads", "x") != "");
  CHECK(out.json("workloads", "default-x") != "");
}

TEST_CASE("a selector of labels that are no text says so", "[manifests]") {
  const Translated out = translated(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec:\n  selector: "
      "{matchLabels: {on: true}}\n  template: {metadata: {labels: {on: true}}, spec: {containers: "
      "[{name: c, image: i}]}}\n");
  CHECK(tells(out, "which is no text: put it in quotes"));
  CHECK(tells(translated("apiVersion: v1\nkind: ReplicationController\nmetadata: {name: x}\n"
                         "spec: {selector: {app: y}, template: {metadata: {labels: {app: x}}, "
                         "spec: {containers: [{name: c, image: i}]}}}\n"),
              "spec.selector: does not match"));
}

TEST_CASE("Jobs without completions and pods bound by hand are said", "[manifests]") {
  const Translated out = translated(
      "apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: {completions: 0, template: "
      "{spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}\n---\napiVersion: v1\n"
      "kind: Pod\nmetadata: {name: p}\nspec: {nodeName: n, overhead: {hugepages-2Mi: 2Mi}, "
      "containers: [{name: c, image: i}]}\n");
  CHECK(tells(out, "a Job without completions"));
  CHECK(tells(out, "nodeName: pods bound by hand"));
  CHECK(tells(out, "requests of huge pages (Pod p)"));
}

TEST_CASE("a Kustomization is no manifest", "[manifests]") {
  CHECK(tells(translated("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
                         "resources: [a.yaml]\n"),
              "`kubectl kustomize` prints them"));
  CHECK(tells(translated("resources: [a.yaml]\n"), "`kubectl kustomize` prints"));
}

TEST_CASE("an HPA by utilization of what pods do not request is said", "[manifests]") {
  const Translated out = translated(
      of_kind("apps/v1", "Deployment") +
      "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\nspec: "
      "{scaleTargetRef: {kind: Deployment, name: x}, maxReplicas: 3, metrics: [{type: Resource, "
      "resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]}\n");
  CHECK(tells(out, "FailedGetResourceMetric"));
}

}  // namespace
}  // namespace casim::sim
