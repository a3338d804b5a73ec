#include "sim/autoscaler/clusterstate/backoff.h"

#include "tests/catch.h"

namespace casim::sim {
namespace {

using std::chrono::minutes;

TimePoint at(int minute) { return kTimeZero + minutes(minute); }

}  // namespace

TEST_CASE("backoff doubles once it has run out, up to its cap", "[autoscaler]") {
  Backoff backoff(minutes(5), minutes(30), std::chrono::hours(3));
  CHECK(backoff.fail("g", {}, at(0)) == at(5));
  CHECK(backoff.error_of("g", at(5)) != nullptr);  // equality still counts
  CHECK(backoff.error_of("g", at(5) + Duration(1)) == nullptr);
  CHECK(backoff.fail("g", {}, at(6)) == at(16));
  CHECK(backoff.fail("g", {}, at(17)) == at(37));
  CHECK(backoff.fail("g", {}, at(38)) == at(68));
  CHECK(backoff.fail("g", {}, at(69)) == at(99));
}

TEST_CASE("a failure during backoff starts the same span again", "[autoscaler]") {
  Backoff backoff(minutes(5), minutes(30), std::chrono::hours(3));
  backoff.fail("g", {}, at(0));
  CHECK(backoff.fail("g", {}, at(3)) == at(8));
  CHECK(backoff.error_of("other", at(3)) == nullptr);
}

TEST_CASE("backoff forgets a group long after its last failure", "[autoscaler]") {
  Backoff backoff(minutes(5), minutes(30), minutes(60));
  backoff.fail("g", {}, at(0));
  backoff.forget_stale(at(60));
  CHECK(backoff.fail("g", {}, at(60)) == at(70));
  backoff.forget_stale(at(121));
  CHECK(backoff.fail("g", {}, at(121)) == at(126));
}

}  // namespace casim::sim
