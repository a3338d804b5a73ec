#include "sim/controllers/disruption/disruption_controller.h"

#include <map>
#include <string>
#include <vector>

#include "sim/workloads/pod_informer.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

using namespace std::chrono_literals;

struct NoFacts final : FactSink {
  void on_fact(TimePoint, const Fact&) override {}
};

// Pods of label app=web on one node, by owner; tests say what scale an owner has.
struct BudgetWorld {
  explicit BudgetWorld(ApiClientConfig client = {"disruption-controller"})
      : controller(api, std::move(client), [this](const PodSpec& pod) { return scale_of(pod); }) {
    NewNode big;
    big.node.name = "big";
    big.node.ready = true;
    big.node.allocatable.pods = 1000;
    node = api.create_node(std::move(big));
  }

  ~BudgetWorld() { CHECK_FALSE(cluster.broken_invariant()); }

  std::optional<ControllerScale> scale_of(const PodSpec& pod) const {
    const auto found = scales.find(pod.owner_uid);
    if (found == scales.end()) return std::nullopt;
    return found->second;
  }

  void put(std::optional<IntOrPercent> min_available,
           std::optional<IntOrPercent> max_unavailable = {}) {
    PodDisruptionBudget budget;
    budget.name = "web";
    budget.namespace_name = "default";
    budget.selector = {{"app", LabelRequirement::Operator::kIn, {"web"}}};
    budget.min_available = min_available;
    budget.max_unavailable = max_unavailable;
    budget.observed_generation = 0;
    api.put_pdb(budget);
  }

  void start(std::optional<IntOrPercent> min_available,
             std::optional<IntOrPercent> max_unavailable = {}) {
    put(min_available, max_unavailable);
    api.add_watcher(controller, {});
  }

  PodId add(const std::string& name, const std::string& owner) {
    PodSpecPtr& spec = specs[owner];
    if (!spec) {
      PodSpec made;
      made.labels["app"] = "web";
      made.owner_uid = owner;
      made.requests.pods = 1;
      spec = std::make_shared<const PodSpec>(made);
    }
    NewPod fresh;
    fresh.spec = spec;
    fresh.name = name;
    const PodId pod = api.create_pod(std::move(fresh));
    REQUIRE(api.bind(pod, node).has_value());
    return pod;
  }

  PodId run(const std::string& name, const std::string& owner) {
    const PodId pod = add(name, owner);
    api.set_running(pod);
    return pod;
  }

  std::vector<PodId> run(int count, const std::string& owner) {
    std::vector<PodId> pods;
    for (int i = 0; i < count; ++i) pods.push_back(run(owner + "-" + std::to_string(i), owner));
    return pods;
  }

  bool evict(PodId pod) { return api.delete_pod(pod, PodEnd::kEvicted, 30s).has_value(); }

  void until(Duration t) {
    kernel.at(kTimeZero + t, Phase::kWorld, [] {});
    kernel.run(kTimeZero + t, 1'000'000);
  }

  const PodDisruptionBudget& budget() const { return cluster.pdbs().begin()->second; }

  Kernel kernel{WallTime{} + 24h * 20000};
  Cluster cluster;
  NoFacts facts;
  ApiServer api{kernel, cluster, facts, Random(1), {}};
  std::map<std::string, ControllerScale> scales;
  std::map<std::string, PodSpecPtr> specs;
  DisruptionController controller;
  NodeId node;
};

