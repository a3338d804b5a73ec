// Disruption budgets and scheduling gates of a scenario, in whole worlds.
#include "sim/scenario/describe.h"
#include "sim/scenario/load_scenario.h"
#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

std::string problems_with(std::vector<std::string> overrides) {
  config::Problems problems;
  static_cast<void>(
      load_scenario({"scenarios/blocked-by-pdb.json", std::move(overrides)}, problems));
  return problems.text();
}

std::string problems_of_budget(const std::string& budget) {
  return problems_with({"disruption_budgets=[" + budget + "]"});
}

std::string problems_of_pod(const std::string& pod) {
  return problems_with({"workloads.web.pod=" + pod, "disruption_budgets=[]"});
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Forty pods that need more than the node that is there, all behind one gate.
Scenario gated(std::optional<Duration> lifted_at, std::optional<Distribution> lifted_after = {}) {
  Scenario s = small_scenario(40);
  auto& burst = std::get<BurstWorkload>(s.workloads[0].body);
  burst.pod.scheduling_gates = {{"example.com/quota"}};
  s.scheduling_gates = {{"example.com/quota", std::move(lifted_after), lifted_at}};
  return s;
}

std::int64_t nodes_at_end(const Ran& ran) { return ran.summary.nodes.ready_at_end; }

}  // namespace

TEST_CASE("a budget that allows no eviction keeps the nodes of a burst, another frees them",
          "[scenario]") {
  const Ran blocked = run_file("blocked-by-pdb");
  const Ran freed = run_file("blocked-by-pdb", {"disruption_budgets.web.minAvailable=null",
                                                "disruption_budgets.web.maxUnavailable=1"});
  CHECK(nodes_at_end(blocked) >= 8);
  CHECK(nodes_at_end(freed) <= 2);
  CHECK(blocked.summary.pods.evicted == 0);
  CHECK(freed.summary.pods.evicted >= 5);
  CHECK(says(blocked.facts, "NotEnoughPdb"));
  for (const Ran* ran : {&blocked, &freed}) CHECK(ran->summary.pods.running == 12);
}

TEST_CASE("with budgets memo and wire agree, also when the controllers stop and come back",
          "[scenario]") {
  config::Problems problems;
  const auto loaded = load_scenario(
      {"scenarios/blocked-by-pdb.json",
       {"disruption_budgets.web.minAvailable=null", "disruption_budgets.web.maxUnavailable=1",
        R"(faults=[{"kind": "api_outage", "at": "27m", "for": "2m"}])"}},
      problems);
  REQUIRE(loaded);
  const Ran memo = run_loaded(*loaded, {.check_invariants = true});
  const Ran wire = run_loaded(*loaded, {.rpc_on_wire = true});
  CHECK(memo.summary.digest == wire.summary.digest);
  CHECK(nodes_at_end(memo) <= 2);
}

TEST_CASE("budgets are refused as the API server refuses them", "[scenario]") {
  const std::string web = R"("selector": {"matchLabels": {"app": "web"}})";
  CHECK(problems_of_budget(R"({"name": "a", "minAvailable": "50%", )" + web + "}").empty());
  CHECK(problems_of_budget(R"({"name": "a", "maxUnavailable": 0, "selector": {}})").empty());
  CHECK(says(
      problems_of_budget(R"({"name": "a", "minAvailable": 1, "maxUnavailable": 1, )" + web + "}"),
      "disruption_budgets[0].maxUnavailable: cannot be set beside minAvailable"));
  CHECK(says(problems_of_budget(R"({"name": "a", "minAvailable": "101%", )" + web + "}"),
             "minAvailable: is above 100%"));
  CHECK(says(problems_of_budget(R"({"name": "a", "minAvailable": -1, )" + web + "}"),
             "minAvailable"));
  CHECK(says(problems_of_budget(R"({"minAvailable": 1, )" + web + "}"), "name: missing"));
  CHECK(says(problems_of_budget(R"({"name": "a", "minAvailable": 1, )" + web +
                                R"(, "unhealthyPodEvictionPolicy": "AlwaysAlow"})"),
             "AlwaysAllow"));
  CHECK(says(problems_of_budget(R"({"name": "a", "minAvailable": 1, )" + web +
                                R"(}, {"name": "a", "minAvailable": 1, )" + web + "}"),
             "disruption_budgets[1].name: another budget of the namespace has this name"));
  CHECK(says(problems_of_budget(R"({"name": "a", )" + web + "}"), "no eviction is allowed"));
  CHECK(says(problems_of_budget(R"({"name": "a", "minAvailable": 1})"), "selects no pod"));
  CHECK(
      says(problems_of_budget(R"({"name": "a", "minAvailable": 1, "namespace": "b", )" + web + "}"),
           "selects no pod"));
}

TEST_CASE("gated pods are left out by scheduler and autoscaler until their gate is lifted",
          "[scenario]") {
  const Ran at_once = run_whole(gated(10min));
  CHECK(first_fact(at_once.facts, "PodBound") >= 10min);
  CHECK(first_fact(at_once.facts, "ScaleUpDecided") >= 10min);
  CHECK(at_once.summary.pods.completed == 40);
  // As long as without gates: what comes before they are lifted is no wait.
  CHECK(at_once.summary.latency.pod_latency.max < 5min);

  Scenario never = gated(0s);
  never.scheduling_gates[0].name = "example.com/other";
  const Ran waits = run_whole(never);
  CHECK(waits.summary.pods.pending == 40);
  CHECK(facts_named(waits.facts, "ScaleUpDecided").empty());

  const Ran open = run_whole(gated(0s));
  CHECK(open.summary.pods.completed == 40);
}

