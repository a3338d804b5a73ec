// What manifests become, member by member.
#include "tests/catch.h"
#include "tests/manifests/translated.h"

namespace casim::sim {
namespace {

constexpr const char* kPod = R"(
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: i, resources: {requests: {cpu: 500m}}}]}
)";

std::string deployment(const std::string& spec = "") {
  return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n" + spec +
         "  selector: {matchLabels: {app: web}}\n  template:" + kPod;
}

TEST_CASE("a Deployment has the API server's defaults", "[manifests]") {
  const Translated out = translated(deployment());
  CHECK(out.problems ==
        "x.yaml: warning: fields that decide nothing here, left out: "
        "containers[].image\n");
  CHECK(out.json("workloads", "web") ==
        R"({"name":"web","kind":"deployment","replicas":1,"at":"0s","pod":{"containers":[{"name":)"
        R"("c","resources":{"requests":{"cpu":"500m"}}}],"labels":{"app":"web"},)"
        R"("namespace":"default"}})");
}

TEST_CASE("members of controllers go by their names here", "[manifests]") {
  const Translated web = translated(deployment(
      "  replicas: 3\n  minReadySeconds: 10\n  strategy: {type: RollingUpdate, rollingUpdate: "
      "{maxSurge: 50%, maxUnavailable: 0}}\n"));
  CHECK(web.part("workloads", "web", "replicas") == "3");
  CHECK(web.part("workloads", "web", "strategy") == "\"RollingUpdate\"");
  CHECK(web.part("workloads", "web", "max_surge") == "\"50%\"");
  CHECK(web.part("workloads", "web", "max_unavailable") == "0");
  CHECK(web.part("workloads", "web", "min_ready") == "\"10s\"");

  const std::string head = "metadata: {name: x}\nspec:\n  selector: {matchLabels: {app: web}}\n";
  const Translated db =
      translated("apiVersion: apps/v1\nkind: StatefulSet\n" + head +
                 "  replicas: 5\n  serviceName: db\n  podManagementPolicy: Parallel\n"
                 "  updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}}\n"
                 "  volumeClaimTemplates: [{metadata: {name: data}}]\n  template:" +
                 kPod);
  CHECK(db.part("workloads", "x", "kind") == "\"stateful_set\"");
  CHECK(db.part("workloads", "x", "pod_management") == "\"Parallel\"");
  CHECK(db.part("workloads", "x", "partition") == "2");
  CHECK(db.part("workloads", "x", "volumeClaimTemplates").find("\"default\"") != std::string::npos);
  CHECK(db.part("storage_classes", "default", "volumeBindingMode") == "\"WaitForFirstConsumer\"");
  CHECK(db.problems.find("the StorageClass default, which no manifest has") != std::string::npos);

  const Translated agent =
      translated("apiVersion: apps/v1\nkind: DaemonSet\n" + head +
                 "  updateStrategy: {rollingUpdate: {maxUnavailable: 10%}}\n  template:" + kPod);
  CHECK(agent.part("workloads", "x", "kind") == "\"daemon_set\"");
  CHECK(agent.part("workloads", "x", "max_unavailable") == "\"10%\"");

  const Translated set = translated(
      "apiVersion: apps/v1\nkind: ReplicaSet\n" + head + "  replicas: 4\n  template:" + kPod,
      {.source = "", .at = std::chrono::minutes(2), .run_for = {}});
  CHECK(set.part("workloads", "x", "kind") == "\"burst\"");
  CHECK(set.part("workloads", "x", "count") == "4");
  CHECK(set.part("workloads", "x", "at") == "\"2m\"");
}

