// Manifests as workloads of a scenario: from the file to the run, and to the message.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include <fmt/format.h>

#include "sim/scenario/describe.h"
#include "sim/scenario/load_scenario.h"
#include "src/config/config.h"
#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

namespace casim::sim {
namespace {

namespace fs = std::filesystem;

// A folder with a scenario of one manifest, x.yaml beside it.
class Written {
 public:
  explicit Written(const std::string& manifest, const std::string& members = "",
                   const std::string& workloads_before = "")
      : folder_(fs::temp_directory_path() / fmt::format("casim_manifest_test.{}", ::getpid())) {
    fs::create_directories(folder_);
    std::ofstream(folder_ / "x.yaml") << manifest;
    std::ofstream(folder_ / "s.json") << R"({"schema_version": 1, "description": "test",
  "start": "2026-01-05T08:00:00Z", "duration": "10m",
  "node_groups": [{"name": "g", "max": 5, "initial": 1, "instance_types": ["m6i.2xlarge"]}],
  "workloads": [)" << workloads_before << R"({"name": "x", "kind": "manifest", "file": "x.yaml")"
                                      << members << "}]}";
  }

  ~Written() { fs::remove_all(folder_); }

  std::optional<LoadedScenario> load(std::vector<std::string> overrides = {}) {
    problems_ = {};
    return load_scenario({folder_ / "s.json", std::move(overrides)}, problems_);
  }

  // Without the folder.
  std::string problems() const {
    std::string text = problems_.text();
    const std::string prefix = folder_.string() + "/";
    for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
      text.erase(at, prefix.size());
    }
    return text;
  }

 private:
  fs::path folder_;
  config::Problems problems_;
};

std::string pods(const std::string& name, int replicas, const std::string& container = "") {
  return fmt::format(R"(apiVersion: apps/v1
kind: Deployment
metadata: {{name: {0}}}
spec:
  replicas: {1}
  selector: {{matchLabels: {{app: {0}}}}}
  template:
    metadata: {{labels: {{app: {0}}}}}
    spec:
      containers:
      - name: c
        image: i
{2}---
)",
                     name, replicas, container);
}

std::string errors_in(const std::string& text) {
  std::string errors;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at) + 1;
    const std::string line = text.substr(at, end - at);
    if (line.find("warning: ") == std::string::npos) errors += line;
    at = end;
  }
  return errors;
}

}  // namespace

TEST_CASE("a scenario has what its manifest has, and can be written out", "[manifests]") {
  Written written(pods("web", 3) + pods("api", 2), R"(, "at": "30s")");
  const auto loaded = written.load();
  CAPTURE(written.problems());
  REQUIRE(loaded);
  REQUIRE(loaded->scenario.workloads.size() == 2);
  CHECK(loaded->scenario.workloads[0].name == "web");
  const auto& web = std::get<DeploymentWorkload>(loaded->scenario.workloads[0].body);
  CHECK(web.replicas == 3);
  CHECK(web.at == std::chrono::seconds(30));
  CHECK(web.pod.labels == Labels{{"app", "web"}});
  CHECK(config::to_json(config::write(loaded->scenario)).find("manifest") == std::string::npos);
}

