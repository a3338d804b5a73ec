#include "tests/catch.h"

#include "tests/sim_ec2/ec2_world.h"

using namespace casim;
using namespace casim::sim;

namespace {

struct Heard final : InstanceListener {
  explicit Heard(Kernel& k) : kernel(k) {}

  void on_running(const ec2::Instance& i) override { note("running", i); }

  void on_terminating(const ec2::Instance& i) override { note("terminating", i); }

  void on_terminated(const ec2::Instance& i) override { note("terminated", i); }

  void note(const char* what, const ec2::Instance& instance) {
    events.push_back(std::string(what) + " " + instance.id);
    times.push_back(kernel.now() - kTimeZero);
  }

  Kernel& kernel;
  std::vector<std::string> events;
  std::vector<Duration> times;
};

}  // namespace

TEST_CASE("an instance is pending when the call answers, then running", "[ec2]") {
  Ec2World world;
  Heard heard(world.kernel);
  world.model.subscribe(heard);
  const auto call = world.run(of_type("m6i.large", 1, "t"));
  world.until(999ms);
  CHECK(world.model.instances().empty());
  world.until(1s);
  REQUIRE(code_of(call).empty());
  const ec2::Instance instance = call->answer->value().instances.at(0);
  CHECK(call->at == kTimeZero + 1s);
  CHECK(instance.state == ec2::InstanceState::kPending);
  CHECK(instance.id.size() == 19);
  CHECK(instance.id.starts_with("i-0"));
  world.until(1h);
  CHECK(heard.events == std::vector<std::string>{"running " + instance.id});
  CHECK(heard.times == std::vector<Duration>{6s});
  const auto launched = world.facts.all<InstanceLaunched>();
  REQUIRE(launched.size() == 1);
  CHECK(launched[0].first == kTimeZero + 1s);
  CHECK(launched[0].second.token == "t");
  CHECK(launched[0].second.zone == "us-east-1a");
  CHECK(world.facts.all<InstanceRunning>().at(0).first == kTimeZero + 6s);
}

TEST_CASE("terminate: shutting down at the answer, terminated, visible for an hour", "[ec2]") {
  Ec2World world;
  Heard heard(world.kernel);
  world.model.subscribe(heard);
  const std::string id = world.launch(of_type("m6i.large")).at(0).id;
  world.until(10s);
  const auto call = world.terminate({id});
  world.until(10300ms - 1ns);
  CHECK(world.model.find(id)->state == ec2::InstanceState::kRunning);
  world.until(10300ms);
  REQUIRE(code_of(call).empty());
  CHECK(call->answer->value().changes.at(0).previous == ec2::InstanceState::kRunning);
  CHECK(call->answer->value().changes.at(0).current == ec2::InstanceState::kShuttingDown);
  world.until(30300ms);
  CHECK(world.model.find(id)->state == ec2::InstanceState::kTerminated);
  CHECK(heard.times == std::vector<Duration>{6s, 10300ms, 30300ms});
  CHECK(heard.events ==
        std::vector<std::string>{"running " + id, "terminating " + id, "terminated " + id});
  const auto again = world.terminate({id, id});
  world.until(40s);
  REQUIRE(code_of(again).empty());
  CHECK(again->answer->value().changes.size() == 1);
  CHECK(again->answer->value().changes.at(0).current == ec2::InstanceState::kTerminated);
  world.until(30300ms + 1h - 1ns);
  CHECK(world.model.find(id) != nullptr);
  world.until(30300ms + 1h);
  CHECK(world.model.find(id) == nullptr);
  CHECK(world.facts.all<InstanceTerminated>().at(0).second.reason ==
        "Client.UserInitiatedShutdown");
}

TEST_CASE("a pending instance can be terminated and never runs", "[ec2]") {
  Ec2World world;
  Heard heard(world.kernel);
  world.model.subscribe(heard);
  const std::string id = world.launch(of_type("m6i.large")).at(0).id;
  world.terminate({id});
  world.until(1h);
  CHECK(heard.events == std::vector<std::string>{"terminating " + id, "terminated " + id});
}

TEST_CASE("one bad id fails a whole Terminate, and nothing is terminated", "[ec2]") {
  Ec2World world;
  const std::string id = world.launch(of_type("m6i.large")).at(0).id;
  const auto unknown = world.terminate({id, "i-00000000000000000"});
  const auto malformed = world.terminate({id, "i-xyz"});
  const auto none = world.terminate({});
  world.until(10s);
  CHECK(code_of(unknown) == "InvalidInstanceID.NotFound");
  CHECK(code_of(malformed) == "InvalidInstanceID.Malformed");
  CHECK(code_of(none) == "MissingParameter");
  CHECK(world.model.find(id)->state == ec2::InstanceState::kRunning);
}

TEST_CASE("unknown ids are named together", "[ec2]") {
  Ec2World world;
  const auto call = world.terminate({"i-00000000000000001", "i-00000000000000002"});
  world.until(10s);
  CHECK(call->answer->error().message ==
        "The instance IDs 'i-00000000000000001, i-00000000000000002' do not exist");
}

TEST_CASE("a call takes a thousand ids, not one more", "[ec2]") {
  Ec2World world;
  const std::string id = world.launch(of_type("m6i.large")).at(0).id;
  world.until(10s);
  const auto too_many = world.terminate(std::vector<std::string>(1001, id));
  world.until(20s);
  CHECK(code_of(too_many) == "RequestLimitExceeded");  // the bucket never holds as many
  Ec2Config config = constant_config();
  config.throttle.unlimited = true;
  Ec2World free(config);
  const std::string other = free.launch(of_type("m6i.large")).at(0).id;
  const auto refused = free.terminate(std::vector<std::string>(1001, other));
  const auto taken = free.terminate(std::vector<std::string>(1000, other));
  free.until(10s);
  CHECK(code_of(refused) == "InvalidParameterValue");
  CHECK(code_of(taken).empty());
}

