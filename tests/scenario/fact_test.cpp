// Facts tell what happened to orders and removals, with the ids that join them.
#include <set>

#include "sim/autoscaler/simulator/compute_time.h"
#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

Scenario refusing(RpcMethod method) {
  Scenario s = small_scenario(10);
  RpcFault fault;
  fault.from = 0s;
  fault.to = 1h;
  fault.method = method;
  s.faults.resize(1);
  s.faults[0].body = fault;
  return s;
}

}  // namespace

TEST_CASE("a removal that is refused is a fact of the loop that decided it", "[scenario]") {
  const std::string facts = run_whole(refusing(RpcMethod::kDeleteNodes)).facts;
  const auto decided = facts_named(facts, "ScaleDownDecided");
  const auto failed = facts_named(facts, "ScaleDownFailed");
  REQUIRE_FALSE(failed.empty());
  std::set<std::pair<int, std::string>> open;
  for (const auto& fact : decided) open.emplace(fact.at("loop"), fact.at("node"));
  for (const auto& fact : failed) {
    CHECK(fact.at("reason") == "NodeDeleteErrorFailedToDelete");
    CHECK(fact.at("detail").get<std::string>().starts_with("UNAVAILABLE"));
    CHECK(open.erase({fact.at("loop"), fact.at("node")}) == 1);
  }
}

TEST_CASE("an order that is refused tells its error and how many nodes failed", "[scenario]") {
  const std::string facts = run_whole(refusing(RpcMethod::kIncreaseSize)).facts;
  const auto ordered = facts_named(facts, "ScaleUpDecided");
  const auto failed = facts_named(facts, "ScaleUpFailed");
  REQUIRE(failed.size() == ordered.size());
  for (std::size_t i = 0; i < failed.size(); ++i) {
    CHECK(failed[i].at("nodes") == ordered[i].at("delta"));
  }
  int told = 0;
  for (const auto& fact : facts_named(facts, "LoopResultsChanged")) {
    const bool is_error = fact.at("scale_up") == "ScaleUpError";
    CHECK(fact.at("scale_up_error").get<std::string>().starts_with("cloudProviderError: ") ==
          is_error);
    told += is_error;
  }
  CHECK(told > 0);
}

TEST_CASE("mutations are orders, and a deletion names its nodes", "[scenario]") {
  const std::string facts = run_whole(small_scenario(10)).facts;
  std::set<std::string> decided;
  for (const auto& fact : facts_named(facts, "ScaleDownDecided")) decided.insert(fact.at("node"));
  std::set<std::string> methods;
  std::set<std::string> deleted;
  for (const auto& fact : facts_named(facts, "MutationHandled")) {
    methods.insert(fact.at("method"));
    for (const auto& node : fact.at("nodes")) deleted.insert(node);
  }
  CHECK(methods == std::set<std::string>{"NodeGroupDeleteNodes", "NodeGroupIncreaseSize"});
  CHECK_FALSE(deleted.empty());
  CHECK(deleted == decided);
}

TEST_CASE("a loop that ends with an error has looked at its nodes all the same", "[scenario]") {
  const auto length_of_first = [](ComputeModel model) {
    Scenario s = refusing(RpcMethod::kRefresh);
    s.duration = 1min;
    s.rpc.latency = Distribution::constant(1ms);
    s.autoscaler.compute_time = model;
    const std::string facts = run_whole(s).facts;
    CHECK(facts_named(facts, "LoopEnded").front().at("error") == "cloudProviderError");
    return first_fact(facts, "LoopEnded") - first_fact(facts, "LoopStarted");
  };
  const Duration one_node = MeasuredComputeTime().cost_of(ComputeWork{1, 0, 0});
  CHECK(one_node > Duration{});
  CHECK(length_of_first(ComputeModel::kMeasured) ==
        length_of_first(ComputeModel::kNone) + one_node);
}
