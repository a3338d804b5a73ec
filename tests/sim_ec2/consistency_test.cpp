#include <cmath>

#include "sim/ec2/background.h"
#include "sim/ec2/state_history.h"
#include "tests/catch.h"
#include "tests/sim_ec2/ec2_world.h"

using namespace casim;
using namespace casim::sim;

namespace {

using ec2::InstanceState;

Ec2Config late_config(double hidden, Duration hidden_for, Duration lag) {
  Ec2Config config = constant_config();
  config.consistency = ConsistencyConfig{.hidden = hidden,
                                         .hidden_for = Distribution::constant(hidden_for),
                                         .describe_lag = Distribution::constant(lag)};
  return config;
}

struct LateWorld : Ec2World {
  using Ec2World::Ec2World;

  // As a describe says that is answered at this instant.
  std::string state_at(Duration at, const std::string& id) {
    until(at - 100ms);
    const auto call = describe({.instance_ids = {id}});
    until(at);
    return std::string(ec2::name_of(call->answer->value().instances.at(0).state));
  }
};

}  // namespace

TEST_CASE("a new instance may be unknown to other calls for a while, not to its launch", "[ec2]") {
  LateWorld world(late_config(1, 3s, 0s));
  REQUIRE(world.model.add_running(of_type("m6i.large")));  // not new
  const std::string id = world.launch(of_type("m6i.large", 1, "t")).at(0).id;
  const auto named = world.describe({.instance_ids = {id}});
  const auto listed = world.describe();
  const auto gone = world.terminate({id});
  const auto tagged =
      world.start(ec2::CreateTagsRequest{.resource_ids = {id}, .tags = {{"a", "b"}}});
  const auto replay = world.run(of_type("m6i.large", 1, "t"));
  world.until(3s);
  CHECK(code_of(named) == "InvalidInstanceID.NotFound");
  CHECK(listed->answer->value().instances.size() == 1);
  CHECK(code_of(gone) == "InvalidInstanceID.NotFound");
  CHECK(code_of(tagged) == "InvalidInstanceID.NotFound");
  REQUIRE(code_of(replay).empty());
  CHECK(replay->answer->value().instances.at(0).id == id);
  world.until(4s);
  const auto later = world.describe({.instance_ids = {id}});
  const auto all = world.describe();
  world.until(10s);
  CHECK(code_of(later).empty());
  CHECK(all->answer->value().instances.size() == 2);
}

TEST_CASE("only a share of new instances is hidden", "[ec2]") {
  Ec2Config config = late_config(0.25, 1h, 0s);
  config.throttle.unlimited = true;
  config.vcpu_quota = 1'000'000;
  LateWorld world(config);
  world.run(of_type("m6i.large", 1000));
  world.until(1min);
  const auto listed = world.describe();
  world.until(2min);
  const auto shown = static_cast<int>(listed->answer->value().instances.size());
  CHECK(std::abs(shown - 750) < 55);  // sigma is 13.7
}

TEST_CASE("a describe shows each state late", "[ec2]") {
  LateWorld world(late_config(0, 0s, 2s));
  const std::string id = world.launch(of_type("m6i.large")).at(0).id;  // runs at 6 s
  CHECK(world.state_at(8s - 1ns, id) == "pending");
  CHECK(world.state_at(8s + 100ms, id) == "running");
  const auto filtered = world.describe({.filters = {{"instance-state-name", {"running"}}}});
  world.until(20s);
  CHECK(filtered->answer->value().instances.size() == 1);
  world.terminate({id});  // at 20.3 s
  CHECK(world.state_at(22s, id) == "running");
  CHECK(world.state_at(22400ms, id) == "shutting-down");
  CHECK(world.state_at(42s, id) == "shutting-down");  // terminated at 40.3 s
  CHECK(world.state_at(42400ms, id) == "terminated");
}

TEST_CASE("initial instances show as running from the start", "[ec2]") {
  LateWorld world(late_config(1, 1h, 1h));
  const std::string id = world.model.add_running(of_type("m6i.large")).value().at(0).id;
  CHECK(world.state_at(1s, id) == "running");
}

TEST_CASE("after TerminateInstances no state older than running is shown", "[ec2]") {
  LateWorld world(late_config(0, 0s, 30s));
  const std::string pending = world.launch(of_type("m6i.large")).at(0).id;
  const std::string runs = world.launch(of_type("m6i.large")).at(0).id;
  world.until(3s);
  world.terminate({pending});
  world.until(10s);
  CHECK(world.state_at(11s, runs) == "pending");
  world.terminate({runs});
  CHECK(world.state_at(12s, pending) == "shutting-down");
  CHECK(world.state_at(13s, runs) == "running");
  CHECK(world.state_at(50s, runs) == "shutting-down");
}

