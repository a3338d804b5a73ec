#include "sim/ec2/conditions.h"

#include <map>
#include <set>

#include "tests/catch.h"
#include "tests/sim_ec2/ec2_world.h"

using namespace casim;
using namespace casim::sim;

namespace {

// What is written down happens; everything that is asked is kept.
struct ScriptedConditions final : Ec2Conditions {
  CallConditions on_call(const Ec2Arrival& arrival) const override {
    arrivals.push_back(arrival);
    const auto found = calls.find(arrival.action);
    return found == calls.end() ? CallConditions{} : found->second;
  }

  bool has_capacity(const CapacityQuestion& question) const override {
    questions.push_back(std::string(question.type) + " " + std::string(question.zone) + " " +
                        std::to_string(question.n));
    asked_at.push_back(question.at);
    spot = question.lifecycle == ec2::Lifecycle::kSpot;
    return !exhausted.contains(std::string(question.zone));
  }

  TimePoint runs_from(const LaunchQuestion& question) const override {
    return std::max(question.at, dark_until);
  }

  std::map<ec2::Action, CallConditions> calls;
  std::set<std::string> exhausted;  // zones
  TimePoint dark_until{};           // nothing runs before
  mutable std::vector<Ec2Arrival> arrivals;
  mutable std::vector<std::string> questions;
  mutable std::vector<TimePoint> asked_at;
  mutable bool spot = false;
};

struct DisturbedWorld {
  explicit DisturbedWorld(Ec2Config config = constant_config())
      : ec2(std::move(config), conditions) {}

  CallConditions& on(ec2::Action action) { return conditions.calls[action]; }

  ScriptedConditions conditions;
  Ec2World ec2;
};

Ec2Refusal unavailable() {
  return {ec2::error_reply(ec2::ErrorCode::kUnavailable, "The service is unavailable."), {}};
}

}  // namespace

TEST_CASE("a refusal is answered instead of the call, which has no effect", "[ec2]") {
  DisturbedWorld world;
  world.on(ec2::Action::kRunInstances).refusal = unavailable();
  const auto run = world.ec2.run(of_type("m6i.large", 1, "t"));
  const auto describe = world.ec2.describe();
  world.ec2.until(10s);
  CHECK(code_of(run) == "Unavailable");
  CHECK(run->answer->error().http_status == 503);
  CHECK(run->answer->error().message == "The service is unavailable.");
  CHECK(run->at == kTimeZero + 500ms);  // as long as refusals of RunInstances take
  CHECK(world.ec2.model.instances().empty());
  CHECK(code_of(describe).empty());
  world.conditions.calls.clear();
  CHECK(world.ec2.launch(of_type("m6i.large", 1, "t")).size() == 1);  // its token is unused
  const auto facts = world.ec2.facts.all<Ec2CallAnswered>();
  REQUIRE(facts.size() == 3);
  CHECK(facts[1].second.code == "Unavailable");
  CHECK(facts[1].second.latency == 500ms);
}

TEST_CASE("each action refuses after its own latency, or after the time that is given", "[ec2]") {
  DisturbedWorld world;
  const auto action = GENERATE(ec2::Action::kDescribeInstances, ec2::Action::kTerminateInstances);
  CAPTURE(ec2::name_of(action));
  world.on(action).refusal = unavailable();
  const bool is_describe = action == ec2::Action::kDescribeInstances;
  const auto timed_at = [&] {
    if (is_describe) {
      const auto call = world.ec2.describe();
      world.ec2.until(10s);
      return call->at;
    }
    const auto call = world.ec2.terminate({"i-00000000000000000"});
    world.ec2.until(10s);
    return call->at;
  };
  SECTION("its own") { CHECK(timed_at() == kTimeZero + (is_describe ? 100ms : 300ms)); }
  SECTION("given") {
    world.on(action).refusal->after = 7s;
    world.on(action).latency_factor = 3;  // of no concern: the time is given
    CHECK(timed_at() == kTimeZero + 7s);
  }
}

TEST_CASE("a request that never arrives is a connection error without effect", "[ec2]") {
  DisturbedWorld world;
  const auto fault = GENERATE(values<std::pair<ec2::Fault, const char*>>(
      {{ec2::Fault::kReset, "ConnectionReset"}, {ec2::Fault::kConnectTimeout, "ConnectTimeout"}}));
  world.on(ec2::Action::kRunInstances).refusal = {ec2::no_reply(fault.first), 30s};
  const auto run = world.ec2.run(of_type("m6i.large"));
  world.ec2.until(1min);
  REQUIRE(run->answer.has_value());
  CHECK(run->answer->error().fault == fault.first);
  CHECK(run->answer->error().http_status == 0);
  CHECK(run->at == kTimeZero + 30s);
  CHECK(world.ec2.model.instances().empty());
  CHECK(world.ec2.facts.all<Ec2CallAnswered>().at(0).second.code == fault.second);
}

