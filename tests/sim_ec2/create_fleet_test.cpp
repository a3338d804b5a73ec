#include <set>

#include "tests/catch.h"
#include "tests/sim_ec2/ec2_world.h"

using namespace casim;
using namespace casim::sim;

namespace {

using Call = CallOutcome<ec2::CreateFleetRequest>;

Ec2Config fleet_config() {
  Ec2Config config = constant_config();
  config.latency.create_fleet = Distribution::constant(2s);
  return config;
}

ec2::CreateFleetRequest fleet_of(int count, std::vector<ec2::FleetOverride> overrides) {
  ec2::CreateFleetRequest request;
  request.type = ec2::FleetType::kInstant;
  request.overrides = std::move(overrides);
  request.target.total_target_capacity = count;
  return request;
}

ec2::FleetOverride pool(std::string type, std::string zone, std::optional<double> priority = {}) {
  return {.instance_type = std::move(type), .zone = std::move(zone), .priority = priority};
}

struct FleetWorld : Ec2World {
  explicit FleetWorld(Ec2Config config = fleet_config()) : Ec2World(std::move(config)) {}

  Call create(ec2::CreateFleetRequest request) {
    const auto call = start(std::move(request));
    until(kernel.now() - kTimeZero + 2s);
    return call;
  }
};

// "3 m6i.large on-demand us-east-1a"
std::vector<std::string> given_by(const Call& call) {
  std::vector<std::string> given;
  for (const ec2::FleetInstances& part : call->answer->value().instances) {
    given.push_back(std::to_string(part.instance_ids.size()) + " " + part.instance_type + " " +
                    (part.lifecycle == ec2::Lifecycle::kSpot ? "spot" : "on-demand") + " " +
                    part.overrides.zone);
  }
  return given;
}

std::vector<std::string> errors_of(const Call& call) {
  std::vector<std::string> errors;
  for (const ec2::FleetError& error : call->answer->value().errors) {
    errors.push_back(std::string(error.code.text()) + " " + error.overrides.zone);
  }
  return errors;
}

}  // namespace

TEST_CASE("an instant fleet takes the cheapest pool first, then the next", "[ec2]") {
  Ec2Config config = fleet_config();
  config.capacity.pools = {{"m6i.large", "us-east-1a", ec2::Lifecycle::kOnDemand, 3}};
  FleetWorld world(config);
  auto request = fleet_of(5, {pool("m6i.xlarge", "us-east-1b"), pool("m6i.large", "us-east-1a")});
  request.tags = {{"a", "b"}};
  const Call call = world.create(request);
  REQUIRE(code_of(call).empty());
  CHECK(given_by(call) == std::vector<std::string>{"3 m6i.large on-demand us-east-1a",
                                                   "2 m6i.xlarge on-demand us-east-1b"});
  CHECK(errors_of(call) == std::vector<std::string>{"InsufficientInstanceCapacity us-east-1a"});
  CHECK(call->answer->value().fleet_id.starts_with("fleet-"));
  CHECK(call->answer->value().fleet_id.size() == 42);
  REQUIRE(world.model.instances().size() == 5);
  CHECK(world.model.instances()[0].tags == std::vector<ec2::Tag>{{"a", "b"}});
  world.until(10s);
  for (const auto& instance : world.model.instances()) {
    CHECK(instance.state == ec2::InstanceState::kRunning);
  }
}

TEST_CASE("errors of single pools stand beside what the others gave", "[ec2]") {
  Ec2Config config = fleet_config();
  config.zones = {"us-east-1a", "us-east-1b"};
  config.capacity.pools = {{"m6i.large", "us-east-1a", ec2::Lifecycle::kOnDemand, 0}};
  FleetWorld world(config);
  auto request =
      fleet_of(1, {pool("m6i.large", "us-east-1a", 1), pool("m6i.large", "us-east-1x", 2),
                   pool("m6i.large", "us-east-1b", 3), pool("m6i.large", "", {})});
  request.on_demand_allocation = ec2::FleetAllocation::kPrioritized;
  const Call call = world.create(request);
  REQUIRE(code_of(call).empty());
  CHECK(given_by(call) == std::vector<std::string>{"1 m6i.large on-demand us-east-1b"});
  CHECK(errors_of(call) == std::vector<std::string>{"InsufficientInstanceCapacity us-east-1a",
                                                    "InvalidParameterValue us-east-1x"});
}

