#include "tests/catch.h"

#include <set>

#include "tests/sim_ec2/ec2_world.h"

using namespace casim;
using namespace casim::sim;

namespace {

std::set<std::string> ids_of(const ec2::InstanceList& instances) {
  std::set<std::string> ids;
  for (const ec2::Instance& instance : instances) ids.insert(instance.id);
  return ids;
}

struct ThreeInstances : Ec2World {
  ThreeInstances() {
    auto first = of_type("m6i.large", 1, "t0");
    first.tags = {{"group", "a"}, {"owner", "casim"}};
    auto second = of_type("m6i.large", 1, "t1");
    second.tags = {{"group", "b"}, {"owner", "casim"}};
    auto third = of_type("c6i.xlarge", 1, "t2");
    third.zone = "us-east-1b";
    ids = {launch(first).at(0).id, launch(second).at(0).id, launch(third).at(0).id};
    until(20s);
    terminate({ids[1]});
    until(21s);
  }

  std::vector<std::string> ids;
};

}  // namespace

TEST_CASE("filters narrow a describe: all of them, any of their values", "[ec2]") {
  struct Row {
    const char* name;
    std::vector<ec2::Filter> filters;
    std::vector<std::size_t> found;
  };

  const auto row = GENERATE(values<Row>({
      {"none", {}, {0, 1, 2}},
      {"tag", {{"tag:group", {"a"}}}, {0}},
      {"two values", {{"tag:group", {"a", "b"}}}, {0, 1}},
      {"tag key", {{"tag-key", {"owner"}}}, {0, 1}},
      {"state", {{"instance-state-name", {"running", "pending"}}}, {0, 2}},
      {"token", {{"client-token", {"t1"}}}, {1}},
      {"type", {{"instance-type", {"c6i.xlarge"}}}, {2}},
      {"zone", {{"availability-zone", {"us-east-1a"}}}, {0, 1}},
      {"two filters", {{"tag:owner", {"casim"}}, {"instance-state-name", {"running"}}}, {0}},
      {"no value", {{"tag:group", {}}}, {}},
      {"any text", {{"tag:group", {"*"}}}, {0, 1}},
      {"one character", {{"instance-type", {"m6?.large"}}}, {0, 1}},
      {"an escaped star", {{"tag:group", {"\\*"}}}, {}},
      {"part of a name", {{"instance-type", {"m6i"}}}, {}},
      {"state code", {{"instance-state-code", {"32"}}}, {1}},
      {"vpc", {{"vpc-id", {"vpc-0*"}}}, {0, 1, 2}},
      {"on demand", {{"instance-lifecycle", {"*"}}}, {}},
      {"launch time", {{"launch-time", {"2024-10-04T00:00:02.000Z"}}}, {1}},
      {"day of launch", {{"launch-time", {"2024-10-04T*"}}}, {0, 1, 2}},
  }));
  CAPTURE(row.name);
  ThreeInstances world;
  ec2::DescribeInstancesRequest request;
  request.filters = row.filters;
  const auto call = world.describe(request);
  world.until(30s);
  REQUIRE(code_of(call).empty());
  std::set<std::string> expected;
  for (const std::size_t i : row.found) expected.insert(world.ids[i]);
  CHECK(ids_of(call->answer->value().instances) == expected);
  CHECK(call->answer->value().next_token.empty());
}

TEST_CASE("by ids, and together with a filter", "[ec2]") {
  ThreeInstances world;
  ec2::DescribeInstancesRequest request;
  request.instance_ids = {world.ids[2], world.ids[0], world.ids[0]};
  request.filters = {{"instance-id", {world.ids[0], world.ids[1]}}};
  const auto call = world.describe(request);
  world.until(30s);
  REQUIRE(code_of(call).empty());
  CHECK(ids_of(call->answer->value().instances) == std::set{world.ids[0]});
}

TEST_CASE("what a describe refuses", "[ec2]") {
  struct Row {
    const char* name;
    ec2::DescribeInstancesRequest request;
    const char* code;
  };

  const auto row = GENERATE(values<Row>({
      {"unknown filter", {{}, {{"colour", {"red"}}}, 0, ""}, "InvalidParameterValue"},
      {"page too small", {{}, {}, 4, ""}, "InvalidParameterValue"},
      {"page too big", {{}, {}, 1001, ""}, "InvalidParameterValue"},
      {"ids and page", {{"i-00000000000000000"}, {}, 5, ""}, "InvalidParameterCombination"},
      {"unknown id", {{"i-00000000000000000"}, {}, 0, ""}, "InvalidInstanceID.NotFound"},
      {"malformed id", {{"node-1"}, {}, 0, ""}, "InvalidInstanceID.Malformed"},
      {"ids and token", {{"i-00000000000000000"}, {}, 0, "t"}, "InvalidParameterCombination"},
      {"too many values",
       {{}, {{"client-token", std::vector<std::string>(201, "t")}}, 0, ""},
       "FilterLimitExceeded"},
      {"bad token", {{}, {}, 5, "zzz"}, "InvalidPaginationToken"},
      {"no hexadecimal token", {{}, {}, 5, std::string(40, 'z')}, "InvalidPaginationToken"},
      {"a token that nobody issued", {{}, {}, 5, std::string(34, '0')}, "InvalidPaginationToken"},
  }));
  CAPTURE(row.name);
  Ec2World world;
  const auto call = world.describe(row.request);
  world.until(10s);
  CHECK(code_of(call) == row.code);
  CHECK(call->at == kTimeZero + 100ms);
}