TEST_CASE("Jobs, CronJobs and bare pods run for a time that the scenario says", "[manifests]") {
  const std::string spec = "{restartPolicy: Never, containers: [{name: c, image: i}]}";
  const std::string job =
      "apiVersion: batch/v1\nkind: Job\nmetadata: {name: once}\nspec:\n  parallelism: 2\n"
      "  completions: 6\n  ttlSecondsAfterFinished: 60\n  template: {spec: " +
      spec + "}\n";
  const Translated assumed = translated(job);
  CHECK(assumed.part("workloads", "once", "run_for") == "\"10m\"");
  CHECK(assumed.problems.find("pods of Jobs run for 10m") != std::string::npos);

  const Translated out = translated(
      job +
          "---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {name: night}\nspec:\n"
          "  schedule: '0 2 * * *'\n  timeZone: Europe/Paris\n  concurrencyPolicy: Forbid\n"
          "  jobTemplate: {spec: {backoffLimit: 3, template: {spec: " +
          spec +
          "}}}\n"
          "---\napiVersion: v1\nkind: Pod\nmetadata: {name: shell, labels: {a: b}}\nspec: " +
          spec +
          "\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: stays}\nspec:\n"
          "  containers: [{name: c, image: i}]\n",
      {.source = "", .at = std::chrono::seconds(5), .run_for = std::chrono::minutes(3)});
  CHECK(out.part("workloads", "once", "run_for") == "\"3m\"");
  CHECK(out.part("workloads", "once", "completions") == "6");
  CHECK(out.part("workloads", "once", "at") == "\"5s\"");
  CHECK(out.part("workloads", "night", "schedule") == "\"0 2 * * *\"");
  CHECK(out.part("workloads", "night", "concurrencyPolicy") == "\"Forbid\"");
  CHECK(out.part("workloads", "night", "backoffLimit") == "3");
  CHECK(out.part("workloads", "shell", "run_for") == "\"3m\"");
  CHECK(out.part("workloads", "shell", "as") == "\"pod\"");
  CHECK(out.part("workloads", "shell", "pod.labels") == R"({"a":"b"})");
  CHECK(out.part("workloads", "stays", "run_for").empty());
  CHECK(out.problems.find("timeZone of CronJobs") != std::string::npos);
}

TEST_CASE("of a pod what decides is kept, the rest is said once", "[manifests]") {
  const Translated out = translated(R"(
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop}
spec:
  hostNetwork: true
  serviceAccountName: p
  priorityClassName: high
  runtimeClassName: gvisor
  nodeSelector: {pool: a}
  tolerations: [{operator: Exists}]
  initContainers:
  - {name: mesh, image: m, restartPolicy: Always,
      resources: {requests: {cpu: 100m}}, env: [{name: A}]}
  containers:
  - name: c
    image: i
    env: [{name: A, value: b}]
    ports: [{containerPort: 80, name: http}, {containerPort: 81, hostPort: 8081, protocol: UDP}]
    resources: {requests: {cpu: 1, memory: null, hugepages-2Mi: 4Mi}, limits: null}
    livenesProbe: {}
  volumes:
  - {name: a, emptyDir: {sizeLimit: 1Gi, medium: Memory}}
  - {name: b, hostPath: {path: /var, type: Directory}}
  - {name: c, configMap: {name: c}}
  - {name: d, persistentVolumeClaim: {claimName: d}}
  - {name: e}
)");
  CHECK(out.part("workloads", "p", "pod.containers") ==
        R"([{"name":"c","ports":[{"hostPort":80},{"hostPort":8081,"protocol":"UDP"}],)"
        R"("resources":{"requests":{"cpu":1}}}])");
  CHECK(out.part("workloads", "p", "pod.initContainers") ==
        R"([{"name":"mesh","restartPolicy":"Always","resources":{"requests":{"cpu":"100m"}}}])");
  CHECK(out.part("workloads", "p", "pod.volumes") ==
        R"([{"name":"a","emptyDir":{"medium":"Memory"}},{"name":"b","hostPath":{"path":"/var"}},)"
        R"({"name":"e","emptyDir":{}}])");
  CHECK(out.part("workloads", "p", "pod.namespace") == "\"shop\"");
  CHECK(out.part("workloads", "p", "pod.priorityClassName") == "\"high\"");
  CHECK(out.problems ==
        "x.yaml: warning: not simulated: claims that pods name and no manifest has: their volumes "
        "may bind a pod to a zone (Pod shop/p)\n"
        "x.yaml: warning: not simulated: requests of huge pages (Pod shop/p)\n"
        "x.yaml: warning: not simulated: the overhead of a RuntimeClass (runtimeClassName); "
        "pod.overhead is (Pod shop/p)\n"
        "x.yaml: warning: fields that decide nothing here, left out: containers[].env, "
        "containers[].image, initContainers[].env, initContainers[].image, serviceAccountName, "
        "volumes[].configMap\n"
        "x.yaml:21: warning: Pod shop/p: containers[].livenesProbe: no such field is known, it is "
        "left out; did you mean \"livenessProbe\"?\n");
}

