#include "src/backoff/retry.h"

#include "src/backoff/preset.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::backoff;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint kNow = kTimeZero;

// As a client that lets u be 0.5.
std::expected<Duration, GaveUp> fail(Retry& retry, FailureKind kind) {
  return retry.on_failure(kind, {}, 0.5, kNow);
}

}  // namespace

TEST_CASE("a final failure is not tried again and costs nothing", "[backoff]") {
  const RetrySettings settings = settings_of(Preset::kSdkStandard2026);
  RetryQuota quota(*settings.quota);
  Retry retry(settings, &quota, kNow);
  CHECK(fail(retry, FailureKind::kFinal) == std::unexpected(GaveUp::kNotRetryable));
  CHECK(quota.available() == 500);
}

TEST_CASE("the base is that of the failure just received", "[backoff]") {
  const RetrySettings settings = settings_of(Preset::kSdkStandard2026);
  Retry retry(settings, nullptr, kNow);
  CHECK(fail(retry, FailureKind::kThrottle) == 500ms);
  CHECK(fail(retry, FailureKind::kTransient) == 50ms);
  CHECK(fail(retry, FailureKind::kTransient) == std::unexpected(GaveUp::kMaxAttempts));
}

TEST_CASE("each kind of failure has its price, and a success gives back the last", "[backoff]") {
  struct Row {
    Preset preset;
    FailureKind kind;
    int after_retry;
    int after_success;
  };

  const auto row = GENERATE(values<Row>({
      {Preset::kSdkStandard2026, FailureKind::kTransient, 86, 100},
      {Preset::kSdkStandard2026, FailureKind::kTimeout, 86, 100},
      {Preset::kSdkStandard2026, FailureKind::kThrottle, 95, 100},
      {Preset::kSdkGo2026, FailureKind::kTransient, 86, 100},
      {Preset::kSdkJava2026, FailureKind::kTimeout, 86, 100},
      {Preset::kSdkJs2026, FailureKind::kThrottle, 95, 100},
      {Preset::kSdkAdaptive, FailureKind::kTransient, 86, 100},
      {Preset::kSdkStandardV1, FailureKind::kTransient, 95, 100},
      {Preset::kSdkStandardV1, FailureKind::kTimeout, 90, 100},
      {Preset::kSdkStandardV1, FailureKind::kThrottle, 95, 100},
      {Preset::kSdkGoV1, FailureKind::kTransient, 95, 101},
      {Preset::kSdkGoV1, FailureKind::kTimeout, 90, 101},
  }));
  CAPTURE(static_cast<int>(row.preset), static_cast<int>(row.kind));
  const RetrySettings settings = settings_of(row.preset);
  RetryQuota quota(*settings.quota, 100);
  Retry retry(settings, &quota, kNow);
  CHECK(fail(retry, row.kind).has_value());
  CHECK(quota.available() == row.after_retry);
  retry.on_success();
  CHECK(quota.available() == row.after_success);
}

TEST_CASE("a success at once adds a token, never beyond the capacity", "[backoff]") {
  const RetrySettings settings = settings_of(Preset::kSdkStandard2026);
  RetryQuota quota(*settings.quota, 499);
  for (int i = 0; i < 3; ++i) Retry(settings, &quota, kNow).on_success();
  CHECK(quota.available() == 500);
}

TEST_CASE("without enough tokens there is no retry, and none is taken", "[backoff]") {
  const RetrySettings settings = settings_of(Preset::kSdkStandard2026);
  RetryQuota quota(*settings.quota, 13);
  Retry transient(settings, &quota, kNow);
  CHECK(fail(transient, FailureKind::kTransient) == std::unexpected(GaveUp::kQuota));
  CHECK(quota.available() == 13);
  Retry throttled(settings, &quota, kNow);
  CHECK(fail(throttled, FailureKind::kThrottle).has_value());
  CHECK(quota.available() == 8);
}

TEST_CASE("a server's hint may lengthen a delay by five seconds, never shorten it", "[backoff]") {
  struct Row {
    Preset preset;
    Duration hint;
    Duration delay;
  };

  const auto row = GENERATE(values<Row>({
      {Preset::kSdkStandard2026, 200ms, 500ms},
      {Preset::kSdkStandard2026, 3s, 3s},
      {Preset::kSdkStandard2026, 1h, 5500ms},
      {Preset::kSdkAdaptive, 3s, 3s},
      {Preset::kSdkGo2026, 1h, 5500ms},
      {Preset::kSdkJava2026, 1h, 5500ms},
      {Preset::kSdkJs2026, 1h, 5500ms},
      {Preset::kSdkJs2026, 5500ms, 5500ms},
  }));
  CAPTURE(static_cast<int>(row.preset), row.hint);
  const RetrySettings settings = settings_of(row.preset);
  Retry retry(settings, nullptr, kNow);
  CHECK(retry.on_failure(FailureKind::kThrottle, row.hint, 0.5, kNow) == row.delay);
}

TEST_CASE("no attempt begins after the total time, and the quota is left alone", "[backoff]") {
  RetrySettings settings = settings_of(Preset::kSdkStandardV1);
  settings.total_timeout = 2s;
  RetryQuota quota(*settings.quota);
  Retry retry(settings, &quota, kNow);
  CHECK(retry.on_failure(FailureKind::kTransient, {}, 0.5, kNow + 1s) == 500ms);
  CHECK(quota.available() == 495);
  CHECK(retry.on_failure(FailureKind::kTransient, {}, 0.5, kNow + 1s) ==
        std::unexpected(GaveUp::kTotalTimeout));
  CHECK(quota.available() == 495);
}

TEST_CASE("a decorrelated client remembers its delay within a call, not beyond", "[backoff]") {
  RetrySettings settings = settings_of(Preset::kSdkStandardV1);
  settings.delay.kind = DelayKind::kDecorrelated;
  for (int call = 0; call < 2; ++call) {
    Retry retry(settings, nullptr, kNow);
    CHECK(fail(retry, FailureKind::kTransient) == 2s);
    CHECK(fail(retry, FailureKind::kTransient) == 3500ms);
  }
}
