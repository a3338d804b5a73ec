#include "tests/catch.h"

#include <map>

#include "sim/ec2/refill_bucket.h"
#include "sim/ec2/throttle.h"
#include "tests/sim_ec2/ec2_world.h"

using namespace casim;
using namespace casim::sim;

namespace {

TimePoint at(Duration t) { return kTimeZero + t; }

bool admits_run(Ec2Throttle& throttle, int instances, TimePoint now) {
  return throttle.admit(ec2::Action::kRunInstances, {.instances = static_cast<double>(instances)},
                        now);
}

bool admits_describe(Ec2Throttle& throttle, bool for_everything) {
  return throttle.admit(ec2::Action::kDescribeInstances, {.for_everything = for_everything},
                        at(0s));
}

}  // namespace

TEST_CASE("a bucket is refilled at whole seconds only, and never above its capacity", "[ec2]") {
  RefillBucket bucket({5, 2});
  for (int i = 0; i < 5; ++i) {
    REQUIRE(bucket.has(1, at(300ms)));
    bucket.take(1);
  }
  CHECK_FALSE(bucket.has(1, at(999ms)));
  CHECK(bucket.has(2, at(1s)));
  CHECK_FALSE(bucket.has(3, at(1999ms)));
  CHECK(bucket.has(5, at(1h)));
  CHECK_FALSE(bucket.has(5.5, at(1h)));
}

TEST_CASE("ten refills of a tenth make a token", "[ec2]") {
  RefillBucket bucket({1, 0.1});
  bucket.take(1);
  for (int second = 1; second < 10; ++second) CHECK_FALSE(bucket.has(1, at(second * 1s)));
  CHECK(bucket.has(1, at(10s)));
}

// ec2.md section 3: N launches, one per call, need max(0, (N - 5) / 2) seconds of bucket time,
// here in whole seconds because the bucket is refilled in whole seconds.
TEST_CASE("launches one per call take half a second each after the first five", "[ec2]") {
  struct Row {
    int launches;
    int seconds;
  };

  const auto row = GENERATE(values<Row>(
      {{1, 0}, {5, 0}, {6, 1}, {7, 1}, {8, 2}, {11, 3}, {50, 23}, {101, 48}, {501, 248}}));
  CAPTURE(row.launches);
  Ec2Throttle throttle{ThrottleConfig{}};
  int second = 0;
  for (int i = 0; i < row.launches; ++i) {
    while (!admits_run(throttle, 1, at(second * 1s))) ++second;
  }
  CHECK(second == row.seconds);
}

// The figures of section 3, at the rate of the bucket.
TEST_CASE("launches one per call: 2.5 s for 10, 22.5, 47.5 and 247.5 s for 50, 100, 500", "[ec2]") {
  struct Row {
    int launches;
    double seconds;
  };

  const auto row = GENERATE(values<Row>({{10, 2.5}, {50, 22.5}, {100, 47.5}, {500, 247.5}}));
  CAPTURE(row.launches);
  const BucketConfig bucket = ThrottleConfig{}.run_requests;
  CHECK((row.launches - bucket.capacity) / bucket.refill == row.seconds);
  Ec2Throttle throttle{ThrottleConfig{}};
  int passed = 0;
  Duration t{};
  for (; passed < row.launches; t += 100ms) {
    while (passed < row.launches && admits_run(throttle, 1, at(t))) ++passed;
  }
  CHECK(t - 100ms == std::chrono::ceil<std::chrono::seconds>(from_seconds(row.seconds)));
}

TEST_CASE("a limit that was raised holds for capacity and refill", "[ec2]") {
  ThrottleConfig config;
  config.limit_factor = 3;
  Ec2Throttle throttle{config};
  for (int i = 0; i < 15; ++i) CHECK(admits_run(throttle, 1, at(0s)));
  CHECK_FALSE(admits_run(throttle, 1, at(0s)));
  for (int i = 0; i < 6; ++i) CHECK(admits_run(throttle, 1, at(1s)));
  CHECK_FALSE(admits_run(throttle, 1, at(1s)));
}