TEST_CASE("an HPA finds its target, and follows what keeps it at its own", "[manifests]") {
  const std::string hpa = R"(
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 10
  metrics:
  - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}
  - {type: External, external: {metric: {name: q},
      target: {type: AverageValue, averageValue: 500m}}}
  behavior: {scaleUp: {tolerance: 50m, policies: [{type: Pods, value: 4, periodSeconds: 15}]}}
---
)";
  // 4 pods of half a core at 60 % are 1.2 cores, and 4 times 0.5 are 2. The HPA stands first.
  config::Problems none;
  const auto demand = config::parse_text(R"({"web": [{"at": "10m", "value": 3, "over": "1m"}]})",
                                         config::Format::kJson, {"s.json", ""}, none);
  const Translated out = translated(hpa + deployment("  replicas: 4\n"), {}, &demand->root());
  CHECK(out.part("hpas", "web", "target") == "\"web\"");
  CHECK(out.part("hpas", "web", "metrics") ==
        R"([{"type":"cpu","averageUtilization":60,"load":[{"value":1.2},)"
        R"({"at":"10m","value":3.5999999999999996,"over":"1m"}]},)"
        R"({"type":"external","averageValue":0.5,"load":[{"value":2.0},)"
        R"({"at":"10m","value":6.0,"over":"1m"}]}])");
  CHECK(out.part("hpas", "web", "behavior") ==
        R"({"scaleUp":{"tolerance":0.05,"policies":[{"type":"Pods","value":4,)"
        R"("periodSeconds":15}]}})");

  const Translated v1 = translated(
      "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\nspec:\n"
      "  {scaleTargetRef: {kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 10, "
      "targetCPUUtilizationPercentage: 50}\n---\n" +
      deployment());
  CHECK(v1.part("hpas", "web", "metrics") ==
        R"([{"type":"cpu","averageUtilization":50,"load":[{"value":0.5}]}])");

  const Translated lost = translated(hpa);
  CHECK(lost.json("hpas", "web").empty());
  CHECK(lost.problems.find("an HPA whose target is not there: Deployment web") !=
        std::string::npos);
}

TEST_CASE("what pods refer to comes along", "[manifests]") {
  const Translated out = translated(R"(
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}
- {apiVersion: v1, kind: Namespace, metadata: {name: bare}}
- {apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: high},
    value: 100, description: x}
- apiVersion: policy/v1
  kind: PodDisruptionBudget
  metadata: {name: web, namespace: shop}
  spec: {maxUnavailable: 25%, selector: {matchLabels: {app: web}},
      unhealthyPodEvictionPolicy: AlwaysAllow}