TEST_CASE("a protected instance keeps those of its zone, the others go", "[ec2]") {
  Ec2World world;
  auto safe = of_type("m6i.large");
  safe.disable_api_termination = true;
  auto elsewhere = of_type("m6i.large");
  elsewhere.zone = "us-east-1b";
  const std::string guarded = world.launch(safe).at(0).id;
  const std::string beside = world.launch(of_type("m6i.large")).at(0).id;
  const std::string far = world.launch(elsewhere).at(0).id;
  world.until(20s);
  const auto call = world.terminate({beside, far, guarded});
  world.until(30s);
  CHECK(code_of(call) == "OperationNotPermitted");
  CHECK(world.model.find(guarded)->state == ec2::InstanceState::kRunning);
  CHECK(world.model.find(beside)->state == ec2::InstanceState::kRunning);
  CHECK(world.model.find(far)->state == ec2::InstanceState::kShuttingDown);
}

TEST_CASE("a terminated instance is shown for longer than any waiter polls", "[ec2]") {
  Ec2World world;
  const std::string id = world.launch(of_type("m6i.large")).at(0).id;
  world.until(10s);
  world.terminate({id});
  constexpr Duration kLongestWaiter = 15s * 40;  // ec2.md 1.4
  for (Duration t = 40s; t < 40s + kLongestWaiter; t += 15s) {
    const auto call = world.describe({.instance_ids = {id}});
    world.until(t);
    REQUIRE(code_of(call).empty());
  }
  const ec2::Instance& gone = *world.model.find(id);
  CHECK(gone.state == ec2::InstanceState::kTerminated);
  CHECK(gone.state_reason_message == "Client.UserInitiatedShutdown: User initiated shutdown");
}

TEST_CASE("a machine that vanishes is terminated at once, without shutting down", "[ec2]") {
  Ec2World world;
  Heard heard(world.kernel);
  world.model.subscribe(heard);
  const std::string id = world.launch(of_type("m6i.large")).at(0).id;
  world.until(20s);
  CHECK(world.model.vanish(id));
  CHECK_FALSE(world.model.vanish(id));
  CHECK_FALSE(world.model.vanish("i-00000000000000000"));
  CHECK(world.model.find(id)->state == ec2::InstanceState::kTerminated);
  CHECK(heard.events == std::vector<std::string>{"running " + id, "terminated " + id});
  CHECK(heard.times.back() == 20s);
}

TEST_CASE("a launch may fail after the call succeeded", "[ec2]") {
  Ec2Config config = constant_config();
  config.background = BackgroundConfig{.launch_failures = 1};
  Ec2World world(config);
  Heard heard(world.kernel);
  world.model.subscribe(heard);
  const std::string id = world.launch(of_type("m6i.large")).at(0).id;
  world.until(1min);
  CHECK(heard.events == std::vector<std::string>{"terminated " + id});
  CHECK(heard.times == std::vector<Duration>{6s});
  CHECK_FALSE(world.model.find(id)->state_reason_code.empty());
  CHECK(world.facts.all<InstanceRunning>().empty());
}

TEST_CASE("ids and luck hang on pool and number of launch, not on the calls before", "[ec2]") {
  Ec2Config config = constant_config();
  config.pending_to_running = Distribution::lognormal(4.5, 0.5, 2);
  Ec2World one_by_one(config);
  Ec2World at_once(config);
  one_by_one.launch(of_type("c6i.xlarge"));
  one_by_one.launch(of_type("m6i.large"));
  one_by_one.launch(of_type("m6i.large"));
  at_once.launch(of_type("m6i.large", 2));
  one_by_one.until(1min);
  at_once.until(1min);
  const auto first = one_by_one.model.instances();
  const auto second = at_once.model.instances();
  REQUIRE(first.size() == 3);
  REQUIRE(second.size() == 2);
  CHECK(first[1].id == second[0].id);
  CHECK(first[2].id == second[1].id);
  const auto pending = [](const Ec2World& world, const std::string& id) {
    Duration took{};
    for (const auto& [at, fact] : world.facts.all<InstanceRunning>()) {
      if (fact.instance == id) took += at - kTimeZero;
    }
    for (const auto& [at, fact] : world.facts.all<InstanceLaunched>()) {
      if (fact.instance == id) took -= at - kTimeZero;
    }
    return took;
  };
  CHECK(pending(one_by_one, first[2].id) == pending(at_once, second[1].id));
  CHECK(pending(at_once, second[0].id) != pending(at_once, second[1].id));
}

TEST_CASE("initial instances run from the start, unheard, and count like others", "[ec2]") {
  Ec2Config config = constant_config();
  config.vcpu_quota = 4;
  Ec2World world(config);
  Heard heard(world.kernel);
  world.model.subscribe(heard);
  const auto added = world.model.add_running(of_type("m6i.large", 1, "slot-0"));
  REQUIRE(added.has_value());
  CHECK(added->at(0).state == ec2::InstanceState::kRunning);
  CHECK(world.facts.all<Ec2CallAnswered>().empty());
  CHECK(world.facts.all<InstanceLaunched>().at(0).second.token == "slot-0");
  CHECK(world.facts.all<InstanceRunning>().at(0).first == kTimeZero);
  CHECK_FALSE(world.model.add_running(of_type("m6i.large", 2)).has_value());
  CHECK(world.launch(of_type("m6i.large", 1, "slot-0")).at(0).id == added->at(0).id);
  world.terminate({added->at(0).id});
  world.until(1min);
  CHECK(heard.events.size() == 2);
}
