#include "src/provider/ec2_machines.h"

#include <map>
#include <set>

#include "tests/catch.h"
#include "tests/provider/ec2_world.h"

using namespace casim;
using namespace casim::provider;
using namespace std::chrono_literals;

TEST_CASE("a launch asks for one tagged instance of the first type in the preferred zone",
          "[provider]") {
  Ec2World world;
  world.launch(2);
  world.run();
  CHECK(world.launched);
  REQUIRE(world.ec2.runs.size() == 2);
  const ec2::RunInstancesRequest& request = world.ec2.runs[1];
  CHECK(request.min_count == 1);
  CHECK(request.max_count == 1);
  CHECK(request.instance_type == "m6i.large");
  CHECK(request.zone == "us-east-1b");
  CHECK(request.client_token.starts_with("t1-"));
  CHECK(request.tags == std::vector<ec2::Tag>{{"casim:cluster", "blue"},
                                              {"casim:group", "a"},
                                              {"casim:slot", "1"},
                                              {"casim:token", "t1"}});
  REQUIRE(world.answers.all.size() == 2);
  CHECK(world.answers.all[1].slot == SlotId(1));
  CHECK(world.answers.all[1].instance_id == "i-2");
  CHECK(world.answers.all[1].provider_id == "aws:///us-east-1b/i-2");
  CHECK(!world.answers.all[1].refused);
}

TEST_CASE("so many launches are in flight and no more", "[provider]") {
  Ec2MachinesOptions options;
  options.launches_in_flight = 4;
  Ec2World world(options);
  world.launch(10);
  world.run();
  CHECK(world.ec2.most_in_flight == 4);
  REQUIRE(world.answers.at.size() == 10);
  CHECK(world.answers.at[3] == 1s);
  CHECK(world.answers.at[7] == 2s);
  CHECK(world.answers.at[9] == 3s);
}

TEST_CASE("lack of capacity falls back over the types of a zone, then over zones", "[provider]") {
  Ec2World world;
  for (int i = 0; i < 3; ++i) {
    world.ec2.pools[kPoolsOfSlot0[static_cast<std::size_t>(i)]] =
        ec2_error("InsufficientInstanceCapacity", 500);
  }
  world.launch(1);
  world.run();
  REQUIRE(world.ec2.runs.size() == 10);  // lack of capacity is a 500, which the SDK tries again
  std::set<std::string> tokens;
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK(world.ec2.runs[i].instance_type == kPoolsOfSlot0[i / 3].first);
    CHECK(world.ec2.runs[i].zone == kPoolsOfSlot0[i / 3].second);
    tokens.insert(world.ec2.runs[i].client_token);
  }
  CHECK(tokens.size() == 4);
  REQUIRE(world.answers.all.size() == 1);
  CHECK(world.answers.all[0].provider_id == "aws:///us-east-1b/i-1");
  CHECK(!world.answers.all[0].refused);
  // The SDK waits between its attempts, nobody between pools.
  CHECK(world.waits.count(Ec2Wait::Why::kAgain) == 0);
  CHECK(world.answers.at[0] >= 9 * 500ms + 1s);
  CHECK(world.answers.at[0] < 9 * 500ms + 1s + 3 * (50ms + 100ms));
}

TEST_CASE("without any capacity the first pool's reason is reported", "[provider]") {
  Ec2World world;
  for (const auto& pool : kPoolsOfSlot0) {
    world.ec2.pools[pool] = ec2_error("InsufficientInstanceCapacity", 500);
  }
  world.ec2.pools[kPoolsOfSlot0[0]] = ec2_error("VcpuLimitExceeded", 400);
  world.launch(1);
  world.run();
  REQUIRE(world.answers.all.size() == 1);
  REQUIRE(world.answers.all[0].refused);
  CHECK(world.answers.all[0].refused->code == "VcpuLimitExceeded");
  CHECK(world.answers.all[0].refused->error_class == 1);
  CHECK(world.answers.all[0].instance_id.empty());
}

