#include "src/core/token_bucket.h"

#include "tests/catch.h"

namespace casim {
namespace {

using std::chrono::milliseconds;

TimePoint at(std::int64_t ms) { return TimePoint(milliseconds(ms)); }

}  // namespace

TEST_CASE("a bucket gives its burst at once, then one turn every 1/qps", "[core]") {
  TokenBucket bucket(50, 100);
  for (int i = 0; i < 100; ++i) CHECK(bucket.reserve(at(5000)) == at(5000));
  for (int i = 1; i <= 200; ++i) CHECK(bucket.reserve(at(5000)) == at(5000 + 20 * i));
}

TEST_CASE("tokens come back with time, up to the burst", "[core]") {
  TokenBucket bucket(5, 2);
  CHECK(bucket.reserve(at(0)) == at(0));
  CHECK(bucket.reserve(at(0)) == at(0));
  CHECK(bucket.reserve(at(100)) == at(200));  // half a token is there
  CHECK(bucket.reserve(at(200)) == at(400));  // in the order of asking
  CHECK(bucket.reserve(at(60'000)) == at(60'000));
  CHECK(bucket.reserve(at(60'000)) == at(60'000));
  CHECK(bucket.reserve(at(60'000)) == at(60'200));  // an hour would not have saved up a third
}

TEST_CASE("a turn beyond all time never comes", "[core]") {
  TokenBucket bucket(1e-300, 1);
  CHECK(bucket.reserve(at(5)) == at(5));
  CHECK(bucket.reserve(at(5)) == kTimeNever);
  CHECK(bucket.reserve(at(60'000)) == kTimeNever);
}

TEST_CASE("a bucket without a rate never waits", "[core]") {
  TokenBucket bucket(0, 0);
  for (int i = 0; i < 1000; ++i) CHECK(bucket.reserve(at(3)) == at(3));
}

}  // namespace casim
