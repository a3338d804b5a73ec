#include "src/backoff/preset.h"

#include <vector>

#include "src/backoff/retry.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::backoff;
using namespace std::chrono_literals;

namespace {

// Of failures of one kind without end, u = 0.5.
std::vector<Duration> delays_of(const RetrySettings& settings, FailureKind kind) {
  Retry retry(settings, nullptr, kTimeZero);
  std::vector<Duration> delays;
  while (const auto delay = retry.on_failure(kind, {}, 0.5, kTimeZero)) delays.push_back(*delay);
  return delays;
}

using Delays = std::vector<Duration>;

}  // namespace

TEST_CASE("each preset makes the attempts of its SDK", "[backoff]") {
  struct Row {
    Preset preset;
    FailureKind kind;
    Delays delays;
  };

  const std::vector<Row> rows{
      {Preset::kSdkStandard2026, FailureKind::kTransient, {25ms, 50ms}},
      {Preset::kSdkStandard2026, FailureKind::kThrottle, {500ms, 1s}},
      {Preset::kSdkAdaptive, FailureKind::kTimeout, {25ms, 50ms}},
      {Preset::kSdkAdaptive, FailureKind::kThrottle, {500ms, 1s}},
      {Preset::kSdkStandardV1, FailureKind::kTransient, {500ms, 1s}},
      {Preset::kSdkStandardV1, FailureKind::kThrottle, {500ms, 1s}},
      {Preset::kSdkGoV1, FailureKind::kTransient, {1s, 2s}},
      {Preset::kSdkGoV1, FailureKind::kThrottle, {1s, 2s}},
      {Preset::kSdkBotocoreLegacy, FailureKind::kTransient, {500ms, 1s, 2s, 4s}},
      {Preset::kSdkCppLegacy,
       FailureKind::kTransient,
       {0s, 50ms, 100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 6400ms, 12800ms}},
      {Preset::kNone, FailureKind::kTransient, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(static_cast<int>(row.preset), static_cast<int>(row.kind));
    CHECK(delays_of(settings_of(row.preset), row.kind) == row.delays);
  }
}

TEST_CASE("a configuration changes what it names and nothing else", "[backoff]") {
  RetrySettings expected = settings_of(Preset::kSdkStandard2026);
  CHECK(settings_of(RetryConfig{}) == expected);
  RetryConfig config;
  config.max_attempts = 7;
  config.kind = DelayKind::kEqual;
  config.max_backoff = 3s;
  config.quota = 50;
  config.retry_429 = false;
  config.total_timeout = 1min;
  expected.max_attempts = 7;
  expected.delay.kind = DelayKind::kEqual;
  expected.delay.max = 3s;
  expected.quota->capacity = 50;
  expected.classification.retry_429 = false;
  expected.total_timeout = 1min;
  CHECK(settings_of(config) == expected);
}

TEST_CASE("a quota of zero makes retries free, and a preset without quota can be given one",
          "[backoff]") {
  CHECK_FALSE(settings_of(RetryConfig{.quota = 0}).quota);
  const auto legacy = settings_of({.preset = Preset::kSdkBotocoreLegacy, .quota = 30});
  REQUIRE(legacy.quota);
  CHECK(legacy.quota->capacity == 30);
}

TEST_CASE("a maximum caps a preset that has none", "[backoff]") {
  const auto settings = settings_of(
      {.preset = Preset::kSdkBotocoreLegacy, .max_attempts = 9, .max_backoff = Duration(3s)});
  CHECK(delays_of(settings, FailureKind::kTransient) ==
        Delays{500ms, 1s, 1500ms, 1500ms, 1500ms, 1500ms, 1500ms, 1500ms});
}