TEST_CASE("gates are lifted after times that are drawn for each pod", "[scenario]") {
  Distribution::Family family = Uniform{60, 600};
  const Ran ran = run_whole(gated({}, Distribution(family)));
  CHECK(ran.summary.pods.completed == 40);
  CHECK(first_fact(ran.facts, "PodBound") >= 90s);
  Duration last{};
  for (const PodRecord& pod : ran.pods) last = std::max(last, pod.bound - pod.created);
  CHECK(last >= 400s);
}

TEST_CASE("gates that nobody lifts, and lifts of nothing, are told", "[scenario]") {
  const auto told = [](const std::string& gates, const std::string& pod) {
    return problems_with({"scheduling_gates=" + gates, "workloads.web.pod=" + pod});
  };
  const std::string pod = R"({"schedulingGates": [{"name": "example.com/quota"}]})";
  CHECK(told(R"([{"name": "example.com/quota", "lifted_at": "5m"}])", pod).empty());
  CHECK(says(told("[]", pod), "nobody lifts \"example.com/quota\""));
  CHECK(says(told(R"([{"name": "example.com/quoto", "lifted_at": "5m"}])", pod),
             "did you mean \"example.com/quoto\"?"));
  CHECK(says(told(R"([{"name": "example.com/quota", "lifted_at": "5m"}])", "{}"),
             "scheduling_gates[0]: no pod has this gate"));
  CHECK(says(told(R"([{"name": "example.com/quota"}])", pod),
             "needs one of lifted_after and lifted_at"));
  CHECK(says(told("[]", R"({"schedulingGates": [{"name": "a b"}]})"), "schedulingGates[0].name"));
  CHECK(says(told("[]", R"({"schedulingGates": [{"name": "a"}, {"name": "a"}]})"),
             "schedulingGates[1]"));
}

TEST_CASE("what the API server refuses of requests, ports and label keys is refused",
          "[scenario]") {
  const auto container = [](const std::string& what) {
    return R"({"containers": [{"name": "a", "image": "a:1", )" + what + "}]}";
  };
  CHECK(problems_of_pod(container(R"("resources": {"requests": {"nvidia.com/gpu": 1},
                                                   "limits": {"nvidia.com/gpu": 1}})"))
            .find("must be equal") == std::string::npos);
  CHECK(says(problems_of_pod(container(R"("resources": {"requests": {"nvidia.com/gpu": 1},
                                                        "limits": {"nvidia.com/gpu": 2}})")),
             "1 of nvidia.com/gpu must be equal to the limit of 2"));
  CHECK(says(problems_of_pod(container(R"("resources": {"requests": {"ephemeral-storage": "2Gi"},
                                                        "limits": {"ephemeral-storage": "1Gi"}})")),
             "2Gi are above the limit of 1Gi"));
  const std::string port = R"("ports": [{"hostPort": 80}])";
  CHECK(problems_of_pod(container(port)).empty());
  CHECK(says(problems_of_pod(R"({"hostPort": 80, "containers": [{"name": "a", )" + port + "}]}"),
             "a hostPort is taken twice"));
  CHECK(says(problems_of_pod(R"({"containers": [{"name": "a", )" + port + R"(}, {"name": "b", )" +
                             port + "}]}"),
             "a hostPort is taken twice"));
  CHECK(problems_of_pod(R"({"containers": [{"name": "a", )" + port +
                        R"(}], "initContainers": [{"name": "b", )" + port + "}]}")
            .empty());
  CHECK(problems_of_pod(R"({"containers": [{"name": "a", )" + port +
                        R"(}, {"name": "b", "ports": [{"hostPort": 80, "protocol": "UDP"}]}]})")
            .empty());
  CHECK(says(problems_of_pod(R"({"affinity": {"podAffinity": {
              "requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "zone",
                "labelSelector": {}, "matchLabelKeys": ["a"], "mismatchLabelKeys": ["a"]}]}}})"),
             "mismatchLabelKeys: a is in matchLabelKeys too"));
  CHECK(says(problems_of_pod(R"({"topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "zone",
                "whenUnsatisfiable": "DoNotSchedule", "matchLabelKeys": ["a"],
                "labelSelector": {"matchExpressions": [{"key": "a", "operator": "Exists"}]}}]})"),
             "matchLabelKeys: a is in labelSelector too"));
}

// Pods that keep apart from their own kind, on as many nodes as there are pods: those of a rollout
// have no room while they keep apart from older ones too.
TEST_CASE("a rollout goes on where pods keep apart by the hash of their template", "[scenario]") {
  const bool by_hash = GENERATE(true, false);
  Scenario s = small_scenario(1);
  s.node_groups[0].initial = s.node_groups[0].max = 3;
  DeploymentWorkload web;
  web.replicas = 3;
  web.max_unavailable = IntOrPercent::of(0);
  web.rollouts = {{10min, std::nullopt}};
  PodAffinityTermTemplate term;
  term.topology_key = "kubernetes.io/hostname";
  term.label_selector.emplace().match_labels = {{"app", "web"}};
  if (by_hash) term.match_label_keys = {"pod-template-hash"};
  web.pod.affinity.emplace().pod_anti_affinity.emplace().required = {term};
  s.workloads = {{"web", web}};
  const Ran ran = run_whole(s);
  CHECK(ran.summary.pods.running == 3);
  CHECK(ran.summary.pods.deleted == (by_hash ? 3 : 0));
  CHECK(ran.summary.pods.pending == (by_hash ? 0 : 1));
}
