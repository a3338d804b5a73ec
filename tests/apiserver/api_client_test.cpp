#include <optional>

#include "tests/apiserver/api_world.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

using std::chrono::milliseconds;

// Keeps an answer and when it came.
template <class T>
struct Answer {
  explicit Answer(Kernel& k) : kernel(k) {}

  ApiClient::Done<T> done() {
    return [this](Result<T> r) {
      at = kernel.now();
      result = std::move(r);
    };
  }

  ErrorCode code() const { return result->error().code; }

  Kernel& kernel;
  TimePoint at = kTimeNever;
  std::optional<Result<T>> result;
};

PodDisruptionBudget budget_of(const std::string& name, LabelSelector selector, int allowed) {
  PodDisruptionBudget budget;
  budget.name = name;
  budget.namespace_name = "default";
  budget.selector = std::move(selector);
  budget.disruptions_allowed = allowed;
  return budget;
}

}  // namespace

TEST_CASE("writes take turns and their time, and are answered when applied", "[apiserver]") {
  ApiServerConfig config;
  config.write_latency = Distribution::constant(milliseconds(10));
  ApiWorld world(config);
  ApiClient& client = world.api.add_client({"c", 5, 1, Phase::kAutoscaler});
  Answer<PodId> first(world.kernel);
  Answer<PodId> second(world.kernel);
  client.create_pod(world.new_pod("a"), first.done());
  client.create_pod(world.new_pod("b"), second.done());
  CHECK_FALSE(first.result);  // never inline
  world.run_until(1000);
  CHECK(first.at == at_ms(10));
  CHECK(second.at == at_ms(210));
  CHECK(world.facts.times == std::vector<TimePoint>{at_ms(10), at_ms(210)});
  CHECK(client.stats().requests == 2);
  CHECK(client.stats().waited_max == milliseconds(200));
}

TEST_CASE("events and status writes use up the same turns", "[apiserver]") {
  ApiWorld world;
  ApiClient& client = world.api.add_client({"c", 5, 1, Phase::kAutoscaler});
  client.touch();
  Answer<void> answer(world.kernel);
  client.touch(answer.done());
  world.run_until(1000);
  CHECK(answer.at == at_ms(200));
}

TEST_CASE("a stale write is refused, a fresh one and an unconditional one are not", "[apiserver]") {
  ApiWorld world;
  ApiClient& client = world.api.add_client({"c"});
  const NodeId node = world.add_node("n");
  const NodePtr read = world.cluster.node(node);
  world.api.edit_node(node, [](Node& n) { n.labels["x"] = "1"; });
  const auto cordon = [](Node& n) { n.unschedulable = true; };
  Answer<NodePtr> stale(world.kernel);
  client.update_node("n", read->resource_version, cordon, stale.done());
  world.run_until(1);
  CHECK(stale.code() == ErrorCode::kConflict);
  CHECK_FALSE(world.cluster.node(node)->unschedulable);
  Answer<NodePtr> fresh(world.kernel);
  client.update_node("n", world.cluster.node(node)->resource_version, cordon, fresh.done());
  world.run_until(2);
  CHECK((**fresh.result)->unschedulable);
  CHECK((**fresh.result)->labels.at("x") == "1");  // of the newest version
  Answer<NodePtr> blind(world.kernel);
  client.update_node(node, 0, [](Node& n) { n.unschedulable = false; }, blind.done());
  world.run_until(3);
  CHECK_FALSE(world.cluster.node(node)->unschedulable);
  CHECK(client.stats().conflicts == 1);
  Answer<NodePtr> unknown(world.kernel);
  client.update_node("other", 0, cordon, unknown.done());
  world.run_until(4);
  CHECK(unknown.code() == ErrorCode::kNotFound);
}

TEST_CASE("a binding is refused when pod or node have gone, or the pod is bound", "[apiserver]") {
  ApiWorld world;
  ApiClient& client = world.api.add_client({"c"});
  const NodeId node = world.add_node("n");
  const NodeId lost = world.add_node("lost");
  const PodId pod = world.add_pod("a");
  const PodId gone = world.add_pod("b");
  world.api.delete_node(lost);
  world.api.delete_pod(gone, PodEnd::kDeleted, Duration{});
  Answer<void> to_lost(world.kernel);
  Answer<void> of_gone(world.kernel);
  Answer<void> good(world.kernel);
  Answer<void> twice(world.kernel);
  client.bind(pod, lost, to_lost.done());
  client.bind(gone, node, of_gone.done());
  client.bind(pod, node, good.done());
  client.bind(pod, node, twice.done());
  world.run_until(1);
  CHECK(to_lost.code() == ErrorCode::kNotFound);
  CHECK(of_gone.code() == ErrorCode::kNotFound);
  CHECK(good.result->has_value());
  CHECK(twice.code() == ErrorCode::kConflict);
  CHECK(world.cluster.pods_on(node) == std::vector<PodId>{pod});
}

