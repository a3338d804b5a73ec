#include "tests/catch.h"
#include "tests/sim_ec2/ec2_world.h"

using namespace casim;
using namespace casim::sim;

namespace {

using ec2::InstanceState;

Ec2Config stop_config() {
  Ec2Config config = constant_config();
  config.stopping = Distribution::constant(10s);
  return config;
}

struct StoppingWorld : Ec2World {
  explicit StoppingWorld(Ec2Config config = stop_config()) : Ec2World(std::move(config)) {}

  CallOutcome<ec2::StopInstancesRequest> stop(std::vector<std::string> ids) {
    return start(ec2::StopInstancesRequest{.instance_ids = std::move(ids)});
  }

  CallOutcome<ec2::StartInstancesRequest> start_again(std::vector<std::string> ids) {
    return start(ec2::StartInstancesRequest{.instance_ids = std::move(ids)});
  }

  InstanceState state_of(const std::string& id) { return model.find(id)->state; }
};

}  // namespace

TEST_CASE("an instance stops, starts again and keeps its id and address", "[ec2]") {
  StoppingWorld world;
  const ec2::Instance before = world.launch(of_type("m6i.large")).at(0);
  world.until(60s);
  const auto stop = world.stop({before.id, before.id});
  world.until(60300ms);
  REQUIRE(code_of(stop).empty());
  REQUIRE(stop->answer->value().changes.size() == 1);
  CHECK(stop->answer->value().changes[0].previous == InstanceState::kRunning);
  CHECK(stop->answer->value().changes[0].current == InstanceState::kStopping);
  CHECK(world.model.find(before.id)->state_reason_code == "Client.UserInitiatedShutdown");
  world.until(70300ms - 1ns);
  CHECK(world.state_of(before.id) == InstanceState::kStopping);
  world.until(70300ms);
  CHECK(world.state_of(before.id) == InstanceState::kStopped);
  world.until(100s);
  const auto start = world.start_again({before.id});
  world.until(100300ms);
  REQUIRE(code_of(start).empty());
  CHECK(start->answer->value().changes[0].previous == InstanceState::kStopped);
  CHECK(start->answer->value().changes[0].current == InstanceState::kPending);
  world.until(105300ms);
  const ec2::Instance& after = *world.model.find(before.id);
  CHECK(after.state == InstanceState::kRunning);
  CHECK(after.state_reason_code.empty());
  CHECK(after.private_ip_address == before.private_ip_address);
  CHECK(after.launch_time == before.launch_time + 99s);
}

TEST_CASE("a repeat of stop or start succeeds and changes nothing", "[ec2]") {
  StoppingWorld world;
  const std::string id = world.launch(of_type("m6i.large")).at(0).id;
  world.until(10s);
  const auto runs = world.start_again({id});
  world.until(20s);
  world.stop({id});
  world.until(21s);
  const auto stopping = world.stop({id});
  world.until(40s);
  const auto stopped = world.stop({id});
  world.until(50s);
  REQUIRE(code_of(runs).empty());
  CHECK(runs->answer->value().changes[0].current == InstanceState::kRunning);
  REQUIRE(code_of(stopping).empty());
  CHECK(stopping->answer->value().changes[0].current == InstanceState::kStopping);
  REQUIRE(code_of(stopped).empty());
  CHECK(stopped->answer->value().changes[0].current == InstanceState::kStopped);
}

TEST_CASE("one instance that cannot be stopped or started keeps all from it", "[ec2]") {
  StoppingWorld world;
  auto spot_request = of_type("m6i.large");
  spot_request.lifecycle = ec2::Lifecycle::kSpot;
  const std::string runs = world.launch(of_type("m6i.large")).at(0).id;
  const std::string gone = world.launch(of_type("m6i.large")).at(0).id;
  const std::string spot = world.launch(spot_request).at(0).id;
  world.until(60s);
  world.model.vanish(gone);
  const auto stop_gone = world.stop({runs, gone});
  const auto stop_spot = world.stop({runs, spot});
  const auto stop_unknown = world.stop({runs, "i-00000000000000000"});
  const auto stop_none = world.stop({});
  const auto hibernate =
      world.start(ec2::StopInstancesRequest{.instance_ids = {runs}, .hibernate = true});
  const auto start_gone = world.start_again({gone});
  world.until(70s);
  CHECK(code_of(stop_gone) == "IncorrectInstanceState");
  CHECK(code_of(stop_spot) == "UnsupportedOperation");
  CHECK(code_of(stop_unknown) == "InvalidInstanceID.NotFound");
  CHECK(code_of(stop_none) == "MissingParameter");
  CHECK(code_of(hibernate) == "UnsupportedHibernationConfiguration");
  CHECK(code_of(start_gone) == "IncorrectInstanceState");
  CHECK(world.state_of(runs) == InstanceState::kRunning);
  const std::string fresh = world.launch(of_type("m6i.large")).at(0).id;
  const auto stop_pending = world.stop({fresh});
  world.until(75s);
  CHECK(code_of(stop_pending) == "IncorrectInstanceState");
}

TEST_CASE("a stopped instance counts neither in pool nor quota, and needs room to start", "[ec2]") {
  Ec2Config config = stop_config();
  config.capacity.pools = {{"m6i.large", "", ec2::Lifecycle::kOnDemand, 2}};
  config.vcpu_quota = 100;
  StoppingWorld world(config);
  const auto two = world.launch(of_type("m6i.large", 2));
  world.until(10s);
  world.stop({two[0].id, two[1].id});
  world.until(60s);
  CHECK(world.launch(of_type("m6i.large")).size() == 1);
  const auto both = world.start_again({two[0].id, two[1].id});
  world.until(70s);
  CHECK(code_of(both) == "InsufficientInstanceCapacity");
  CHECK(world.state_of(two[0].id) == InstanceState::kStopped);
  const auto one = world.start_again({two[1].id});
  world.until(80s);
  CHECK(code_of(one).empty());
  const auto other = world.start_again({two[0].id});
  world.until(90s);
  CHECK(code_of(other) == "InsufficientInstanceCapacity");
}

TEST_CASE("a stopped instance can be terminated, and frees its place once", "[ec2]") {
  Ec2Config config = stop_config();
  config.vcpu_quota = 2;
  StoppingWorld world(config);
  const std::string id = world.launch(of_type("m6i.large")).at(0).id;
  world.until(10s);
  world.stop({id});
  world.until(60s);
  world.terminate({id});
  world.until(120s);
  CHECK(world.state_of(id) == InstanceState::kTerminated);
  CHECK(world.launch(of_type("m6i.large")).size() == 1);
  const auto over = world.run(of_type("m6i.large"));
  world.until(130s);
  CHECK(code_of(over) == "VcpuLimitExceeded");
}

TEST_CASE("starts have a bucket of requests like launches, stops that of what changes", "[ec2]") {
  StoppingWorld world;
  const std::string id = world.launch(of_type("m6i.large")).at(0).id;
  world.until(10s);
  int started = 0;
  int stopped = 0;
  std::vector<CallOutcome<ec2::StartInstancesRequest>> starts;
  std::vector<CallOutcome<ec2::StopInstancesRequest>> stops;
  for (int i = 0; i < 60; ++i) {
    starts.push_back(world.start_again({id}));
    stops.push_back(world.stop({id}));
  }
  world.until(10500ms);
  for (const auto& call : starts) started += code_of(call) != "RequestLimitExceeded" ? 1 : 0;
  for (const auto& call : stops) stopped += code_of(call) != "RequestLimitExceeded" ? 1 : 0;
  CHECK(started == 5);
  CHECK(stopped == 50);
}
