// Pods in Kubernetes' own fields: what is read, what is made of it, and what becomes of them.

#include <map>
#include <set>

#include "sim/scenario/describe.h"
#include "sim/scenario/load_scenario.h"
#include "sim/scenario/resolve_pod.h"
#include "src/config/config.h"
#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kPodMi = std::int64_t{1} << 20;

struct Reading {
  PodTemplate pod;
  std::string problems;
};

Reading read(const std::string& json) {
  Reading out;
  config::Problems problems;
  const auto document = config::parse_text(json, config::Format::kJson, {}, problems);
  REQUIRE(document);
  config::read(*document, out.pod, problems);
  out.problems = problems.text();
  return out;
}

PodSpec pod_spec_of(const std::string& json, const Scenario& scenario = Scenario()) {
  const Reading reading = read(json);
  CAPTURE(json);
  CHECK(reading.problems == "");
  return resolve_pod("web", reading.pod, scenario);
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Three zones, a node each; a burst of such pods.
Scenario zoned(int pods, const std::string& pod) {
  Scenario s = small_scenario(pods);
  s.node_groups[0].zones = {"us-east-1a", "us-east-1b", "us-east-1c"};
  s.node_groups[0].initial = 3;
  auto& burst = std::get<BurstWorkload>(s.workloads[0].body);
  burst.pod = read(pod).pod;
  burst.run_for = {};
  return s;
}

std::map<std::string, int> pods_by_node(const Ran& ran) {
  std::map<std::string, int> counts;
  for (const auto& fact : facts_named(ran.facts, "PodBound")) ++counts[fact.at("node").dump()];
  return counts;
}

}  // namespace

TEST_CASE("requests are those of the containers, or the greatest on the way there", "[scenario]") {
  struct Row {
    const char* what;
    const char* pod;
    int cpu_m;
    std::int64_t memory_mi;
  };

  const auto row = GENERATE(values<Row>({
      {"containers add up", R"({"containers": [
          {"name": "a", "resources": {"requests": {"cpu": "300m", "memory": "100Mi"}}},
          {"name": "b", "resources": {"requests": {"cpu": "200m"}}}]})",
       500, 100},
      {"a limit is a request that is missing", R"({"containers": [
          {"name": "a", "resources": {"requests": {"cpu": "100m"},
                                      "limits": {"cpu": "1", "memory": "64Mi"}}}]})",
       100, 64},
      {"the greatest init container", R"({
          "containers": [
            {"name": "a", "resources": {"requests": {"cpu": "300m", "memory": "9Mi"}}}],
          "initContainers": [
            {"name": "i", "resources": {"requests": {"cpu": "200m", "memory": "70Mi"}}},
            {"name": "j", "resources": {"requests": {"cpu": "900m", "memory": "10Mi"}}}]})",
       900, 70},
      {"a sidecar runs beside the containers", R"({
          "containers": [{"name": "a", "resources": {"requests": {"cpu": "300m"}}}],
          "initContainers": [
            {"name": "s", "restartPolicy": "Always",
             "resources": {"requests": {"cpu": "200m"}}}]})",
       500, 0},
      {"and beside the init containers after it", R"({
          "containers": [{"name": "a", "resources": {"requests": {"cpu": "300m"}}}],
          "initContainers": [
            {"name": "i", "resources": {"requests": {"cpu": "650m"}}},
            {"name": "s", "restartPolicy": "Always", "resources": {"requests": {"cpu": "200m"}}},
            {"name": "j", "resources": {"requests": {"cpu": "500m"}}}]})",
       700, 0},
      {"of the short form too", R"({"resources": {"requests": {"cpu": "100m"}}, "initContainers": [
          {"name": "i", "resources": {"requests": {"cpu": "2"}}}]})",
       2000, 0},
      {"a limit of the pod counts where no container asks", R"({
          "resources": {"limits": {"cpu": "4", "memory": "8Mi"}}, "containers": [
          {"name": "a", "resources": {"requests": {"cpu": "100m"}}}]})",
       100, 8},
      {"overhead comes on top", R"({"overhead": {"cpu": "50m", "memory": "20Mi"}, "containers": [
          {"name": "a", "resources": {"requests": {"cpu": "100m"}}}]})",
       150, 20},
      {"resources of the pod stand for cpu and memory", R"({
          "resources": {"requests": {"cpu": "2"}}, "containers": [
          {"name": "a", "resources": {"requests": {"cpu": "100m", "memory": "5Mi"}}}]})",
       2000, 5},
  }));
  CAPTURE(row.what);
  const PodSpec spec = pod_spec_of(row.pod);
  CHECK(spec.requests.cpu == MilliCpu(row.cpu_m));
  CHECK(spec.requests.memory == Bytes(row.memory_mi * kPodMi));
  CHECK(spec.requests.pods == 1);
}

