#include <map>
#include <set>

#include "tests/catch.h"
#include "tests/sim_ec2/ec2_world.h"

using namespace casim;
using namespace casim::sim;

namespace {

Ec2Config checked_config() {
  Ec2Config config = constant_config();
  config.status_checks = Distribution::constant(150s);
  return config;
}

struct StatusWorld : Ec2World {
  StatusWorld() : Ec2World(checked_config()) {}

  CallOutcome<ec2::DescribeInstanceStatusRequest> status(
      ec2::DescribeInstanceStatusRequest request) {
    const auto call = start(std::move(request));
    until(kernel.now() - kTimeZero + 100ms);
    return call;
  }

  // "ok" by id.
  std::map<std::string, std::string> statuses(ec2::DescribeInstanceStatusRequest request = {}) {
    std::map<std::string, std::string> found;
    const auto call = status(std::move(request));
    for (const auto& item : call->answer->value().statuses) {
      found[item.instance_id] = ec2::name_of(item.instance_status);
    }
    return found;
  }
};

struct TypeWorld : Ec2World {
  CallOutcome<ec2::DescribeInstanceTypesRequest> types(ec2::DescribeInstanceTypesRequest request) {
    const auto call = start(std::move(request));
    until(kernel.now() - kTimeZero + 1s);
    return call;
  }

  std::vector<std::string> names(ec2::DescribeInstanceTypesRequest request) {
    std::vector<std::string> found;
    const auto call = types(std::move(request));
    for (const auto& type : call->answer->value().types) {
      found.push_back(type.name);
    }
    return found;
  }
};

}  // namespace

TEST_CASE("an instance that runs passes its status checks after a while", "[ec2]") {
  StatusWorld world;
  const std::string id = world.launch(of_type("m6i.large")).at(0).id;  // runs at 6 s
  CHECK(world.statuses().empty());
  CHECK(world.statuses({.include_all_instances = true}) ==
        std::map<std::string, std::string>{{id, "not-applicable"}});
  world.until(6s);
  CHECK(world.statuses() == std::map<std::string, std::string>{{id, "initializing"}});
  world.until(156s - 100ms - 1ns);
  CHECK(world.statuses() == std::map<std::string, std::string>{{id, "initializing"}});
  CHECK(world.statuses() == std::map<std::string, std::string>{{id, "ok"}});
  world.terminate({id});
  world.until(160s);
  CHECK(world.statuses().empty());
  CHECK(world.statuses({.instance_ids = {id}, .include_all_instances = true}) ==
        std::map<std::string, std::string>{{id, "not-applicable"}});
}

TEST_CASE("statuses are filtered, and refused like lists of instances", "[ec2]") {
  StatusWorld world;
  const std::string id = world.launch(of_type("m6i.large")).at(0).id;
  world.until(200s);
  CHECK(world.statuses({.filters = {{"instance-status.status", {"ok"}}}}).size() == 1);
  CHECK(world.statuses({.filters = {{"system-status.reachability", {"passed"}}}}).size() == 1);
  CHECK(world.statuses({.filters = {{"instance-state-code", {"16"}}}}).size() == 1);
  CHECK(world.statuses({.filters = {{"availability-zone", {"*b"}}}}).empty());
  CHECK(code_of(world.status({.filters = {{"tag:a", {"b"}}}})) == "InvalidParameterValue");
  CHECK(code_of(world.status({.instance_ids = {id}, .max_results = 5})) ==
        "InvalidParameterCombination");
  CHECK(code_of(world.status({.max_results = 4})) == "InvalidParameterValue");
  CHECK(code_of(world.status({.instance_ids = {"i-00000000000000000"}})) ==
        "InvalidInstanceID.NotFound");
}

TEST_CASE("types are described by name and by what they have", "[ec2]") {
  TypeWorld world;
  CHECK(world.names({.instance_types = {"m6i.large", "c6i.large"}}) ==
        std::vector<std::string>{"c6i.large", "m6i.large"});
  CHECK(world.names({.instance_types = {"m6i.large", "m7g.large", "m6i.xlarge"},
                     .filters = {{"vcpu-info.default-vcpus", {"2"}},
                                 {"processor-info.supported-architecture", {"x86_64"}}}}) ==
        std::vector<std::string>{"m6i.large"});
  CHECK(world
            .names({.filters = {{"instance-type", {"p5*.48xlarge"}},
                                {"memory-info.size-in-mib", {"2097152"}}}})
            .size() > 1);
  CHECK(code_of(world.types({.instance_types = {"m6i.large", "m99.huge"}})) ==
        "InvalidInstanceType");
  CHECK(code_of(world.types({.max_results = 101})) == "InvalidParameterValue");
}

TEST_CASE("all types come in pages of a hundred", "[ec2]") {
  TypeWorld world;
  std::set<std::string> seen;
  ec2::DescribeInstanceTypesRequest request;
  int pages = 0;
  do {
    const auto call = world.types(request);
    REQUIRE(code_of(call).empty());
    const auto& reply = call->answer->value();
    CHECK(reply.types.size() <= 100);
    for (const auto& type : reply.types) CHECK(seen.insert(type.name).second);
    request.next_token = reply.next_token;
    ++pages;
  } while (!request.next_token.empty());
  CHECK(seen.size() == ec2::default_catalogue()->size());
  CHECK(pages == static_cast<int>((seen.size() + 99) / 100));
}
