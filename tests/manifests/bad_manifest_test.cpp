// What the API server refuses, with the object, the field and the line.
#include <string>

#include "tests/catch.h"
#include "tests/manifests/translated.h"

namespace casim::sim {
namespace {

// The errors alone: warnings are another matter.
std::string errors_of(const std::string& yaml) {
  std::string text = translated(yaml).problems;
  std::string errors;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at) + 1;
    const std::string line = text.substr(at, end - at);
    if (line.find("warning: ") == std::string::npos) errors += line;
    at = end;
  }
  return errors;
}

std::string controller(const std::string& kind, const std::string& spec) {
  return "apiVersion: apps/v1\nkind: " + kind + "\nmetadata: {name: x}\nspec:\n" + spec;
}

constexpr const char* kSelector = "  selector: {matchLabels: {app: x}}\n";
constexpr const char* kTemplate =
    "  template: {metadata: {labels: {app: x}}, spec: {containers: [{name: c, image: i}]}}\n";

TEST_CASE("what is no manifest is refused", "[manifests]") {
  struct Row {
    const char* yaml;
    const char* expected;
  };

  const auto row = GENERATE(values<Row>({
      {"a: [1", "x.yaml:1:6: a[1]: end of sequence flow not found\n"},
      {"- 1\n", "x.yaml:1: expected an object of Kubernetes, found a list\n"},
      {"a: 1\n", "x.yaml:1: kind: missing, or no text; every object of Kubernetes says it\n"},
      {"kind: Pod\n",
       "x.yaml:1: apiVersion: missing, or no text; every object of Kubernetes says it\n"},
      {"apiVersion: v1\nkind: [Pod]\n",
       "x.yaml:1: kind: missing, or no text; every object of Kubernetes says it\n"},
      {"apiVersion: v1\nkind: List\nitems: 3\n", "x.yaml:3: List : items: expected a list\n"},
      {"apiVersion: v1\nkind: Service\n", "x.yaml:1: Service : metadata.name: missing\n"},
      {"apiVersion: v1\nkind: Service\nmetadata: {name: 3}\n",
       "x.yaml:3: Service : metadata.name: expected text, found 3: put it in quotes\n"},
      {"apiVersion: v1\nkind: Namespace\nmetadata: {name: Web_1}\n",
       "x.yaml:3: Namespace Web_1: metadata.name: must be small letters, digits, '-' or '.', with "
       "a "
       "letter or digit at both ends\n"},
      {"apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: x}\n",
       "x.yaml:1: Deployment x: apiVersion: there is no Deployment in \"extensions/v1beta1\"; "
       "allowed: apps/v1\nx.yaml:1: Deployment x: spec: missing, or no object\n"},
  }));
  CAPTURE(row.yaml);
  CHECK(errors_of(row.yaml) == row.expected);
}