TEST_CASE("each container that asks for nothing has its part in the score", "[scenario]") {
  const PodSpec two = pod_spec_of(R"({"containers": [{"name": "a"},
      {"name": "b", "resources": {"requests": {"cpu": "250m"}}}]})");
  REQUIRE(two.scored);
  CHECK(two.scored->cpu == MilliCpu(350));
  CHECK(two.scored->memory == Bytes(400 * kPodMi));
  CHECK_FALSE(pod_spec_of("{}").scored);  // one container: the scheduler's own rule
}

TEST_CASE("extended resources add up over containers", "[scenario]") {
  const PodSpec spec = pod_spec_of(R"({"containers": [
      {"name": "a", "resources": {"limits": {"nvidia.com/gpu": 1}}},
      {"name": "b", "resources": {"limits": {"nvidia.com/gpu": 2}}}]})");
  CHECK(spec.requests.extended.at("nvidia.com/gpu") == 3);
}

TEST_CASE("affinity is read as it stands in a manifest", "[scenario]") {
  const PodSpec spec = pod_spec_of(R"({
    "labels": {"app": "web", "pod-template-hash": "5f3a"},
    "affinity": {
      "nodeAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
          {"matchExpressions": [{"key": "cpus", "operator": "Gt", "values": ["8"]},
                                {"key": "gpu", "operator": "DoesNotExist"}]}]},
        "preferredDuringSchedulingIgnoredDuringExecution": [
          {"weight": 7, "preference": {"matchExpressions": [
            {"key": "topology.kubernetes.io/zone", "operator": "In", "values": ["us-east-1a"]}]}}]},
      "podAntiAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": [
          {"labelSelector": {"matchLabels": {"app": "web"}},
           "topologyKey": "kubernetes.io/hostname",
           "matchLabelKeys": ["pod-template-hash", "absent"]}],
        "preferredDuringSchedulingIgnoredDuringExecution": [
          {"weight": 100, "podAffinityTerm": {"topologyKey": "topology.kubernetes.io/zone",
                                              "labelSelector": {}}}]}}})");
  REQUIRE(spec.node_affinity.size() == 1);
  CHECK(matches(spec.node_affinity[0], {{"cpus", "16"}}));
  CHECK_FALSE(matches(spec.node_affinity[0], {{"cpus", "8"}}));
  CHECK_FALSE(matches(spec.node_affinity[0], {{"cpus", "16"}, {"gpu", "a10"}}));
  REQUIRE(spec.preferred_node_affinity.size() == 1);
  CHECK(spec.preferred_node_affinity[0].weight == 7);
  REQUIRE(spec.pod_anti_affinity.size() == 1);
  const LabelSelector& selector = spec.pod_anti_affinity[0].selector;
  CHECK(matches(selector, {{"app", "web"}, {"pod-template-hash", "5f3a"}}));
  CHECK_FALSE(matches(selector, {{"app", "web"}, {"pod-template-hash", "0000"}}));
  REQUIRE(spec.preferred_pod_anti_affinity.size() == 1);
  CHECK(matches(spec.preferred_pod_anti_affinity[0].term.selector, {}));
}