TEST_CASE("a later change never shows before an earlier one", "[ec2]") {
  StateHistory history;
  ec2::Instance instance;
  instance.state = InstanceState::kPending;
  history.leave(instance, kTimeZero + 10s);
  instance.state = InstanceState::kRunning;
  history.leave(instance, kTimeZero + 5s);
  instance.state = InstanceState::kStopping;
  CHECK(history.is_late(kTimeZero + 9s));
  ec2::Instance shown = instance;
  history.show(kTimeZero + 9s, shown);
  CHECK(shown.state == InstanceState::kPending);
  CHECK_FALSE(history.is_late(kTimeZero + 10s));
}

namespace {

Ec2Config background(BackgroundConfig rates) {
  Ec2Config config = constant_config();
  config.throttle.unlimited = true;
  config.vcpu_quota = 10'000'000;
  config.background = rates;
  return config;
}

constexpr BackgroundConfig kNothing{
    .launch_failures = 0, .internal_errors = 0, .timeouts = 0, .timeouts_with_effect = 0};

}  // namespace

TEST_CASE("a share of calls meets an internal error, and has no effect", "[ec2]") {
  BackgroundConfig rates = kNothing;
  rates.internal_errors = 0.1;
  Ec2World world(background(rates));
  std::vector<CallOutcome<ec2::RunInstancesRequest>> calls;
  for (int i = 0; i < 1000; ++i) calls.push_back(world.run(of_type("m6i.large")));
  world.until(10s);
  int failed = 0;
  for (const auto& call : calls) {
    if (code_of(call).empty()) continue;
    ++failed;
    CHECK(code_of(call) == "InternalError");
    CHECK(call->answer->error().http_status == 500);
  }
  CHECK(std::abs(failed - 100) < 40);  // sigma is 9.5
  CHECK(world.model.instances().size() == static_cast<std::size_t>(1000 - failed));
}

TEST_CASE("of calls that time out some had their effect, others never got there", "[ec2]") {
  BackgroundConfig rates = kNothing;
  rates.timeouts = 1;
  rates.timeouts_with_effect = 0.5;
  Ec2World world(background(rates));
  std::vector<CallOutcome<ec2::RunInstancesRequest>> calls;
  for (int i = 0; i < 1000; ++i) calls.push_back(world.run(of_type("m6i.large")));
  world.until(2s);
  const std::size_t launched = world.model.instances().size();
  world.until(59s);
  CHECK(code_of(calls[0]) == "(no answer)");
  world.until(61s);
  std::size_t read = 0;
  for (const auto& call : calls) {
    CHECK(call->at == kTimeZero + 60s);
    const std::string reason = code_of(call);
    if (reason == "ReadTimeout") ++read;
    CHECK((reason == "ReadTimeout" || reason == "ConnectTimeout"));
  }
  CHECK(read == launched);
  CHECK(std::abs(static_cast<int>(read) - 500) < 64);  // sigma is 15.8
}

TEST_CASE("reasons of failed launches come in their shares", "[ec2]") {
  BackgroundConfig rates = kNothing;
  rates.launch_failures = 0.5;
  Ec2World world(background(rates));
  for (int i = 0; i < 4; ++i) world.run(of_type("m6i.large", 1000));
  world.until(1min);
  std::map<std::string, int> reasons;
  int all = 0;
  for (const auto& [at, fact] : world.facts.all<InstanceTerminated>()) {
    ++reasons[fact.reason];
    ++all;
  }
  CHECK(std::abs(all - 2000) < 130);  // sigma is 31.6
  CHECK(reasons.size() == 3);
  CHECK(std::abs(reasons["Server.InternalError"] - 0.6 * all) < 90);
  CHECK(std::abs(reasons["Client.InternalError"] - 0.3 * all) < 85);
  CHECK(std::abs(reasons["Client.VolumeLimitExceeded"] - 0.1 * all) < 55);
}

TEST_CASE("without rates nothing goes wrong by itself", "[ec2]") {
  Ec2World world(background(kNothing));
  for (int i = 0; i < 1000; ++i) world.run(of_type("m6i.large"));
  world.until(1min);
  CHECK(world.facts.all<InstanceRunning>().size() == 1000);
}