TEST_CASE("a manifest without pods is said", "[manifests]") {
  for (const char* text :
       {"# nothing\n", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"}) {
    Written written(text);
    written.load();
    CAPTURE(written.problems());
    CHECK(written.problems().find("x.yaml: warning: no object in it makes pods") !=
          std::string::npos);
  }
}

TEST_CASE("values of a manifest can be overridden", "[manifests]") {
  Written written(pods("web", 3));
  const auto loaded = written.load({"workloads.web.replicas=7", "workloads.x.at=1m"});
  CAPTURE(written.problems());
  REQUIRE(loaded);
  const auto& web = std::get<DeploymentWorkload>(loaded->scenario.workloads[0].body);
  CHECK(web.replicas == 7);
  CHECK(web.at == std::chrono::minutes(1));
  CHECK_FALSE(written.load({"workloads.wbe.replicas=7"}));
  CHECK(written.problems().find("no item is named \"wbe\"; did you mean \"web\"?") !=
        std::string::npos);
}

TEST_CASE("what is wrong in a manifest is told by its own line and path", "[manifests]") {
  struct Row {
    std::string manifest;
    const char* expected;
  };

  const auto row = GENERATE(values<Row>({
      {pods("web", -1), "x.yaml:5: Deployment web: spec.replicas: must be at least 0, found -1\n"},
      {pods("web", 1, "        resources: {requests: {cpu: lots}}\n"),
       "x.yaml:13: Deployment web: spec.template.spec.containers[0].resources.requests.cpu: "
       "expected "
       "an amount of CPU such as \"500m\", \"1.5\" or 4, found \"lots\": it does not start with a "
       "number\n"},
      {pods("web", 1, "        resources: {requests: {memory: 1GB}}\n"),
       "x.yaml:13: Deployment web: spec.template.spec.containers[0].resources.requests.memory: "
       "expected an amount of bytes such as \"16Gi\" or \"500M\", found \"1GB\": unknown suffix "
       "\"GB\" (allowed: n u m k M G T P E, Ki Mi Gi Ti Pi Ei)\n"},
      {pods("web", 1, "      priorityClassName: hgih\n") +
           "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: high}\nvalue: "
           "3\n",
       "x.yaml:13: Deployment web: spec.template.spec.priorityClassName: no priority class "
       "\"hgih\"; "
       "did you mean \"high\"? allowed: system-cluster-critical, system-node-critical, high\n"},
      {pods("web", 1, "      nodeSelector: {pool: yes}\n"),
       "x.yaml:13: Deployment web: spec.template.spec.nodeSelector.pool: expected text, found "
       "true: "
       "put it in quotes\n"},
      {"apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: high}\n---\n" +
           pods("web", 1),
       "x.yaml:1: PriorityClass high: value: missing; priority of its pods\n"},
      {"apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec:\n  schedule: '* * *'\n  "
       "jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: "
       "i}]}}}}\n",
       "x.yaml:5: CronJob c: spec.schedule: "},
      {pods("web", 1) +
           "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: "
           "web}\nspec: {scaleTargetRef: {kind: Deployment, name: web}, minReplicas: 5, "
           "maxReplicas: 3}\n",
       "x.yaml:17: HorizontalPodAutoscaler web: spec.minReplicas: is above maxReplicas (3)\n"},
  }));
  CAPTURE(row.manifest);
  Written written(row.manifest, "",
                  R"({"name": "before", "kind": "burst", "count": 1, "pod": {}},)");
  written.load();
  CHECK(errors_in(written.problems()).starts_with(row.expected));
}

TEST_CASE("messages name the places of manifests too", "[manifests]") {
  Written twice(pods("web", 1, "      - {name: c, image: i}\n"));
  twice.load();
  CHECK(errors_in(twice.problems()) ==
        "x.yaml:13: Deployment web: spec.template.spec.containers[1].name: \"c\" is already at "
        "Deployment web: spec.template.spec.containers[0].name\n");
  Written helm("apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n");
  CHECK_FALSE(helm.load());
  CHECK(helm.problems().find("x.yaml:4: this looks like a template of a Helm chart") !=
        std::string::npos);
}

TEST_CASE("items beside a manifest keep their own paths", "[manifests]") {
  Written written(pods("a", 1) + pods("b", 1), R"(}, {"name": "last", "kind": "burst", "count": 0)"
                                               R"(, "pod": {})");
  written.load();
  CHECK(errors_in(written.problems()).find("workloads[1].count: must be at least 1") !=
        std::string::npos);
}

TEST_CASE("members of a manifest workload are checked", "[manifests]") {
  Written unknown(pods("web", 1), R"(, "fiel": 1)");
  CHECK_FALSE(unknown.load());
  CHECK(unknown.problems().find("workloads[0].fiel: unknown key; did you mean \"file\"?") !=
        std::string::npos);
  Written missing(pods("web", 1));
  CHECK_FALSE(missing.load({"workloads.x.file=/nowhere.yaml"}));
  CHECK(missing.problems() == "/nowhere.yaml: cannot be read: No such file or directory\n");
  Written demand(pods("web", 1), R"(, "demand": {"web": [{"value": 2}]})");
  CHECK_FALSE(demand.load());
  CHECK(demand.problems().find("demand.web: the manifest has no such HorizontalPodAutoscaler") !=
        std::string::npos);
}

TEST_CASE("a bare pod arrives once, and Jobs run as long as the scenario says", "[manifests]") {
  const std::string spec = "spec: {restartPolicy: Never, containers: [{name: c, image: i}]}\n";
  Written written("apiVersion: v1\nkind: Pod\nmetadata: {name: one}\n" + spec +
                      "---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: two}\nspec:\n  "
                      "completions: 3\n  template: {" +
                      spec.substr(0, spec.size() - 1) + "}\n",
                  R"(, "at": "1m", "run_for": "2m")");
  const auto loaded = written.load();
  CAPTURE(written.problems());
  REQUIRE(loaded);
  const Ran ran = run_loaded(*loaded);
  std::map<std::string, int> created;
  for (const auto& fact : facts_named(ran.facts, "PodCreated")) {
    CHECK(fact.at("t").get<double>() >= 60);
    ++created[fact.at("workload").dump()];
  }
  REQUIRE(created.size() == 2);
  CHECK(created.begin()->second == 1);
  CHECK(created.rbegin()->second == 3);
}

TEST_CASE("the shop's manifests run: HPA, DaemonSet, CronJob and Deployments", "[manifests]") {
  config::Problems problems;
  const auto loaded = load_scenario({"scenarios/shop-manifests.json", {}}, problems);
  CAPTURE(problems.text());
  REQUIRE(loaded);
  REQUIRE_FALSE(problems.has_errors());
  const Scenario& scenario = loaded->scenario;
  CHECK(scenario.workloads.size() == 4);
  CHECK(scenario.priority_classes.size() == 1);
  CHECK(scenario.namespaces.size() == 1);
  REQUIRE(scenario.hpas.size() == 1);
  CHECK(scenario.hpas[0].metrics[0].load.size() == 3);
  const Ran ran = run_loaded(*loaded);
  CHECK_FALSE(facts_named(ran.facts, "HpaRescaled").empty());
  CHECK_FALSE(facts_named(ran.facts, "ScaleUpDecided").empty());
}

}  // namespace casim::sim