TEST_CASE("a selector that is absent selects nothing, an empty one everything", "[scenario]") {
  const auto selector = [](const std::string& given) {
    return pod_spec_of(R"({"topologySpreadConstraints": [{"maxSkew": 2, "topologyKey": "zone",
        "whenUnsatisfiable": "ScheduleAnyway")" +
                       given + "}]}")
        .topology_spread.at(0)
        .selector;
  };
  CHECK_FALSE(matches(selector(""), {{"app", "web"}}));
  CHECK(matches(selector(R"(, "labelSelector": {})"), {{"app", "web"}}));
}

TEST_CASE("namespaces are selected by their labels", "[scenario]") {
  Scenario scenario;
  scenario.namespaces = {{"prod", {{"tier", "1"}}}, {"test", {{"tier", "2"}}}};
  const auto namespaces = [&](const std::string& given) {
    const PodSpec spec = pod_spec_of(
        R"({"affinity": {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
            {"labelSelector": {}, "topologyKey": "zone")" +
            given + "}]}}}",
        scenario);
    const auto& list = spec.pod_affinity.at(0).namespaces;
    return std::set<std::string>(list.begin(), list.end());
  };
  using Names = std::set<std::string>;
  CHECK(namespaces("") == Names{});  // the pod's own
  CHECK(namespaces(R"(, "namespaceSelector": {"matchLabels": {"tier": "1"}})") ==
        Names{"", "prod"});  // behind the empty name: is_named()
  CHECK(namespaces(R"(, "namespaces": ["x"], "namespaceSelector": {"matchLabels": {
            "kubernetes.io/metadata.name": "test"}})") == Names{"", "test", "x"});
  CHECK(namespaces(R"(, "namespaceSelector": {})").contains("kube-system"));
  CHECK(namespaces(R"(, "namespaceSelector": {"matchLabels": {"tier": "9"}})") == Names{""});
}

TEST_CASE("priority is that of the class", "[scenario]") {
  Scenario scenario;
  scenario.priority_classes = {
      {.name = "low", .value = -5, .preemption_policy = PreemptionPolicy::kNever},
      {.name = "usual", .value = 7, .global_default = true}};
  CHECK(pod_spec_of("{}", scenario).priority == 7);
  CHECK(pod_spec_of("{}").priority == 0);
  const PodSpec low = pod_spec_of(R"({"priorityClassName": "low"})", scenario);
  CHECK(low.priority == -5);
  CHECK_FALSE(low.preempts);
  CHECK(pod_spec_of(R"({"priorityClassName": "system-node-critical"})").priority == 2'000'001'000);
}

TEST_CASE("ports, volumes and annotations reach the pod", "[scenario]") {
  const PodSpec spec = pod_spec_of(R"({
    "annotations": {"cluster-autoscaler.kubernetes.io/safe-to-evict": "false"},
    "containers": [{"name": "a", "ports": [{"hostPort": 8080, "protocol": "UDP"}, {}]}],
    "initContainers": [{"name": "i", "ports": [{"hostPort": 9}]}],
    "volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "shm", "emptyDir": {"medium": "Memory"}},
                {"name": "logs", "hostPath": {"path": "/var/log"}}]})");
  REQUIRE(spec.host_ports.size() == 1);
  CHECK(spec.host_ports[0] == HostPort{8080, "UDP", ""});
  REQUIRE(spec.volumes.size() == 3);
  CHECK(spec.volumes[0].is_local());
  CHECK_FALSE(spec.volumes[1].is_local());
  CHECK(spec.volumes[2].is_local());
  CHECK(spec.annotations.size() == 1);
}