TEST_CASE("throttling is waited out, however often, with the same token", "[provider]") {
  Ec2World world;
  for (int i = 0; i < 8; ++i) {
    world.ec2.run_errors.push_back(ec2_error("RequestLimitExceeded", 503));
  }
  world.launch(1);
  world.run();
  REQUIRE(world.ec2.runs.size() == 9);
  std::set<std::string> tokens;
  for (const auto& request : world.ec2.runs) tokens.insert(request.client_token);
  CHECK(tokens.size() == 1);
  CHECK(!world.answers.all[0].refused);
  // The SDK waits at most 1 and 2 s, the provider 4, 8 and so on between its calls.
  CHECK(world.waits.count(Ec2Wait::Why::kRetry) == 6);
  CHECK(world.waits.count(Ec2Wait::Why::kAgain) == 2);
  CHECK(world.answers.at[0] > 4s);
  CHECK(world.answers.at[0] < 3 * 3s + 12s + 8 * 500ms + 1s);
}

TEST_CASE("a transient error is waited out for a minute, then the launch is refused",
          "[provider]") {
  Ec2World world;
  const bool ends = GENERATE(true, false);
  world.ec2.run_errors.assign(ends ? 6 : 1000, ec2_error("InternalError", 500));
  world.launch(1);
  world.run();
  REQUIRE(world.answers.all[0].refused.has_value() == !ends);
  if (ends) {
    CHECK(world.ec2.runs.size() == 7);
    CHECK(world.waits.count(Ec2Wait::Why::kRetry) == 4);  // 3 attempts a call
    CHECK(world.waits.count(Ec2Wait::Why::kAgain) == 2);
  } else {
    CHECK(world.answers.at[0] >= 1min);
    CHECK(world.answers.at[0] < 1min + 20s + 3s);
    CHECK(world.answers.all[0].refused->code == "InternalError");
    CHECK(world.answers.all[0].refused->error_class == 99);
  }
}

TEST_CASE("a throttled launch is not made again for slots that were cancelled", "[provider]") {
  Ec2World world;
  world.ec2.run_errors.assign(100, ec2_error("RequestLimitExceeded", 503));
  world.launch(1);
  world.kernel.run(kTimeZero + 1min, 1'000'000);
  CHECK(world.answers.all.empty());
  const std::size_t made = world.ec2.runs.size();
  world.answers.cancelled = {SlotId(0)};
  world.run();
  REQUIRE(world.answers.all.size() == 1);
  CHECK(world.answers.all[0].refused);
  CHECK(world.ec2.runs.size() <= made + 2);  // attempts of the SDK that were under way
}

TEST_CASE("pools are not asked for slots that were cancelled", "[provider]") {
  Ec2World world;
  for (const auto& pool : kPoolsOfSlot0) {
    world.ec2.pools[pool] = ec2_error("VcpuLimitExceeded", 400);
  }
  world.launch(1);
  world.kernel.run(kTimeZero + 250ms, 1'000'000);
  world.answers.cancelled = {SlotId(0)};
  world.run();
  CHECK(world.ec2.runs.size() == 1);
  CHECK(world.answers.all.size() == 1);
}

TEST_CASE("a permanent error is refused at once", "[provider]") {
  Ec2World world;
  world.ec2.run_errors.push_back(ec2_error("InvalidAMIID.NotFound", 400));
  world.launch(1);
  world.run();
  CHECK(world.ec2.runs.size() == 1);
  CHECK(world.answers.all[0].refused->code == "InvalidAMIID.NotFound");
}

TEST_CASE("a reply that is lost or incomplete makes no second instance", "[provider]") {
  Ec2World world;
  world.ec2.lost_as = GENERATE(ec2::Fault::kReset, ec2::Fault::kIncompleteReply);
  world.ec2.lost_replies = 2;
  world.launch(1);
  world.run();
  REQUIRE(world.ec2.runs.size() == 3);
  CHECK(world.ec2.runs[1].client_token == world.ec2.runs[0].client_token);
  CHECK(world.ec2.runs[2].client_token == world.ec2.runs[0].client_token);
  CHECK(world.ec2.instances.size() == 1);
  CHECK(world.answers.all[0].instance_id == "i-1");
}

TEST_CASE("a launch that is cancelled unwinds and answers no more", "[provider]") {
  Ec2MachinesOptions options;
  options.launches_in_flight = 2;
  Ec2World world(options);
  world.launch(5);
  world.kernel.run(kTimeZero + 1500ms, 1'000'000);
  CHECK(world.answers.all.size() == 2);
  world.scope.cancel();
  world.kernel.settle();
  CHECK(world.scope.empty());
  CHECK(world.ec2.in_flight == 0);
  world.run();
  CHECK(world.answers.all.size() == 2);
}