TEST_CASE("an eviction needs an allowed disruption and uses it up", "[apiserver]") {
  ApiWorld world;
  const NodeId node = world.add_node("n");
  const PodId a = world.add_pod("a");
  const PodId b = world.add_pod("b");
  REQUIRE(world.api.bind(a, node));
  REQUIRE(world.api.bind(b, node));
  world.api.set_running(a);
  world.api.set_running(b);
  const LabelSelector web{{"app", LabelRequirement::Operator::kIn, {"web"}}};
  world.api.put_pdb(budget_of("one", web, 1));
  CHECK(world.api.delete_pod(a, PodEnd::kEvicted, Duration{}));
  CHECK(world.cluster.pdbs().begin()->second.disrupted_pods.contains("a"));
  const Result<void> refused = world.api.delete_pod(b, PodEnd::kEvicted, Duration{});
  CHECK(refused.error().code == ErrorCode::kResourceExhausted);
  CHECK(world.api.delete_pod(b, PodEnd::kDeleted, Duration{}));  // a deletion does not ask
}

TEST_CASE("a pod that does not run is evicted without asking a budget", "[apiserver]") {
  ApiWorld world;
  const NodeId node = world.add_node("n");
  const PodId starting = world.add_pod("starting");
  const PodId pending = world.add_pod("pending");
  REQUIRE(world.api.bind(starting, node));
  world.api.put_pdb(budget_of("none", {}, 0));
  CHECK(world.api.delete_pod(starting, PodEnd::kEvicted, Duration{}));
  CHECK(world.api.delete_pod(pending, PodEnd::kEvicted, Duration{}));
}

TEST_CASE("a pod that is not Ready is evicted where its budget is kept or always allows it",
          "[apiserver]") {
  struct Row {
    const char* name;
    int current;
    int desired;
    UnhealthyPodEvictionPolicy policy;
    bool goes;
  };

  using enum UnhealthyPodEvictionPolicy;
  const Row row = GENERATE(values<Row>({{"kept", 2, 2, kIfHealthyBudget, true},
                                        {"not kept", 1, 2, kIfHealthyBudget, false},
                                        {"nothing is asked for", 0, 0, kIfHealthyBudget, false},
                                        {"always", 1, 2, kAlwaysAllow, true}}));
  CAPTURE(row.name);
  ApiWorld world;
  const NodeId node = world.add_node("n");
  const PodId sick = world.add_pod("sick");
  const PodId well = world.add_pod("well");
  for (const PodId pod : {sick, well}) {
    REQUIRE(world.api.bind(pod, node));
    world.api.set_running(pod, pod == well);
  }
  PodDisruptionBudget budget = budget_of("some", {}, 0);
  budget.current_healthy = row.current;
  budget.desired_healthy = row.desired;
  budget.unhealthy_pod_eviction = row.policy;
  world.api.put_pdb(budget);
  CHECK(world.api.delete_pod(sick, PodEnd::kEvicted, Duration{}).has_value() == row.goes);
  CHECK_FALSE(world.api.delete_pod(well, PodEnd::kEvicted, Duration{}));
  CHECK(world.cluster.pdbs().begin()->second.disrupted_pods.empty());
}

TEST_CASE("a budget allows nothing that its controller has not seen, or that another has too",
          "[apiserver]") {
  ApiWorld world;
  const NodeId node = world.add_node("n");
  const PodId pod = world.add_pod("a");
  REQUIRE(world.api.bind(pod, node));
  world.api.set_running(pod);
  PodDisruptionBudget budget = budget_of("new", {}, 1);
  budget.observed_generation = 0;
  world.api.put_pdb(budget);
  const Result<void> unseen = world.api.delete_pod(pod, PodEnd::kEvicted, Duration{});
  CHECK(unseen.error().code == ErrorCode::kResourceExhausted);
  world.api.put_pdb(budget_of("other", {}, 1));
  const Result<void> twice = world.api.delete_pod(pod, PodEnd::kEvicted, Duration{});
  CHECK(twice.error().code == ErrorCode::kInternal);
}