TEST_CASE("what the API server refuses of a pod is refused, where it stands", "[scenario]") {
  struct Row {
    const char* pod;
    const char* problem;
  };

  const auto row = GENERATE(values<Row>({
      {R"({"labels": {"-app": "x"}})", "labels: \"-app\" is no label key"},
      {R"({"labels": {"Example.com/app": "x"}})", "labels: \"Example.com/app\" is no label key"},
      {R"({"labels": {"app": "a b"}})", "labels: \"a b\" is no label value"},
      {R"({"tolerations": [{"operator": "Equal"}]})",
       "tolerations[0].operator: must be Exists where the key is empty"},
      {R"({"tolerations": [{"key": "a", "operator": "Exists", "value": "b"}]})",
       "tolerations[0].value: must be empty"},
      {R"({"topologySpreadConstraints": [{"maxSkew": 0, "topologyKey": "zone",
           "whenUnsatisfiable": "DoNotSchedule"}]})",
       "topologySpreadConstraints[0].maxSkew: must be at least 1"},
      {R"({"topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "zone",
           "whenUnsatisfiable": "DoNotShedule"}]})",
       "did you mean \"DoNotSchedule\"?"},
      {R"({"topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "zone",
           "whenUnsatisfiable": "ScheduleAnyway", "minDomains": 2}]})",
       "topologySpreadConstraints[0].minDomains: needs whenUnsatisfiable DoNotSchedule"},
      {R"({"topologySpreadConstraints": [
           {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"},
           {"maxSkew": 2, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"}]})",
       "topologySpreadConstraints: two have the same"},
      {R"({"affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [
           {"weight": 101, "preference": {}}]}}})",
       "preferredDuringSchedulingIgnoredDuringExecution[0].weight"},
      {R"({"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution":
           {"nodeSelectorTerms": []}}}})",
       "nodeSelectorTerms"},
      {R"({"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution":
           {"nodeSelectorTerms": [{"matchExpressions": [
             {"key": "a", "operator": "Gt", "values": ["many"]}]}]}}}})",
       "values: must be one whole number"},
      {R"({"affinity": {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
           {"topologyKey": "zone", "labelSelector": {"matchExpressions": [
             {"key": "a", "operator": "In"}]}}]}}})",
       "values: must name at least one"},
      {R"({"affinity": {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
           {"topologyKey": "zone", "labelSelector": {"matchExpressions": [
             {"key": "a", "operator": "Gt", "values": ["1"]}]}}]}}})",
       "Gt and Lt are of node affinity only"},
      {R"({"affinity": {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
           {"topologyKey": "zone", "matchLabelKeys": ["a"]}]}}})",
       "labelSelector: is needed with matchLabelKeys"},
      {R"({"affinity": {"podAfinity": {}}})", "did you mean \"podAffinity\"?"},
      {R"({"priority": 1, "priorityClassName": "x"})", "keep one of them"},
      {R"({"containers": [{"name": "a"}, {"name": "a"}]})", "containers"},
      {R"({"containers": [{"name": "a", "resources": {"requests": {"cpu": "2"},
           "limits": {"cpu": "1"}}}]})",
       "requests: 2 are above the limit of 1"},
      {R"({"volumes": [{"name": "v"}]})",
       "must be one of emptyDir, hostPath and persistentVolumeClaim"},
  }));
  CAPTURE(row.pod);
  const std::string problems = read(row.pod).problems;
  CAPTURE(problems);
  CHECK(says(problems, row.problem));
}

TEST_CASE("a priority class that is not there is refused with the nearest", "[scenario]") {
  config::Problems problems;
  const auto loaded = load_scenario(
      {"scenarios/first-burst.json", {"workloads.0.pod.priorityClassName=system-node-crytical"}},
      problems);
  CHECK(loaded.has_value());
  CHECK(problems.has_errors());
  CHECK(says(problems.text(), "no priority class \"system-node-crytical\""));
  CHECK(says(problems.text(), "system-node-critical"));
}

