#include "src/backoff/adaptive_limiter.h"

#include <algorithm>

#include "tests/catch.h"

using namespace casim::backoff;

namespace {

// So many answers, evenly, that end at `to` (s); the limiter is off.
void answer_evenly(AdaptiveLimiter& limiter, double from, double to, int count) {
  for (int i = 1; i <= count; ++i) limiter.on_answer(false, from + (to - from) * i / count);
}

}  // namespace

TEST_CASE("the limiter is off until something is throttled", "[backoff]") {
  AdaptiveLimiter limiter(10);
  for (int i = 0; i < 100; ++i) CHECK(limiter.take(10) == 0);
  answer_evenly(limiter, 10, 12, 40);
  CHECK_FALSE(limiter.state().is_on);
  limiter.on_answer(true, 12);
  CHECK(limiter.state().is_on);
}

TEST_CASE("a fresh client that is throttled sends every other second", "[backoff]") {
  AdaptiveLimiter limiter(10);
  limiter.on_answer(true, 10.25);  // measured rate 0, a quarter of a token at the first rate
  CHECK(limiter.state().fill_rate == 0.5);
  CHECK(limiter.take(10.25) == Approx(1.5));
  CHECK(limiter.take(11.75) == 0);
  limiter.on_answer(true, 11.75);
  CHECK(limiter.take(11.75) == Approx(2));
}

TEST_CASE("throttling cuts the measured rate to 0.7 of it", "[backoff]") {
  AdaptiveLimiter limiter(10);
  answer_evenly(limiter, 10, 14, 80);  // 20 a second
  const double measured = limiter.state().measured_rate;
  CHECK(measured == Approx(20).epsilon(0.01));
  limiter.on_answer(true, 14.0625);
  CHECK(limiter.state().fill_rate == Approx(0.7 * measured));
  CHECK(limiter.state().capacity == Approx(0.7 * measured));
}

TEST_CASE("the rate is back where it was after the cube root, if the client goes on sending",
          "[backoff]") {
  AdaptiveLimiter limiter(0);
  answer_evenly(limiter, 0, 4, 80);
  limiter.on_answer(true, 4.0625);
  const double w_max = limiter.state().fill_rate / 0.7;
  // K = cbrt(w_max (1 - 0.7) / 0.4)
  const double k = 2.4662;
  answer_evenly(limiter, 4.0625, 4.0625 + k, 50);
  CHECK(limiter.state().fill_rate == Approx(w_max).epsilon(0.01));
}

TEST_CASE("the rate stays within twice what was measured, and above half a token a second",
          "[backoff]") {
  AdaptiveLimiter limiter(0);
  limiter.on_answer(true, 0.125);
  for (int i = 1; i < 100; ++i) {
    limiter.on_answer(false, 0.125 + i);
    const AdaptiveLimiter::State& s = limiter.state();
    CHECK(s.fill_rate >= 0.5);
    CHECK(s.fill_rate <= std::max(0.5, 2 * s.measured_rate));
    CHECK(s.tokens <= s.capacity);
  }
}
