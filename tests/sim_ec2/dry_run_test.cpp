#include "tests/catch.h"
#include "tests/sim_ec2/ec2_world.h"

using namespace casim;
using namespace casim::sim;

namespace {

// A request of each action that would succeed, about that instance.
template <class Test>
void for_each_action(const std::string& id, Test test) {
  test(of_type("m6i.large"));
  test(ec2::DescribeInstancesRequest{});
  test(ec2::TerminateInstancesRequest{.instance_ids = {id}});
  test(ec2::StopInstancesRequest{.instance_ids = {id}});
  test(ec2::StartInstancesRequest{.instance_ids = {id}});
  test(ec2::CreateTagsRequest{.resource_ids = {id}, .tags = {{"a", "b"}}});
  test(ec2::DescribeTagsRequest{});
  test(ec2::DescribeInstanceStatusRequest{});
  test(ec2::DescribeInstanceTypesRequest{});
  test(ec2::CreateFleetRequest{.type = ec2::FleetType::kInstant,
                               .overrides = {{.instance_type = "m6i.large"}},
                               .target = {.total_target_capacity = 1}});
}

struct OneInstance : Ec2World {
  explicit OneInstance(Ec2Config config = constant_config()) : Ec2World(std::move(config)) {
    added = model.add_running(of_type("m6i.large"));
  }

  std::string id() const { return added->at(0).id; }

  template <class Request>
  std::string answer_to(Request request, int* status = nullptr) {
    const auto call = start(std::move(request));
    until(kernel.now() - kTimeZero + 10s);
    if (status != nullptr) *status = call->answer->error().http_status;
    return code_of(call);
  }

  ec2::Attempt<std::vector<ec2::Instance>> added;
};

}  // namespace

TEST_CASE("a dry run of each action says that it may be made, and does nothing", "[ec2]") {
  OneInstance world;
  int actions = 0;
  for_each_action(world.id(), [&](auto request) {
    CAPTURE(ec2::name_of(request.kAction));
    request.dry_run = true;
    int status = 0;
    CHECK(world.answer_to(std::move(request), &status) == "DryRunOperation");
    CHECK(status == 412);
    ++actions;
  });
  CHECK(actions == static_cast<int>(ec2::kActionCount));
  REQUIRE(world.model.instances().size() == 1);
  CHECK(world.model.instances()[0].state == ec2::InstanceState::kRunning);
  CHECK(world.model.instances()[0].tags.empty());
}

TEST_CASE("what the policy denies is unauthorized, dry run or not", "[ec2]") {
  const bool dry_run = GENERATE(false, true);
  Ec2Config config = constant_config();
  for (const ec2::ActionInfo& action : ec2::kActions) {
    config.denied_actions.push_back(action.action);
  }
  OneInstance world(config);
  for_each_action(world.id(), [&](auto request) {
    CAPTURE(ec2::name_of(request.kAction));
    request.dry_run = dry_run;
    int status = 0;
    CHECK(world.answer_to(std::move(request), &status) == "UnauthorizedOperation");
    CHECK(status == 403);
  });
  CHECK(world.model.instances().size() == 1);
}

TEST_CASE("a dry run finds what is wrong with what the request names", "[ec2]") {
  OneInstance world;
  auto launch = of_type("m99.huge");
  launch.dry_run = true;
  CHECK(world.answer_to(launch) == "InvalidParameterValue");
  ec2::TerminateInstancesRequest terminate{{"i-00000000000000000"}, true};
  CHECK(world.answer_to(terminate) == "InvalidInstanceID.NotFound");
  ec2::CreateFleetRequest fleet;
  fleet.dry_run = true;
  CHECK(world.answer_to(fleet) == "InvalidParameterValue");
}

TEST_CASE("a dry run leaves its client token unused", "[ec2]") {
  OneInstance world;
  auto request = of_type("m6i.large", 1, "t");
  request.dry_run = true;
  CHECK(world.answer_to(request) == "DryRunOperation");
  CHECK(world.launch(of_type("m6i.xlarge", 1, "t")).size() == 1);
}
