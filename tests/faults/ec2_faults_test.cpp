// Each fault of the EC2 API against the model that it befalls, without anything above the port.
#include <set>

#include "tests/faults/faulty_world.h"

namespace casim::sim {

namespace {

ec2::RunInstancesRequest launch_in(std::string zone, std::string type = "m6i.large") {
  ec2::RunInstancesRequest request = of_type(std::move(type));
  request.zone = std::move(zone);
  return request;
}

// How many of `calls` launches, one each 10 ms from 10 s on, were answered with each code.
std::map<std::string, int> codes_of_launches(FaultyWorld& world, int calls) {
  std::vector<CallOutcome<ec2::RunInstancesRequest>> launches;
  for (int i = 0; i < calls; ++i) {
    world.ec2.until(10s + i * 10ms);
    launches.push_back(world.ec2.run(of_type("m6i.large")));
  }
  world.ec2.until(10min);
  std::map<std::string, int> codes;
  for (const auto& launch : launches) ++codes[code_of(launch)];
  return codes;
}

}  // namespace

TEST_CASE("a brownout slows the calls of its scope while it lasts", "[faults]") {
  FaultyWorld world(only(Ec2BrownoutFault{.times = kTenSeconds,
                                          .scope = {.zones = {"us-east-1b"}},
                                          .latency_factor = 3,
                                          .delay = Distribution::constant(2s)}));
  const auto before = world.ec2.run(launch_in("us-east-1b"));
  world.ec2.until(10s);
  const auto here = world.ec2.run(launch_in("us-east-1b"));
  const auto elsewhere = world.ec2.run(launch_in("us-east-1a"));
  const auto read = world.ec2.describe();
  world.ec2.until(20s);
  const auto after = world.ec2.run(launch_in("us-east-1b"));
  world.ec2.until(1min);
  CHECK(before->at == kTimeZero + 1s);
  CHECK(here->at == kTimeZero + 10s + 3 * 1s + 2s);
  CHECK(elsewhere->at == kTimeZero + 10s + 1s);
  CHECK(read->at == kTimeZero + 10s + 100ms);  // a read has no zone
  CHECK(after->at == kTimeZero + 20s + 1s);
}

TEST_CASE("errors come with their share, and each code with its weight", "[faults]") {
  Ec2ErrorsFault fault{.times = {.at = 10s, .length = 1h},
                       .scope = {.actions = {ec2::Action::kRunInstances}, .share = 0.4},
                       .errors = {{.code = ec2::ErrorCode::kInternalError, .weight = 3},
                                  {.code = ec2::ErrorCode::kUnavailable, .weight = 1}}};
  FaultyWorld world(only(fault));
  auto codes = codes_of_launches(world, 1000);
  CHECK(codes.size() == 3);
  // Three standard deviations of the binomial: 46 and 41, 29.
  CHECK(std::abs(codes[""] - 600) < 47);
  CHECK(std::abs(codes["InternalError"] - 300) < 44);
  CHECK(std::abs(codes["Unavailable"] - 100) < 29);
  CHECK(world.ec2.facts.all<InstanceLaunched>().size() == static_cast<std::size_t>(codes[""]));
}

TEST_CASE("whom an error hits does not hang on what else goes wrong", "[faults]") {
  const Ec2ErrorsFault errors{.times = {.at = 0s, .length = 1h},
                              .scope = {.share = 0.5},
                              .errors = {{.code = ec2::ErrorCode::kInternalError}}};
  const Ec2BrownoutFault slow{.times = {.at = 0s, .length = 1h}, .latency_factor = 2};
  FaultyWorld alone(only(errors));
  FaultyWorld among({Fault{.body = slow}, Fault{.body = errors}});
  CHECK(codes_of_launches(alone, 50) == codes_of_launches(among, 50));
  FaultyWorld twice({Fault{.body = errors}, Fault{.body = errors}});  // each has luck of its own
  CHECK(codes_of_launches(twice, 400)["InternalError"] > 270);
}

TEST_CASE("every code of the table can be answered, with its status", "[faults]") {
  for (const ec2::ErrorCodeInfo& row : ec2::error_codes()) {
    if (row.http_status == 0) continue;
    CAPTURE(row.text);
    FaultyWorld world(only(Ec2ErrorsFault{.times = kTenSeconds, .errors = {{.code = row.code}}}));
    world.ec2.until(10s);
    const auto call = world.ec2.describe();
    world.ec2.until(30s);
    CHECK(code_of(call) == row.text);
    CHECK(call->answer->error().http_status == row.http_status);
  }
}

TEST_CASE("throttling as if the buckets were empty takes nothing from them", "[faults]") {
  Ec2Config config = constant_config();
  config.throttle.run_requests = {.capacity = 5, .refill = 0};
  FaultyWorld world(only(Ec2ThrottleFault{.times = kTenSeconds}), std::move(config));
  world.ec2.until(10s);
  for (int i = 0; i < 20; ++i) world.ec2.run(of_type("m6i.large"));
  const auto read = world.ec2.describe();
  world.ec2.until(20s);
  CHECK(world.ec2.facts.all<InstanceLaunched>().empty());
  CHECK(code_of(read) == "RequestLimitExceeded");
  for (int i = 0; i < 20; ++i) world.ec2.run(of_type("m6i.large"));
  world.ec2.until(30s);
  CHECK(world.ec2.facts.all<InstanceLaunched>().size() == 5);
}

TEST_CASE("a neighbour leaves of each refill what it does not take", "[faults]") {
  Ec2Config config = constant_config();
  config.throttle.run_requests = {.capacity = 1, .refill = 1};
  // Ten launches are tried in each second; one a second passes without the fault.
  const double taken = GENERATE(0.75, 1.0);
  CAPTURE(taken);
  FaultyWorld world(only(Ec2ThrottleFault{.times = {.at = 100s, .length = 200s},
                                          .scope = {.actions = {ec2::Action::kRunInstances}},
                                          .tokens_taken = taken}),
                    std::move(config));
  std::map<int, int> passed;  // by hundred seconds
  for (int i = 0; i < 4000; ++i) {
    world.ec2.until(i * 100ms);
    world.ec2.run(of_type("m6i.large"));
  }
  world.ec2.until(500s);
  for (const auto& [at, fact] : world.ec2.facts.all<InstanceLaunched>()) {
    ++passed[static_cast<int>((at - 1s).time_since_epoch() / 100s)];
  }
  CHECK(passed[0] == 100);
  // The refill of a whole second belongs to the time before it: that of 100 s is whole, and that of
  // 300 s a neighbour's as well.
  CHECK(passed[1] + passed[2] == (taken == 1 ? 1 : 1 + 49));
  CHECK(passed[3] == (taken == 1 ? 99 : 100));
}

TEST_CASE("lost capacity refuses launches of its types and zones only", "[faults]") {
  FaultyWorld world(only(CapacityLossFault{
      .times = kTenSeconds, .instance_types = {"m6i.large"}, .zones = {"us-east-1b"}}));
  world.ec2.until(10s);
  const auto none = world.ec2.run(launch_in("us-east-1b"));
  const auto other_zone = world.ec2.run(launch_in("us-east-1a"));
  const auto other_type = world.ec2.run(launch_in("us-east-1b", "m5.large"));
  world.ec2.until(20s);
  const auto after = world.ec2.run(launch_in("us-east-1b"));
  world.ec2.until(1min);
  CHECK(code_of(none) == "InsufficientInstanceCapacity");
  CHECK(code_of(other_zone) == "");
  CHECK(code_of(other_type) == "");
  CHECK(code_of(after) == "");
}

TEST_CASE("a share of lost capacity refuses that share", "[faults]") {
  FaultyWorld world(only(CapacityLossFault{.times = {.at = 10s, .length = 1h}, .share = 0.25}));
  auto codes = codes_of_launches(world, 1000);
  CHECK(std::abs(codes["InsufficientInstanceCapacity"] - 250) < 41);
  CHECK(codes.size() == 2);
}

TEST_CASE("a connection that breaks before the effect leaves none, after it all", "[faults]") {
  const ResetWhen when = GENERATE(ResetWhen::kBefore, ResetWhen::kAfter);
  FaultyWorld world(only(ConnectionResetFault{.times = kTenSeconds, .when = when}));
  world.ec2.until(10s);
  const auto launch = world.ec2.run(of_type("m6i.large", 1, "token"));
  world.ec2.until(20s);
  CHECK(code_of(launch) == "ConnectionReset");
  const std::size_t there = when == ResetWhen::kAfter ? 1 : 0;
  CHECK(world.ec2.model.instances().size() == there);
  const auto again = world.ec2.run(of_type("m6i.large", 1, "token"));
  world.ec2.until(1min);
  CHECK(code_of(again) == "");
  CHECK(world.ec2.model.instances().size() == 1);  // the token found it
}

TEST_CASE("a reply that is cut is none or an incomplete one, and the launch is there", "[faults]") {
  struct Row {
    ReplyCut cut;
    const char* seen;
  };

  const auto row = GENERATE(values<Row>({
      {ReplyCut::kReset, "ConnectionReset"},
      {ReplyCut::kNothing, "ConnectionReset"},
      {ReplyCut::kInHeaders, "IncompleteReply"},
      {ReplyCut::kAfterHeaders, "IncompleteReply"},
      {ReplyCut::kInBody, "IncompleteReply"},
      {ReplyCut::kInChunks, "IncompleteReply"},
      {ReplyCut::kInBodyOf503, "IncompleteReply"},
  }));
  FaultyWorld world(only(ConnectionResetFault{.times = kTenSeconds, .cut = row.cut}));
  world.ec2.until(10s);
  const auto launch = world.ec2.run(of_type("m6i.large", 1, "token"));
  world.ec2.until(20s);
  CHECK(code_of(launch) == row.seen);
  CHECK(world.ec2.facts.all<Ec2CallAnswered>().front().second.code == row.seen);
  CHECK(world.ec2.model.instances().size() == 1);
}

TEST_CASE("a scope by group takes launches with that group's tag", "[faults]") {
  FaultyWorld world(only(Ec2OutageFault{.times = kTenSeconds, .scope = {.groups = {"gpu"}}}));
  world.ec2.until(10s);
  auto request = of_type("m6i.large");
  const auto untagged = world.ec2.run(request);
  request.tags = {{provider::kGroupTag, "general"}};
  const auto other = world.ec2.run(request);
  request.tags = {{provider::kGroupTag, "gpu"}};
  const auto hit = world.ec2.run(request);
  world.ec2.until(1min);
  CHECK(code_of(untagged) == "");
  CHECK(code_of(other) == "");
  CHECK(code_of(hit) == "ServiceUnavailable");
}

TEST_CASE("launches fail after acceptance, by group and share, with the reason given", "[faults]") {
  LaunchFailureFault fault{.times = {.at = 10s, .length = 1h},
                           .groups = {"gpu"},
                           .share = 0.5,
                           .state_reason = "Client.VolumeLimitExceeded"};
  FaultyWorld world(only(fault));
  auto request = of_type("m6i.large");
  request.tags = {{provider::kGroupTag, "gpu"}};
  world.ec2.until(1s);
  world.ec2.run(request);  // is running before it begins
  world.ec2.until(10s);
  for (int i = 0; i < 400; ++i) world.ec2.run(request);
  for (int i = 0; i < 50; ++i) world.ec2.run(of_type("m6i.large"));
  world.ec2.until(1min);
  const auto failed = world.ec2.facts.all<InstanceTerminated>();
  CHECK(std::abs(static_cast<int>(failed.size()) - 200) < 31);
  for (const auto& [at, fact] : failed) {
    CHECK(fact.reason == "Client.VolumeLimitExceeded");
    CHECK(at == kTimeZero + 10s + 1s + 5s);
  }
  CHECK(world.ec2.facts.all<InstanceRunning>().size() == 451 - failed.size());
}

TEST_CASE("expired credentials fail every call until there are new ones", "[faults]") {
  FaultyWorld world(only(ExpiredCredentialsFault{.times = kTenSeconds}));
  const auto before = world.ec2.run(of_type("m6i.large"));
  world.ec2.until(10s);
  const auto launch = world.ec2.run(of_type("m6i.large"));
  const auto read = world.ec2.describe();
  world.ec2.until(20s);
  const auto after = world.ec2.run(of_type("m6i.large"));
  world.ec2.until(1min);
  CHECK(code_of(before) == "");
  CHECK(code_of(launch) == "RequestExpired");
  CHECK(launch->answer->error().http_status == 400);
  CHECK(code_of(read) == "RequestExpired");
  CHECK(code_of(after) == "");
}

TEST_CASE("a clock that is off fails all calls of a client that does not learn", "[faults]") {
  const auto [by, code] = GENERATE(table<Duration, std::string>(
      {{Duration(6min), "AuthFailure"}, {Duration(20min), "RequestExpired"}}));
  FaultyWorld world(only(ClockSkewFault{.times = {.at = 10s, .length = 1s}, .by = by}));
  auto codes = codes_of_launches(world, 120);
  CHECK(codes == std::map<std::string, int>{{code, 100}, {"", 20}});
}

TEST_CASE("a client that takes EC2's time loses the calls of each jump", "[faults]") {
  FaultyWorld world(only(ClockSkewFault{.times = {.at = 10s, .length = 1s}, .by = 20min}),
                    FaultyWorld::without_throttling(), true);
  // One call each 10 ms, and 50 ms until it has learnt, twice: the clock jumps back, too.
  auto codes = codes_of_launches(world, 200);
  CHECK(codes == std::map<std::string, int>{{"RequestExpired", 10}, {"", 190}});
}

}  // namespace casim::sim