TEST_CASE("the list is read page by page, by tag", "[provider]") {
  Ec2MachinesOptions options;
  options.page_size = 5;
  Ec2World world(options);
  world.launch(12);
  world.run();
  world.ec2.instances.at("i-3").state = ec2::InstanceState::kTerminated;
  world.ec2.instances.at("i-3").state_reason_code = "Server.InternalError";
  world.ec2.instances.at("i-4").state = ec2::InstanceState::kShuttingDown;
  world.ec2.instances.at("i-4").state_reason_code = "Client.UserInitiatedShutdown";
  world.ec2.instances.at("i-5").state = ec2::InstanceState::kRunning;
  world.ec2.instances.at("i-6").tags[0].value = "another cluster";
  const auto list = world.call<std::vector<Machine>>(world.machines.list());
  REQUIRE(list);
  CHECK(list->size() == 11);
  CHECK(world.ec2.describes.size() == 3);
  std::map<std::string, Machine> by_id;
  for (const Machine& machine : *list) by_id[machine.instance_id] = machine;
  CHECK(by_id.size() == 11);
  CHECK(by_id.at("i-1").state == MachineState::kPending);
  CHECK(by_id.at("i-1").token == "t0");
  CHECK(by_id.at("i-1").group == "a");
  CHECK(by_id.at("i-1").provider_id == "aws:///us-east-1a/i-1");
  CHECK(by_id.at("i-3").state == MachineState::kGone);
  REQUIRE(by_id.at("i-3").failure);
  CHECK(by_id.at("i-3").failure->code == "Server.InternalError");
  CHECK(by_id.at("i-4").state == MachineState::kTerminating);
  CHECK(!by_id.at("i-4").failure);
  CHECK(by_id.at("i-5").state == MachineState::kRunning);
  CHECK(!by_id.contains("i-6"));
}

TEST_CASE("a list that keeps failing is an error, not an empty list", "[provider]") {
  Ec2World world;
  for (int i = 0; i < 3; ++i) world.ec2.describe_errors.push_back(ec2_error("Unavailable", 503));
  const auto list = world.call<std::vector<Machine>>(world.machines.list());
  REQUIRE(!list);
  CHECK(list.error().code == ErrorCode::kUnavailable);
  CHECK(world.call<std::vector<Machine>>(world.machines.list()));
}

TEST_CASE("a page token that comes again is an error, not an endless list", "[provider]") {
  Ec2MachinesOptions options;
  options.page_size = 5;
  Ec2World world(options);
  world.launch(12);
  world.run();
  world.ec2.repeats_page_token = true;
  const auto list = world.call<std::vector<Machine>>(world.machines.list());
  REQUIRE(!list);
  CHECK(list.error().message.starts_with("RepeatedPageToken"));
  CHECK(world.ec2.describes.size() == 2);
}

TEST_CASE("terminations go in chunks, and an unknown id does not keep the others alive",
          "[provider]") {
  Ec2MachinesOptions options;
  options.terminate_chunk = 4;
  Ec2World world(options);
  world.launch(9);
  world.run();
  std::vector<std::string> ids;
  for (int i = 1; i <= 9; ++i) ids.push_back("i-" + std::to_string(i));
  world.ec2.instances.erase("i-6");
  const auto done = world.call<void>(world.machines.remove(ids));
  REQUIRE(!done);
  CHECK(done.error().message.starts_with("InvalidInstanceID.NotFound"));
  CHECK(world.ec2.live_by_tag("casim:group").empty());
  // 1-4; 5-8, which fails: 5-6, fails: 5, 6; 7-8; 9.
  CHECK(world.ec2.terminations ==
        std::vector<std::vector<std::string>>{{"i-1", "i-2", "i-3", "i-4"},
                                              {"i-5", "i-6", "i-7", "i-8"},
                                              {"i-5", "i-6"},
                                              {"i-5"},
                                              {"i-6"},
                                              {"i-7", "i-8"},
                                              {"i-9"}});
}
