#include "src/backoff/delay.h"

#include "tests/catch.h"

using namespace casim;
using namespace casim::backoff;
using namespace std::chrono_literals;

TEST_CASE("each kind of delay doubles its base, up to the maximum", "[backoff]") {
  struct Row {
    DelayKind kind;
    int retry;
    double u;
    Duration delay;
  };

  const auto row = GENERATE(values<Row>({
      {DelayKind::kNone, 0, 0.5, 1s},
      {DelayKind::kNone, 3, 0.5, 8s},
      {DelayKind::kNone, 4, 0.5, 10s},
      {DelayKind::kFull, 0, 0.0, 0s},
      {DelayKind::kFull, 0, 0.5, 500ms},
      {DelayKind::kFull, 3, 0.25, 2s},
      {DelayKind::kFull, 4, 0.5, 5s},  // the maximum comes before the random factor
      {DelayKind::kFull, 1'000'000, 0.5, 5s},
      {DelayKind::kEqual, 0, 0.0, 500ms},
      {DelayKind::kEqual, 0, 0.5, 750ms},
      {DelayKind::kEqual, 3, 0.5, 6s},
      {DelayKind::kEqual, 9, 0.5, 7500ms},
      {DelayKind::kFullBelowMax, 0, 0.5, 500ms},
      {DelayKind::kFullBelowMax, 3, 0.5, 4s},
      {DelayKind::kFullBelowMax, 4, 0.5, 10s},  // without jitter
      {DelayKind::kFullBelowMax, 1'000'000, 0.0, 10s},
  }));
  CAPTURE(static_cast<int>(row.kind), row.retry, row.u);
  const DelayRule rule{.kind = row.kind, .max = 10s};
  CHECK(delay_of(rule, 1s, row.retry, row.u, {}) == row.delay);
}

TEST_CASE("a decorrelated delay grows from the one before, whatever its number", "[backoff]") {
  const DelayRule rule{.kind = DelayKind::kDecorrelated, .max = 10s};
  CHECK(delay_of(rule, 1s, 0, 0.5, {}) == 2s);  // 1 + 0.5 (3 - 1)
  CHECK(delay_of(rule, 1s, 1, 0.5, 2s) == 3500ms);
  CHECK(delay_of(rule, 1s, 7, 0.0, 2s) == 1s);
  CHECK(delay_of(rule, 1s, 7, 0.9, 8s) == 10s);
}

TEST_CASE("without a maximum a delay grows until it is endless", "[backoff]") {
  const DelayRule rule{.kind = DelayKind::kFull};
  CHECK(delay_of(rule, 1s, 10, 0.5, {}) == 512s);
  CHECK(delay_of(rule, 1s, 1'000'000, 0.5, {}) == 500'000'000s);
}

TEST_CASE("the first retry may come at once, the others wait as ever", "[backoff]") {
  const DelayRule rule{.kind = DelayKind::kNone, .first_at_once = true};
  CHECK(delay_of(rule, 25ms, 0, 0.5, {}) == 0s);
  CHECK(delay_of(rule, 25ms, 1, 0.5, {}) == 50ms);
}