- {apiVersion: v1, kind: Service, metadata: {name: web}}
- {apiVersion: v1, kind: Service, metadata: {name: db}}
- {apiVersion: v1, kind: LimitRange, metadata: {name: l}}
- {apiVersion: kafka.strimzi.io/v1, kind: Kafka, metadata: {name: k}}
- {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: "system:Any"}}
)");
  CHECK(out.json("namespaces", "shop") == R"({"name":"shop","labels":{"team":"a"}})");
  CHECK(out.json("namespaces", "bare").empty());
  CHECK(out.json("priority_classes", "high") == R"({"name":"high","value":100})");
  CHECK(out.json("disruption_budgets", "web") ==
        R"({"name":"web","namespace":"shop","maxUnavailable":"25%",)"
        R"("selector":{"matchLabels":{"app":"web"}},"unhealthyPodEvictionPolicy":"AlwaysAllow"})");
  CHECK(out.problems ==
        "x.yaml: warning: not simulated: the kind LimitRange (LimitRange l)\n"
        "x.yaml: warning: kinds of other APIs, left out with all pods that their operators make: "
        "Kafka\n"
        "x.yaml: warning: kinds that decide nothing here, left out: ClusterRole, Service (2)\n"
        "x.yaml: warning: fields that decide nothing here, left out: description\n");
}

TEST_CASE("one name in two namespaces becomes two workloads", "[manifests]") {
  std::string other = deployment();
  other.replace(other.find("{name: web}"), 11, "{name: web, namespace: b}");
  const Translated out = translated(deployment() + "---\n" + other);
  CHECK(out.part("workloads", "web", "pod.namespace") == "\"default\"");
  CHECK(out.part("workloads", "b-web", "pod.namespace") == "\"b\"");
}

}  // namespace

TEST_CASE("claims of StatefulSets are of the classes that the manifests have", "[manifests]") {
  const auto claimed = [](const std::string& classes, const std::string& claim) {
    return translated(classes +
                      "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: x}\nspec:\n"
                      "  selector: {matchLabels: {app: web}}\n  volumeClaimTemplates: [" +
                      claim + "]\n  template:" + kPod);
  };
  const auto storage_class = [](const std::string& name, const std::string& more) {
    return "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: " + name + "}\n" +
           more + "\n---\n";
  };
  const std::string claim = "{metadata: {name: data}, spec: {storageClassName: fast}}";
  // Immediate is the API server's default.
  const Translated immediate = claimed(
      storage_class("fast",
                    "provisioner: ebs.csi.aws.com\nallowedTopologies: [{matchLabelExpressions: "
                    "[{key: topology.ebs.csi.aws.com/zone, values: [us-east-1a]}]}]"),
      claim);
  CHECK(immediate.part("storage_classes", "fast", "volumeBindingMode") == "\"Immediate\"");
  CHECK(immediate.part("storage_classes", "fast", "zones").find("us-east-1a") != std::string::npos);
  // A file system of a whole Region binds nobody.
  const Translated shared = claimed(storage_class("fast", "provisioner: efs.csi.aws.com"), claim);
  CHECK(shared.part("workloads", "x", "volumeClaimTemplates").empty());
  CHECK(shared.problems.find("volumes of efs.csi.aws.com bind no pod to a zone") !=
        std::string::npos);
  // A claim without a class takes the one that is marked.
  const Translated marked = claimed(
      "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata:\n  name: usual\n  annotations: "
      "{storageclass.kubernetes.io/is-default-class: \"true\"}\nprovisioner: ebs.csi.aws.com\n"
      "volumeBindingMode: WaitForFirstConsumer\n---\n",
      "{metadata: {name: data}}");
  CHECK(marked.part("workloads", "x", "volumeClaimTemplates").find("\"usual\"") !=
        std::string::npos);
  const Translated none = claimed("", "{metadata: {name: data}, spec: {storageClassName: \"\"}}");
  CHECK(none.part("workloads", "x", "volumeClaimTemplates").empty());
  CHECK(none.problems.find("claims without a class") != std::string::npos);
  CHECK(claimed("", "").problems.find("expected a list") == std::string::npos);
}

}  // namespace casim::sim