TEST_CASE("a reply that is lost leaves its effect, and the token finds it", "[ec2]") {
  DisturbedWorld world;
  world.on(ec2::Action::kRunInstances).reply_lost = true;
  const auto run = world.ec2.run(of_type("m6i.large", 2, "t"));
  world.ec2.until(10s);
  CHECK(code_of(run) == "ConnectionReset");
  CHECK(run->at == kTimeZero + 1s);
  CHECK(world.ec2.model.instances().size() == 2);
  CHECK(world.ec2.facts.all<Ec2CallAnswered>().at(0).second.code == "ConnectionReset");
  world.conditions.calls.clear();
  const auto again = world.ec2.launch(of_type("m6i.large", 2, "t"));
  REQUIRE(again.size() == 2);
  CHECK(world.ec2.model.instances().size() == 2);
}

TEST_CASE("the latency factor multiplies whatever a call takes", "[ec2]") {
  Ec2Config config = constant_config();
  config.latency.run_per_instance = 2ms;
  config.latency.describe_per_instance = 1ms;
  config.latency.slow_mode = 2;
  config.vcpu_quota = 8;
  DisturbedWorld world(config);
  for (const ec2::ActionInfo& row : ec2::kActions) world.on(row.action).latency_factor = 10;
  const auto run = world.ec2.run(of_type("m6i.large", 3, "t"));
  const auto over_quota = world.ec2.run(of_type("m6i.large", 2));
  world.ec2.until(1min);
  const auto replay = world.ec2.run(of_type("m6i.large", 3, "t"));
  const auto describe = world.ec2.describe();
  const auto terminate = world.ec2.terminate({"i-00000000000000000"});
  world.ec2.until(2min);
  CHECK(run->at == kTimeZero + 20 * 1006ms);
  CHECK(over_quota->at == kTimeZero + 20 * 500ms);
  CHECK(replay->at == kTimeZero + 1min + 20 * 1006ms);
  CHECK(describe->at == kTimeZero + 1min + 20 * 103ms);
  CHECK(terminate->at == kTimeZero + 1min + 20 * 300ms);
  world.on(ec2::Action::kDescribeInstances).throttled = true;
  const auto throttled = world.ec2.describe();
  world.ec2.until(3min);
  CHECK(throttled->at == kTimeZero + 2min + 20 * 50ms);
}

TEST_CASE("throttling by conditions answers before anything else, and takes no token", "[ec2]") {
  DisturbedWorld world;
  CallConditions& run = world.on(ec2::Action::kRunInstances);
  run.throttled = true;
  run.refusal = unavailable();
  for (int i = 0; i < 5; ++i) {
    const auto call = world.ec2.run(of_type("m6i.large"));
    world.ec2.until((i + 1) * 60ms);
    CHECK(code_of(call) == "RequestLimitExceeded");
    CHECK(call->at == kTimeZero + i * 60ms + 50ms);
  }
  // Nor does a refusal: all five tokens of this second are left.
  run.throttled = false;
  world.ec2.run(of_type("m6i.large"));
  world.conditions.calls.clear();
  for (int i = 0; i < 5; ++i) world.ec2.run(of_type("m6i.large"));
  const auto sixth = world.ec2.run(of_type("m6i.large"));
  world.ec2.until(10s);
  CHECK(world.ec2.model.instances().size() == 5);
  CHECK(code_of(sixth) == "RequestLimitExceeded");
}