TEST_CASE("pods of rollouts are checked as others", "[scenario]") {
  const auto problems_of = [](const std::string& pod) {
    config::Problems problems;
    load_scenario({"scenarios/rollout.json",
                   {"workloads.0.rollouts=[{\"at\": \"20m\", \"pod\": " + pod + "}]"}},
                  problems);
    return problems.text();
  };
  CHECK(problems_of("{}") == "");
  CHECK(says(problems_of(R"({"priorityClassName": "hihg"})"),
             "workloads[0].rollouts[0].pod.priorityClassName: no priority class"));
  const auto spread_by = [](const std::string& key) {
    return R"({"topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "zone",
                 "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {},
                 "matchLabelKeys": [")" +
           key + R"("]}]})";
  };
  CHECK(problems_of(spread_by("pod-template-hash")) == "");
  CHECK(says(problems_of(spread_by("controller-revision-hash")),
             "matchLabelKeys names controller-revision-hash, which pods here do not have"));
  CHECK(says(problems_of(R"({"priorityClassName": "system-node-critical",
                             "preemptionPolicy": "Never"})"),
             "is another than that of the priority class"));
}

TEST_CASE("pods that keep apart buy a node each", "[scenario]") {
  const Ran ran = run_whole(zoned(6, R"({"resources": {"requests": {"cpu": "100m"}},
      "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
        {"labelSelector": {"matchLabels": {"app": "web"}},
         "topologyKey": "kubernetes.io/hostname"}]}}})"));
  const auto counts = pods_by_node(ran);
  CHECK(counts.size() == 6);
  for (const auto& [node, count] : counts) CHECK(count == 1);
}

TEST_CASE("pods that are spread over zones are as many in each", "[scenario]") {
  const Ran ran = run_whole(zoned(12, R"({"resources": {"requests": {"cpu": "500m"}},
      "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": {"matchLabels": {"app": "web"}}}]})"));
  const auto counts = pods_by_node(ran);
  CHECK(counts.size() == 3);
  for (const auto& [node, count] : counts) CHECK(count == 4);
}

TEST_CASE("nobody binds the pods of another scheduler", "[scenario]") {
  Scenario s = zoned(3, R"({"resources": {"requests": {"cpu": "100m"}}, "schedulerName": "mine"})");
  const Ran ran = run_whole(s);
  CHECK(ran.summary.pods.pending == 3);
  CHECK(pods_by_node(ran).empty());
}

TEST_CASE("a pod for one zone of a group can fit", "[scenario]") {
  const Ran ran = run_whole(zoned(2, R"({"resources": {"requests": {"cpu": "100m"}},
      "nodeSelector": {"topology.kubernetes.io/zone": "us-east-1b"}})"));
  CHECK(ran.summary.unfit.empty());
  CHECK(pods_by_node(ran).size() == 1);
}

TEST_CASE("a hard spread over zones is bought one node at a time, a soft one at once",
          "[scenario]") {
  const Ran hard = run_file("spread-over-zones");
  const Ran soft =
      run_file("spread-over-zones",
               {"workloads.web.pod.topologySpreadConstraints.0.whenUnsatisfiable=ScheduleAnyway"});
  const auto nodes = [](const Ran& ran) { return facts_named(ran.facts, "NodeRegistered").size(); };
  CHECK(hard.summary.activity.scale_ups == static_cast<std::int64_t>(nodes(hard)) - 3);
  CHECK(soft.summary.activity.scale_ups <= 5);
  CHECK(soft.summary.pods.completed == 60);
  CHECK(hard.summary.pods.completed == 60);
}

TEST_CASE("placeholders give way, and most of a burst starts on nodes that were there",
          "[scenario]") {
  const auto at_once = [](const Ran& ran) {
    std::int64_t count = 0;
    for (const PodRecord& pod : ran.pods) {
      const bool is_web = pod.workload == WorkloadId(1);
      if (is_web && pod.has_run() && pod.running - pod.created < 15s) ++count;
    }
    return count;
  };
  CHECK(at_once(run_file("overprovisioned")) >= 40);
  CHECK(at_once(run_file("overprovisioned", {"workloads.room.count=1"})) < 10);
}