TEST_CASE("a pool that gives fewer than asked for says why", "[ec2]") {
  Ec2Config config = fleet_config();
  const bool is_quota = GENERATE(true, false);
  if (is_quota) {
    config.vcpu_quota = 7;  // a machine has two
  } else {
    config.capacity.pools = {{"m6i.large", "us-east-1a", ec2::Lifecycle::kOnDemand, 3}};
  }
  FleetWorld world(config);
  const Call call = world.create(fleet_of(5, {pool("m6i.large", "us-east-1a")}));
  REQUIRE(code_of(call).empty());
  CHECK(given_by(call) == std::vector<std::string>{"3 m6i.large on-demand us-east-1a"});
  const char* code = is_quota ? "VcpuLimitExceeded" : "InsufficientInstanceCapacity";
  CHECK(errors_of(call) == std::vector<std::string>{std::string(code) + " us-east-1a"});
  CHECK(world.model.instances().size() == 3);
}

TEST_CASE("a fleet that got nothing succeeds with errors only", "[ec2]") {
  Ec2Config config = fleet_config();
  config.vcpu_quota = 1;
  FleetWorld world(config);
  auto request = fleet_of(2, {pool("m6i.large", "us-east-1a")});
  request.target.spot_target_capacity = 1;
  const Call call = world.create(request);
  REQUIRE(code_of(call).empty());
  CHECK(given_by(call).empty());
  CHECK(errors_of(call) == std::vector<std::string>{"VcpuLimitExceeded us-east-1a",
                                                    "MaxSpotInstanceCountExceeded us-east-1a"});
  CHECK(world.model.instances().empty());
}

TEST_CASE("the target is split by lifecycle, the rest is of the default one", "[ec2]") {
  FleetWorld world;
  auto request = fleet_of(6, {pool("m6i.large", "us-east-1a")});
  request.target.on_demand_target_capacity = 2;
  request.target.spot_target_capacity = 1;
  request.target.default_target_capacity_type = ec2::Lifecycle::kSpot;
  const Call call = world.create(request);
  REQUIRE(code_of(call).empty());
  CHECK(given_by(call) == std::vector<std::string>{"2 m6i.large on-demand us-east-1a",
                                                   "4 m6i.large spot us-east-1a"});
}

TEST_CASE("a replay of a fleet's token answers the same", "[ec2]") {
  FleetWorld world;
  auto request = fleet_of(2, {pool("m6i.large", "us-east-1a")});
  request.client_token = "t";
  const auto first = world.start(request);
  const auto during = world.start(request);
  world.until(3s);
  const Call later = world.create(request);
  REQUIRE(code_of(first).empty());
  REQUIRE(code_of(during).empty());
  REQUIRE(code_of(later).empty());
  const auto& ids = first->answer->value().instances.at(0).instance_ids;
  CHECK(during->answer->value().instances.at(0).instance_ids == ids);
  CHECK(later->answer->value().instances.at(0).instance_ids == ids);
  CHECK(later->answer->value().fleet_id == first->answer->value().fleet_id);
  CHECK(world.model.instances().size() == 2);
  auto other = request;
  other.target.total_target_capacity = 3;
  CHECK(code_of(world.create(other)) == "IdempotentParameterMismatch");
  world.terminate(ids);
  world.until(30s);
  const Duration gone = world.facts.all<InstanceTerminated>().back().first - kTimeZero;
  world.until(gone + 24h - 1ns);
  CHECK(code_of(world.create(other)) == "IdempotentParameterMismatch");
  CHECK(code_of(world.create(other)).empty());
}

TEST_CASE("what CreateFleet refuses", "[ec2]") {
  struct Row {
    const char* name;
    void (*change)(ec2::CreateFleetRequest&);
    const char* code;
  };

  const auto row = GENERATE(values<Row>({
      {"maintain", [](auto& r) { r.type = ec2::FleetType::kMaintain; }, "InvalidParameterValue"},
      {"request", [](auto& r) { r.type = ec2::FleetType::kRequest; }, "InvalidParameterValue"},
      {"no pool", [](auto& r) { r.overrides.clear(); }, "MissingParameter"},
      {"no type", [](auto& r) { r.overrides[0].instance_type.clear(); }, "MissingParameter"},
      {"no target", [](auto& r) { r.target.total_target_capacity = 0; }, "InvalidParameterValue"},
      {"more parts than the whole",
       [](auto& r) {
         r.target.on_demand_target_capacity = 2;
         r.target.spot_target_capacity = 1;
       },
       "InvalidParameterValue"},
      {"long token", [](auto& r) { r.client_token = std::string(65, 't'); },
       "InvalidParameterValue"},
  }));
  CAPTURE(row.name);
  FleetWorld world;
  auto request = fleet_of(2, {pool("m6i.large", "us-east-1a")});
  row.change(request);
  CHECK(code_of(world.create(request)) == row.code);
  CHECK(world.model.instances().empty());
}