// Section 3: capacity and refill per second, of calls and of instances.
TEST_CASE("each action has the buckets of its kind", "[ec2]") {
  struct Row {
    ec2::Action action;
    int requests;
    int requests_per_second;
    int instances;  // 0: not charged
    int instances_per_second;
  };

  using enum ec2::Action;
  const auto row = GENERATE(values<Row>({{kRunInstances, 5, 2, 1000, 2},
                                         {kDescribeInstances, 100, 20, 0, 0},
                                         {kTerminateInstances, 100, 5, 1000, 20},
                                         {kStopInstances, 50, 5, 1000, 20},
                                         {kStartInstances, 5, 2, 1000, 2},
                                         {kCreateTags, 100, 10, 0, 0},
                                         {kDescribeTags, 100, 20, 0, 0},
                                         {kDescribeInstanceStatus, 100, 20, 0, 0},
                                         {kDescribeInstanceTypes, 100, 20, 0, 0},
                                         {kCreateFleet, 50, 5, 0, 0}}));
  CAPTURE(ec2::name_of(row.action));
  const auto passed = [&row](Ec2Throttle& throttle, int instances, Duration t) {
    int calls = 0;
    const Charge charge{.instances = static_cast<double>(instances)};
    while (calls < 10'000 && throttle.admit(row.action, charge, at(t))) ++calls;
    return calls;
  };
  Ec2Throttle calls{ThrottleConfig{}};
  CHECK(passed(calls, 0, 0s) == row.requests);
  CHECK(passed(calls, 0, 1s) == row.requests_per_second);
  CHECK(passed(calls, 0, 1h) == row.requests);
  if (row.instances == 0) return;
  Ec2Throttle machines{ThrottleConfig{}};
  CHECK(passed(machines, row.instances + 1, 0s) == 0);
  CHECK(passed(machines, row.instances, 0s) == 1);
  CHECK(passed(machines, row.instances_per_second + 1, 1s) == 0);
  CHECK(passed(machines, row.instances_per_second, 1s) == 1);
}

TEST_CASE("one call for many is charged by instances: a thousand, then two a second", "[ec2]") {
  Ec2Throttle throttle{ThrottleConfig{}};
  CHECK(admits_run(throttle, 1000, at(0s)));
  CHECK_FALSE(admits_run(throttle, 3, at(1s)));
  CHECK(admits_run(throttle, 2, at(1s)));
  CHECK_FALSE(admits_run(throttle, 1001, at(100h)));  // more than the capacity: never
}

TEST_CASE("a rejected request takes a token from neither bucket", "[ec2]") {
  Ec2Throttle throttle{ThrottleConfig{}};
  REQUIRE(admits_run(throttle, 999, at(0s)));
  for (int i = 0; i < 10; ++i) CHECK_FALSE(admits_run(throttle, 2, at(0s)));
  CHECK(admits_run(throttle, 1, at(0s)));
}

TEST_CASE("without throttling everything passes", "[ec2]") {
  Ec2Throttle unlimited{{.unlimited = true}};
  for (int i = 0; i < 10'000; ++i) REQUIRE(admits_run(unlimited, 5'000, at(0s)));
}

TEST_CASE("each action has buckets of its own", "[ec2]") {
  Ec2Throttle throttle{ThrottleConfig{}};
  for (int i = 0; i < 5; ++i) REQUIRE(admits_run(throttle, 1, at(0s)));
  REQUIRE_FALSE(admits_run(throttle, 1, at(0s)));
  CHECK(admits_describe(throttle, false));
  const Charge of_all{.instances = 1000};
  CHECK(throttle.admit(ec2::Action::kTerminateInstances, of_all, at(0s)));
  CHECK_FALSE(throttle.admit(ec2::Action::kTerminateInstances, {.instances = 21}, at(1s)));
  CHECK(throttle.admit(ec2::Action::kTerminateInstances, {.instances = 20}, at(1s)));
}

TEST_CASE("a describe without filter, page or ids has a smaller bucket of its own", "[ec2]") {
  Ec2Throttle throttle{ThrottleConfig{}};
  for (int i = 0; i < 50; ++i) CHECK(admits_describe(throttle, true));
  CHECK_FALSE(admits_describe(throttle, true));
  for (int i = 0; i < 100; ++i) CHECK(admits_describe(throttle, false));
  CHECK_FALSE(admits_describe(throttle, false));
}

TEST_CASE("a throttled call is answered with RequestLimitExceeded after its own latency", "[ec2]") {
  Ec2World world;
  for (int i = 0; i < 5; ++i) world.run(of_type("m6i.large"));
  const auto sixth = world.run(of_type("m6i.large"));
  world.until(10s);
  CHECK(code_of(sixth) == "RequestLimitExceeded");
  CHECK(sixth->answer->error().http_status == 503);
  CHECK(sixth->at == at(50ms));
  std::map<std::string, int> answers;
  for (const auto& [when, fact] : world.facts.all<Ec2CallAnswered>()) ++answers[fact.code];
  CHECK(answers == std::map<std::string, int>{{"", 5}, {"RequestLimitExceeded", 1}});
}