TEST_CASE("what a budget allows is what is healthy beyond what must be", "[controllers]") {
  struct Row {
    const char* name;
    std::optional<IntOrPercent> min_available;
    std::optional<IntOrPercent> max_unavailable;
    int desired;
    int expected;
    int allowed;
  };

  // Five of seven pods are Ready; their sets want eight together.
  const auto count = IntOrPercent::of;
  const auto percent = IntOrPercent::percent;
  const Row row = GENERATE_COPY(values<Row>({
      {"a count counts pods", count(3), {}, 3, 7, 2},
      {"never below none", count(6), {}, 6, 7, 0},
      {"a share is of what is wanted, rounded up", percent(51), {}, 5, 8, 0},
      {"half", percent(50), {}, 4, 8, 1},
      {"some may be missing, as many are already", {}, count(3), 5, 8, 0},
      {"one more", {}, count(4), 4, 8, 1},
      {"a share that may be missing is rounded up", {}, percent(49), 4, 8, 1},
      {"all may be missing", {}, percent(100), 0, 8, 5},
      {"more than all", {}, count(20), 0, 8, 5},
      {"neither", {}, {}, 0, 0, 0},
  }));
  CAPTURE(row.name);
  BudgetWorld world;
  world.scales = {{"a", {"deployment", 6}}, {"b", {"deployment", 6}}, {"c", {"c", 2}}};
  world.run(2, "a");
  world.run(2, "b");
  world.run(1, "c");
  world.add("starting", "a");
  world.add("sick", "c");
  world.start(row.min_available, row.max_unavailable);
  world.until(1s);
  CHECK(world.budget().current_healthy == 5);
  CHECK(world.budget().desired_healthy == row.desired);
  CHECK(world.budget().expected_pods == row.expected);
  CHECK(world.budget().disruptions_allowed == row.allowed);
  CHECK(world.budget().observed_generation == 1);
}

TEST_CASE("of two budgets on a pod both are kept up, by turns", "[controllers]") {
  BudgetWorld world;
  world.scales = {{"a", {"a", 4}}};
  PodDisruptionBudget second;
  second.name = "zweb";
  second.namespace_name = "default";
  second.selector = {{"app", LabelRequirement::Operator::kIn, {"web"}}};
  second.max_unavailable = IntOrPercent::of(1);
  world.put({}, IntOrPercent::of(2));
  world.api.put_pdb(second);
  world.api.add_watcher(world.controller, {});
  world.until(1s);
  world.run(4, "a");
  world.until(10s);
  for (const auto& [key, budget] : world.cluster.pdbs()) {
    INFO(budget.name);
    CHECK(budget.current_healthy == 4);
    CHECK(budget.disruptions_allowed == (budget.name == "web" ? 2 : 1));
  }
}

TEST_CASE("pods without a scale allow no disruption, but for a count that must be there",
          "[controllers]") {
  const bool is_count = GENERATE(true, false);
  BudgetWorld world;
  world.scales = {{"a", {"a", 4}}};
  const std::vector<PodId> pods = world.run(4, "a");
  world.start(is_count ? std::optional(IntOrPercent::of(2)) : std::nullopt,
              is_count ? std::nullopt : std::optional(IntOrPercent::of(2)));
  world.until(1s);
  CHECK(world.budget().disruptions_allowed == 2);
  world.run("job", "job");
  world.until(2s);
  CHECK(world.budget().sync_failed != is_count);
  CHECK(world.budget().disruptions_allowed == (is_count ? 3 : 0));
  CHECK(world.evict(pods[0]) == is_count);
}

TEST_CASE("pods without a controller count by minAvailable as a count alone", "[controllers]") {
  const bool is_count = GENERATE(true, false);
  BudgetWorld world;
  world.run(3, "");
  world.start(is_count ? IntOrPercent::of(1) : IntOrPercent::percent(30));
  world.until(1s);
  CHECK(world.budget().expected_pods == (is_count ? 3 : 0));
  CHECK(world.budget().disruptions_allowed == (is_count ? 2 : 0));
  CHECK_FALSE(world.budget().sync_failed);
}

TEST_CASE("an allowed eviction is one healthy pod less, until the pod is gone", "[controllers]") {
  BudgetWorld world;
  world.scales = {{"a", {"a", 3}}};
  const std::vector<PodId> pods = world.run(3, "a");
  world.start({}, IntOrPercent::of(1));
  world.until(1s);
  CHECK(world.budget().disruptions_allowed == 1);
  CHECK(world.evict(pods[0]));
  CHECK_FALSE(world.evict(pods[1]));
  world.until(2s);
  CHECK(world.budget().current_healthy == 2);
  CHECK(world.budget().disrupted_pods.empty());  // it is being deleted
  world.api.finish_deletion(pods[0]);
  world.until(3s);
  CHECK(world.budget().disruptions_allowed == 0);
  world.run("a-3", "a");
  world.until(4s);
  CHECK(world.budget().disruptions_allowed == 1);
  CHECK(world.evict(pods[1]));
}