TEST_CASE("pages return everything once, also when instances go in between", "[ec2]") {
  Ec2World world;
  const auto launched = world.launch(of_type("m6i.large", 12));
  world.until(10s);
  ec2::DescribeInstancesRequest request;
  request.max_results = 5;
  request.filters = {{"instance-state-name", {"running"}}};
  std::vector<std::size_t> sizes;
  std::set<std::string> seen;
  for (Duration t = 20s;; t += 10s) {
    const auto call = world.describe(request);
    world.until(t);
    REQUIRE(code_of(call).empty());
    const auto& reply = call->answer->value();
    sizes.push_back(reply.instances.size());
    for (const auto& instance : reply.instances) CHECK(seen.insert(instance.id).second);
    request.next_token = reply.next_token;
    if (request.next_token.empty()) break;
    if (sizes.size() == 1) world.model.vanish(launched[4].id);  // the last one of the first page
  }
  CHECK(sizes == std::vector<std::size_t>{5, 5, 2});
  CHECK(seen.size() == 12);
}

TEST_CASE("a token of other filters is stale", "[ec2]") {
  Ec2World world;
  world.launch(of_type("m6i.large", 12));
  ec2::DescribeInstancesRequest request;
  request.max_results = 5;
  const auto first = world.describe(request);
  world.until(10s);
  request.next_token = first->answer->value().next_token;
  REQUIRE_FALSE(request.next_token.empty());
  request.filters = {{"instance-type", {"m6i.large"}}};
  const auto second = world.describe(request);
  world.until(20s);
  CHECK(code_of(second) == "InvalidPaginationToken");
}

TEST_CASE("a page asked for again is the same, under another token", "[ec2]") {
  Ec2World world;
  world.launch(of_type("m6i.large", 20));
  std::set<std::string> tokens;
  ec2::DescribeInstancesRequest request;
  request.max_results = 5;
  const auto first = world.describe(request);
  world.until(10s);
  request.next_token = first->answer->value().next_token;
  tokens.insert(request.next_token);
  std::set<std::string> seen;
  for (int i = 0; i < 3; ++i) {
    const auto page = world.describe(request);
    world.until(20s + i * 1s);
    REQUIRE(code_of(page).empty());
    CHECK(tokens.insert(page->answer->value().next_token).second);
    const auto ids = ids_of(page->answer->value().instances);
    seen.insert(ids.begin(), ids.end());
  }
  CHECK(seen.size() == 5);
}

TEST_CASE("an instance tells its call, image and network", "[ec2]") {
  Ec2World world;
  auto request = of_type("m6i.large", 2);
  request.image_id = "ami-1";
  const auto two = world.launch(request);
  const auto other = world.launch(of_type("m6i.large")).at(0);
  CHECK(two[0].reservation_id == two[1].reservation_id);
  CHECK(two[0].reservation_id != other.reservation_id);
  CHECK(two[0].reservation_id.size() == 19);
  CHECK(two[0].image_id == "ami-1");
  CHECK(two[0].subnet_id == other.subnet_id);
  CHECK(two[0].vpc_id == other.vpc_id);
  CHECK(two[0].private_ip_address != two[1].private_ip_address);
  ec2::DescribeInstancesRequest by_address;
  by_address.filters = {{"private-ip-address", {two[1].private_ip_address}},
                        {"reservation-id", {two[1].reservation_id}},
                        {"subnet-id", {two[1].subnet_id}}};
  const auto found = world.describe(by_address);
  world.until(10s);
  CHECK(ids_of(found->answer->value().instances) == std::set{two[1].id});
  world.model.vanish(two[1].id);
  const auto gone = world.describe(by_address);
  world.until(20s);
  CHECK(gone->answer->value().instances.empty());
}

TEST_CASE("an exact number of pages ends without an empty one", "[ec2]") {
  Ec2World world;
  world.launch(of_type("m6i.large", 5));
  ec2::DescribeInstancesRequest request;
  request.max_results = 5;
  const auto call = world.describe(request);
  world.until(10s);
  CHECK(call->answer->value().instances.size() == 5);
  CHECK(call->answer->value().next_token.empty());
}