TEST_CASE("controllers that the API server refuses are refused", "[manifests]") {
  const auto kind =
      GENERATE(values<std::string>({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"}));
  const auto error = [&](int line, const std::string& rest) {
    return "x.yaml:" + std::to_string(line) + ": " + kind + " x: " + rest + "\n";
  };
  const std::string missing = "missing, or no object";
  CHECK(errors_of("apiVersion: apps/v1\nkind: " + kind + "\nmetadata: {name: x}\n") ==
        error(1, "spec: " + missing));
  CHECK(errors_of(controller(kind, kTemplate)) == error(1, "spec.selector: " + missing));
  CHECK(errors_of(controller(kind, std::string("  selector: {}\n") + kTemplate)) ==
        error(5, "spec.selector: is empty; it needs matchLabels or matchExpressions"));
  CHECK(errors_of(
            controller(kind, std::string("  selector: {matchLabels: {app: y}}\n") + kTemplate)) ==
        error(5,
              "spec.selector: does not match the labels of its own spec.template.metadata; app is "
              "true, which is no text: put it in quotes"));
  CHECK(errors_of(controller(kind,
                             "  selector: {matchExpressions: [{key: app, operator: NotIn, "
                             "values: [x]}]}\n" +
                                 std::string(kTemplate)))
            .find("does not match") != std::string::npos);
  CHECK(errors_of(controller(kind, kSelector)).find("spec.template.spec: " + missing) !=
        std::string::npos);
  const auto with_spec = [&](const std::string& spec) {
    return errors_of(controller(
        kind, std::string(kSelector) +
                  "  template:\n    metadata: {labels: {app: x}}\n    spec: " + spec + "\n"));
  };
  CHECK(with_spec("{}") ==
        error(8, "spec.template.spec.containers: missing; a pod has at least one"));
  CHECK(with_spec("{containers: []}") ==
        error(8, "spec.template.spec.containers: is empty; a pod has at least one"));
  CHECK(with_spec("{containers: {name: c}}") ==
        error(8, "spec.template.spec.containers: expected a list, found an object"));
  CHECK(with_spec("{containers: [{name: c}]}") ==
        error(8, "spec.template.spec.containers[0].image: missing, or no text"));
  CHECK(with_spec("{restartPolicy: Never, containers: [{name: c, image: i}]}") ==
        error(8, "spec.template.spec.restartPolicy: is \"Never\" (allowed in a " + kind +
                     ": Always)"));
}

TEST_CASE("a Deployment that recreates cannot roll", "[manifests]") {
  CHECK(errors_of(controller("Deployment",
                             "  strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}\n" +
                                 std::string(kSelector) + kTemplate)) ==
        "x.yaml:5: Deployment x: spec.strategy.rollingUpdate: may not be there when the type is "
        "Recreate\n");
  CHECK(errors_of(controller("Deployment",
                             "  minReadySeconds: 10s\n" + std::string(kSelector) + kTemplate)) ==
        "x.yaml:5: Deployment x: spec.minReadySeconds: expected whole seconds, found \"10s\"\n");
}

TEST_CASE("Jobs and CronJobs that the API server refuses are refused", "[manifests]") {
  const std::string job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: x}\n";
  CHECK(errors_of(job) == "x.yaml:1: Job x: spec: missing, or no object\n");
  CHECK(
      errors_of(job + "spec: {template: {spec: {containers: [{name: c, image: i}]}}}\n") ==
      "x.yaml:4: Job x: spec.template.spec.restartPolicy: is missing, which means Always (allowed "
      "in a Job: OnFailure, Never)\n");
  CHECK(errors_of("apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: x}\nspec: {schedule: "
                  "'@daily'}\n") ==
        "x.yaml:4: CronJob x: spec.jobTemplate.spec: missing, or no object\n");
  CHECK(
      errors_of("apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {restartPolicy: Sometimes, "
                "containers: [{name: c, image: i}]}\n") ==
      "x.yaml:4: Pod x: spec.restartPolicy: is \"Sometimes\" (allowed in a Pod: Always, OnFailure, "
      "Never)\n");
}

TEST_CASE("HPAs that the API server refuses are refused", "[manifests]") {
  const std::string target = controller("Deployment", std::string(kSelector) + kTemplate) + "---\n";
  const auto error_of = [&](const std::string& spec) {
    return errors_of(target +
                     "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: "
                     "h}\nspec:\n  " +
                     spec + "\n");
  };
  const std::string head = "scaleTargetRef: {kind: Deployment, name: x}\n  metrics: ";
  const std::string place = "HorizontalPodAutoscaler h: spec.";
  CHECK(error_of("{maxReplicas: 3}") ==
        "x.yaml:12: " + place + "scaleTargetRef: needs kind and name\n");
  CHECK(error_of(head + "{a: 1}") ==
        "x.yaml:13: " + place + "metrics: expected a list, found an object\n");
  CHECK(error_of(head + "[{type: Cpu}]") ==
        "x.yaml:13: " + place +
            "metrics[0].type: unknown type \"Cpu\"; allowed: Resource, "
            "ContainerResource, Pods, Object, External\n");
  CHECK(error_of(head + "[{type: Resource}]") ==
        "x.yaml:13: " + place + "metrics[0].resource: missing, or no object\n");
  CHECK(error_of(head + "[{type: Resource, resource: {name: cpu}}]") ==
        "x.yaml:13: " + place + "metrics[0].resource.target: missing, or no object\n");
  CHECK(error_of(head + "[{type: Resource, resource: {name: cpu, target: {type: Utilization}}}]") ==
        "x.yaml:13: " + place +
            "metrics[0].resource.target: needs averageUtilization, "
            "averageValue or value\n");
  CHECK(
      error_of(head + "[{type: Pods, pods: {metric: {name: q}, target: {averageValue: many}}}]") ==
      "x.yaml:13: " + place + "metrics[0].pods.target: expected a quantity, found \"many\"\n");
}

TEST_CASE("one object cannot be there twice", "[manifests]") {
  const std::string set = controller("ReplicaSet", std::string(kSelector) + kTemplate);
  CHECK(errors_of(set + "---\n" + set) ==
        "x.yaml:8: ReplicaSet x: metadata.name: there is another one of this name\n");
}

}  // namespace
}  // namespace casim::sim