TEST_CASE("latency is drawn by what is written, not by when", "[apiserver]") {
  const auto created_at = [](bool others_first) {
    ApiServerConfig config;
    config.write_latency = Distribution::from_quantiles(0.005, 0.02);
    ApiWorld world(config);
    ApiClient& client = world.api.add_client({"c"});
    for (std::uint64_t i = 10; others_first && i < 20; ++i) {
      NewPod other = world.new_pod("other");
      other.index = i;
      client.create_pod(std::move(other), [](Result<PodId>) {});
    }
    Answer<PodId> answer(world.kernel);
    client.create_pod(world.new_pod("a"), answer.done());
    world.run_until(10'000);
    return answer.at;
  };
  CHECK(created_at(false) == created_at(true));
  CHECK(created_at(false) > kTimeZero);
}

TEST_CASE("a request that meets an outage is refused, and has no effect", "[apiserver]") {
  ApiWorld world;
  ApiClient& client = world.api.add_client({"c", 0, 0, Phase::kAutoscaler});
  world.api.outages().begin({.from = kTimeZero, .to = at_ms(5000)});
  Answer<PodId> answer(world.kernel);
  client.create_pod(world.new_pod("a"), answer.done());
  world.run_until(10'000);
  REQUIRE(answer.result);
  CHECK(answer.at == kTimeZero);
  CHECK(answer.code() == ErrorCode::kUnavailable);
  CHECK(world.facts.names.empty());
}

// 5, 10, 20, ... ms after one another: 5 ms * (2^n - 1) after the first.
TEST_CASE("a controller's request goes out again when the outage is over", "[apiserver]") {
  ApiWorld world;
  ApiClientConfig config{"c", 0, 0, Phase::kWorld};
  config.tries_again = true;
  ApiClient& client = world.api.add_client(config);
  world.api.outages().begin({.from = kTimeZero, .to = at_ms(3000)});
  Answer<PodId> answer(world.kernel);
  client.create_pod(world.new_pod("a"), answer.done());
  world.run_until(20'000);
  REQUIRE(answer.result);
  CHECK(answer.result->has_value());
  CHECK(answer.at == at_ms(5115));  // 5 * (2^10 - 1)
  CHECK(world.facts.names.size() == 1);
}

TEST_CASE("a slow server takes its time once", "[apiserver]") {
  ApiServerConfig config;
  config.write_latency = Distribution::constant(milliseconds(10));
  ApiWorld world(config);
  ApiClient& client = world.api.add_client({"c", 0, 0, Phase::kAutoscaler});
  world.api.outages().begin({.from = kTimeZero, .to = at_ms(5000), .delay = milliseconds(700)});
  Answer<void> answer(world.kernel);
  client.touch(answer.done());
  world.run_until(10'000);
  CHECK(answer.at == at_ms(710));
}

TEST_CASE("what a dead client has not sent never leaves, and what it tries again does not either",
          "[apiserver]") {
  ApiWorld world;
  ApiClientConfig config{"c", 5, 1, Phase::kWorld};
  config.tries_again = GENERATE(false, true);
  ApiClient& client = world.api.add_client(config);
  Answer<PodId> first(world.kernel);
  Answer<PodId> second(world.kernel);
  client.create_pod(world.new_pod("a"), first.done());
  client.create_pod(world.new_pod("b"), second.done());
  world.run_until(100);
  client.die();
  world.run_until(1000);
  CHECK(first.result);
  CHECK_FALSE(second.result);
  CHECK(world.facts.names.size() == 1);
}

TEST_CASE("what is held goes out with the next process, at its client's rate", "[apiserver]") {
  ApiWorld world;
  ApiClient& client = world.api.add_client({"c", 10, 1, Phase::kWorld});
  world.api.hold_clients("c");
  Answer<PodId> first(world.kernel);
  Answer<PodId> second(world.kernel);
  client.create_pod(world.new_pod("a"), first.done());
  client.create_pod(world.new_pod("b"), second.done());
  world.kernel.at(at_ms(4000), Phase::kWorld, [&] { world.api.release_clients("c"); });
  world.run_until(3999);
  CHECK_FALSE(first.result);
  world.run_until(5000);
  CHECK(first.at == at_ms(4000));
  CHECK(second.at == at_ms(4100));
}

}  // namespace casim::sim