TEST_CASE("a pool without capacity refuses, whatever it holds, but not a replay", "[ec2]") {
  DisturbedWorld world;
  const auto before = world.ec2.launch(of_type("m6i.large", 1, "t"));
  world.conditions.exhausted = {"us-east-1a"};
  auto elsewhere = of_type("m6i.large");
  elsewhere.zone = "us-east-1b";
  elsewhere.lifecycle = ec2::Lifecycle::kSpot;
  const auto here = world.ec2.run(of_type("m6i.large"));
  const auto there = world.ec2.run(elsewhere);
  const auto replay = world.ec2.run(of_type("m6i.large", 1, "t"));
  world.ec2.until(10s);
  CHECK(code_of(here) == "InsufficientInstanceCapacity");
  CHECK(here->answer->error().http_status == 500);
  CHECK(code_of(there).empty());
  REQUIRE(code_of(replay).empty());
  CHECK(replay->answer->value().instances.at(0).id == before.at(0).id);
  CHECK(world.conditions.questions == std::vector<std::string>{"m6i.large us-east-1a 0",
                                                               "m6i.large us-east-1a 1",
                                                               "m6i.large us-east-1b 0"});
  CHECK(world.conditions.asked_at ==
        std::vector<TimePoint>{kTimeZero, kTimeZero + 1s, kTimeZero + 1s});
  CHECK(world.conditions.spot);
}

TEST_CASE("an instance that is started again waits for its conditions, too", "[ec2]") {
  Ec2Config config = constant_config();
  config.stopping = Distribution::constant(10s);
  DisturbedWorld world(config);
  const std::string id = world.ec2.launch(of_type("m6i.large")).at(0).id;
  world.ec2.until(10s);
  world.ec2.start(ec2::StopInstancesRequest{.instance_ids = {id}});
  world.ec2.until(1min);
  world.conditions.dark_until = kTimeZero + 5min;
  world.ec2.start(ec2::StartInstancesRequest{.instance_ids = {id}});
  world.ec2.until(5min - 1ns);
  CHECK(world.ec2.model.find(id)->state == ec2::InstanceState::kPending);
  world.ec2.until(5min);
  CHECK(world.ec2.model.find(id)->state == ec2::InstanceState::kRunning);
}

TEST_CASE("a launch by subnet arrives for the subnet's zone", "[ec2]") {
  DisturbedWorld world;
  auto request = of_type("m6i.large");
  request.subnet_id = world.ec2.launch(request).at(0).subnet_id;
  request.zone.clear();
  world.ec2.launch(request);
  REQUIRE(world.conditions.arrivals.size() == 2);
  CHECK(world.conditions.arrivals[1].zone == "us-east-1a");
}

TEST_CASE("a request over its quota asks for no capacity, nor do initial instances", "[ec2]") {
  Ec2Config config = constant_config();
  config.vcpu_quota = 4;
  DisturbedWorld world(config);
  world.conditions.exhausted = {"us-east-1a"};
  REQUIRE(world.ec2.model.add_running(of_type("m6i.large", 1)).has_value());
  const auto over = world.ec2.run(of_type("m6i.large", 2));
  const auto none = world.ec2.run(of_type("m6i.large", 1));
  world.ec2.until(10s);
  CHECK(code_of(over) == "VcpuLimitExceeded");
  CHECK(code_of(none) == "InsufficientInstanceCapacity");
  CHECK(world.conditions.questions == std::vector<std::string>{"m6i.large us-east-1a 0"});
}

TEST_CASE("conditions are asked once per call, which is numbered among those of its action",
          "[ec2]") {
  DisturbedWorld world;
  for (int i = 0; i < 7; ++i) world.ec2.run(of_type("m6i.large"));  // two are throttled
  world.ec2.until(2s);
  world.ec2.describe();
  world.ec2.run(of_type("m6i.large"));
  world.ec2.until(10s);
  REQUIRE(world.conditions.arrivals.size() == 9);
  for (std::uint64_t i = 0; i < 7; ++i) {
    CHECK(world.conditions.arrivals[i].action == ec2::Action::kRunInstances);
    CHECK(world.conditions.arrivals[i].n == i);
  }
  CHECK(world.conditions.arrivals[7].action == ec2::Action::kDescribeInstances);
  CHECK(world.conditions.arrivals[7].n == 0);
  CHECK(world.conditions.arrivals[8].n == 7);
  CHECK(world.conditions.arrivals[8].at == kTimeZero + 2s);
}

TEST_CASE("what is refused moves the latency of no other call", "[ec2]") {
  Ec2Config config = constant_config();
  config.latency.describe_instances = Distribution::lognormal(0.15, 0.5);
  Ec2World normal(config);
  DisturbedWorld disturbed(config);
  disturbed.on(ec2::Action::kDescribeInstances).refusal = unavailable();
  disturbed.ec2.describe();
  disturbed.ec2.until(10s);
  disturbed.conditions.calls.clear();
  normal.until(10s);
  const auto expected = normal.describe();
  const auto call = disturbed.ec2.describe();
  normal.until(20s);
  disturbed.ec2.until(20s);
  CHECK(call->at == expected->at);
}
