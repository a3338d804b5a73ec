#include "tests/catch.h"

#include "sim/ec2/refill_bucket.h"
#include "sim/ec2/throttle.h"
#include "tests/sim_ec2/ec2_world.h"

using namespace casim;
using namespace casim::sim;

namespace {

TimePoint at(Duration t) { return kTimeZero + t; }

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
    while (!throttle.admit_run(1, at(second * 1s))) ++second;
  }
  CHECK(second == row.seconds);
}

TEST_CASE("one call for many is charged by instances: a thousand, then two a second", "[ec2]") {
  Ec2Throttle throttle{ThrottleConfig{}};
  CHECK(throttle.admit_run(1000, at(0s)));
  CHECK_FALSE(throttle.admit_run(3, at(1s)));
  CHECK(throttle.admit_run(2, at(1s)));
  CHECK_FALSE(throttle.admit_run(1001, at(100h)));  // more than the capacity: never
}

TEST_CASE("a rejected request takes a token from neither bucket", "[ec2]") {
  Ec2Throttle throttle{ThrottleConfig{}};
  REQUIRE(throttle.admit_run(999, at(0s)));
  for (int i = 0; i < 10; ++i) CHECK_FALSE(throttle.admit_run(2, at(0s)));
  CHECK(throttle.admit_run(1, at(0s)));
}

TEST_CASE("presets: three times as much, or no limit", "[ec2]") {
  Ec2Throttle threefold{throttle_preset(ThrottlePreset::kX3)};
  for (int i = 0; i < 15; ++i) CHECK(threefold.admit_run(1, at(0s)));
  CHECK_FALSE(threefold.admit_run(1, at(0s)));
  for (int i = 0; i < 6; ++i) CHECK(threefold.admit_run(1, at(1s)));
  CHECK_FALSE(threefold.admit_run(1, at(1s)));
  Ec2Throttle unlimited{throttle_preset(ThrottlePreset::kUnlimited)};
  for (int i = 0; i < 10'000; ++i) REQUIRE(unlimited.admit_run(5'000, at(0s)));
}

TEST_CASE("a describe without filter, page or ids has a smaller bucket of its own", "[ec2]") {
  Ec2Throttle throttle{ThrottleConfig{}};
  for (int i = 0; i < 50; ++i) CHECK(throttle.admit_describe(false, at(0s)));
  CHECK_FALSE(throttle.admit_describe(false, at(0s)));
  for (int i = 0; i < 100; ++i) CHECK(throttle.admit_describe(true, at(0s)));
  CHECK_FALSE(throttle.admit_describe(true, at(0s)));
}

TEST_CASE("a throttled call is answered with RequestLimitExceeded after its own latency", "[ec2]") {
  Ec2World world;
  for (int i = 0; i < 5; ++i) world.run(of_type("m6i.large"));
  const auto sixth = world.run(of_type("m6i.large"));
  world.until(10s);
  CHECK(code_of(sixth) == "RequestLimitExceeded");
  CHECK(sixth->answer->error().http_status == 503);
  CHECK(sixth->at == at(50ms));
  CHECK(world.model.calls().at({"RunInstances", ""}) == 5);
  CHECK(world.model.calls().at({"RunInstances", "RequestLimitExceeded"}) == 1);
}