// The pod is marked as disrupted as if its deletion had failed.
TEST_CASE("an eviction that never comes is forgotten after two minutes", "[controllers]") {
  BudgetWorld world;
  world.scales = {{"a", {"a", 3}}};
  world.run(3, "a");
  world.start(IntOrPercent::of(1));
  world.until(1500ms);
  PodDisruptionBudget evicted = world.budget();
  CHECK(evicted.disruptions_allowed == 2);
  --evicted.disruptions_allowed;
  evicted.disrupted_pods["a-0"] = cut_to_second(world.kernel.wall(world.kernel.now()));
  evicted.disrupted_pods["gone"] = evicted.disrupted_pods["a-0"];
  world.api.put_pdb(evicted);
  world.until(120999ms);
  CHECK(world.budget().disruptions_allowed == 1);
  CHECK(world.budget().disrupted_pods.size() == 1);
  world.until(121004ms);
  CHECK(world.budget().disruptions_allowed == 1);
  world.until(121006ms);  // the pause of a first failure later
  CHECK(world.budget().disruptions_allowed == 2);
  CHECK(world.budget().disrupted_pods.empty());
}

TEST_CASE("a status is written only when it differs, in the controller's own bucket",
          "[controllers]") {
  BudgetWorld world({.name = "disruption-controller", .qps = 1, .burst = 1});
  world.scales = {{"a", {"a", 3}}};
  world.start(IntOrPercent::of(1));
  world.until(1s);  // no pods: an Event, a status, and an Event about the budget that has changed
  CHECK(world.controller.client().stats().requests == 3);
  world.until(10s);
  const std::vector<PodId> pods = world.run(3, "a");
  world.until(11s);
  CHECK(world.budget().disruptions_allowed == 2);
  const std::uint64_t written = world.controller.client().stats().requests;
  CHECK(written == 4);
  world.api.edit_node(world.node, [](Node& node) { node.labels["a"] = "b"; });
  REQUIRE(world.api.delete_pod(world.add("new", "a"), PodEnd::kDeleted, 0s).has_value());
  world.until(20s);
  CHECK(world.controller.client().stats().requests == written + 1);  // one pod more is expected
  CHECK(world.budget().expected_pods == 4);
}

TEST_CASE("a status that meets a newer budget is counted anew", "[controllers]") {
  BudgetWorld world({.name = "disruption-controller", .qps = 1, .burst = 1});
  world.scales = {{"a", {"a", 4}}};
  const std::vector<PodId> pods = world.run(4, "a");
  world.start(IntOrPercent::of(1));
  world.until(200ms);
  CHECK(world.budget().disruptions_allowed == 3);
  world.api.set_ready(pods[3], false);
  world.until(500ms);  // its write waits for a turn
  CHECK(world.evict(pods[0]));
  CHECK(world.evict(pods[1]));
  CHECK(world.evict(pods[2]));
  CHECK(world.budget().disruptions_allowed == 0);
  world.until(1100ms);
  CHECK(world.budget().disruptions_allowed == 0);
  CHECK(world.controller.client().stats().conflicts == 1);
  world.until(10s);
  CHECK(world.budget().current_healthy == 0);
  CHECK(world.budget().disruptions_allowed == 0);
}

TEST_CASE("a budget's status waits for the controllers' next process", "[controllers]") {
  BudgetWorld world;
  PodInformer informer(world.api);
  informer.add_stopping(world.controller);
  const std::vector<PodId> pods = world.run(3, "a");
  world.put(IntOrPercent::of(1));
  informer.start({});
  world.until(1s);
  CHECK(world.budget().disruptions_allowed == 2);
  informer.hold();
  world.api.hold_clients("disruption-controller");
  world.api.set_ready(pods[0], false);
  world.until(10s);
  CHECK(world.budget().disruptions_allowed == 2);
  informer.release();
  world.api.release_clients("disruption-controller");
  world.until(11s);
  CHECK(world.budget().disruptions_allowed == 1);
}

}  // namespace
}  // namespace casim::sim
