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
      {Preset::kSdkGo2026, FailureKind::kTransient, {25ms, 50ms}},
      {Preset::kSdkGo2026, FailureKind::kThrottle, {500ms, 1s}},
      {Preset::kSdkJava2026, FailureKind::kTimeout, {25ms, 50ms}},
      {Preset::kSdkJava2026, FailureKind::kThrottle, {500ms, 1s}},
      {Preset::kSdkJs2026, FailureKind::kTransient, {25ms, 50ms}},
      {Preset::kSdkJs2026, FailureKind::kThrottle, {500ms, 1s}},
      {Preset::kSdkStandardV1, FailureKind::kTransient, {500ms, 1s}},
      {Preset::kSdkStandardV1, FailureKind::kThrottle, {500ms, 1s}},
      {Preset::kSdkGoV1, FailureKind::kTransient, {1s, 2s}},
      {Preset::kSdkGoV1, FailureKind::kThrottle, {1s, 2s}},
      {Preset::kSdkBotocoreLegacy, FailureKind::kTransient, {500ms, 1s, 2s, 4s}},
      {Preset::kSdkCppLegacy,
       FailureKind::kTransient,
       {0s, 50ms, 100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 6400ms, 12800ms}},
      {Preset::kSdkBotocoreLegacy, FailureKind::kThrottle, {500ms, 1s, 2s, 4s}},
      {Preset::kSdkCppLegacy,
       FailureKind::kThrottle,
       {0s, 50ms, 100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 6400ms, 12800ms}},
      {Preset::kNone, FailureKind::kTransient, {}},
      {Preset::kNone, FailureKind::kThrottle, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(static_cast<int>(row.preset), static_cast<int>(row.kind));
    CHECK(delays_of(settings_of(row.preset), row.kind) == row.delays);
  }
}

TEST_CASE("the SDKs of 2026 differ in what they read and how long they wait for it", "[backoff]") {
  struct Row {
    Preset preset;
    bool retry_non_xml_5xx;
    ServerHints hints;
    std::optional<Duration> attempt_timeout;
  };

  const std::vector<Row> rows{
      {Preset::kSdkStandard2026, false, ServerHints::kAmz, 60s},
      {Preset::kSdkAdaptive, false, ServerHints::kAmz, 60s},
      {Preset::kSdkGo2026, true, ServerHints::kAmz, std::nullopt},
      {Preset::kSdkJava2026, true, ServerHints::kAmz, 30s},
      {Preset::kSdkJs2026, true, ServerHints::kAmzAndHttp, std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(static_cast<int>(row.preset));
    const RetrySettings settings = settings_of(row.preset);
    CHECK(settings.max_attempts == 3);
    CHECK(settings.quota == QuotaRule{});
    CHECK(settings.classification.retry_429);
    CHECK(settings.classification.retry_non_xml_5xx == row.retry_non_xml_5xx);
    CHECK(settings.hints == row.hints);
    CHECK(settings.attempt_timeout == row.attempt_timeout);
  }
}

TEST_CASE("hints can be switched off and on, and no client learns to read more", "[backoff]") {
  const auto hints = [](Preset preset, bool server_hints) {
    return settings_of({.preset = preset, .server_hints = server_hints}).hints;
  };
  CHECK(hints(Preset::kSdkJs2026, false) == ServerHints::kNone);
  CHECK(hints(Preset::kSdkJs2026, true) == ServerHints::kAmzAndHttp);
  CHECK(hints(Preset::kSdkStandard2026, true) == ServerHints::kAmz);
  CHECK(hints(Preset::kSdkGoV1, true) == ServerHints::kAmz);
}

TEST_CASE("each kind of delay is drawn by a client as it is written", "[backoff]") {
  struct Row {
    DelayKind kind;
    Delays transient;  // base 1 s, at most 3 s, u = 0.5
  };

  const std::vector<Row> rows{
      {DelayKind::kNone, {1s, 2s, 3s, 3s}},
      {DelayKind::kFull, {500ms, 1s, 1500ms, 1500ms}},
      {DelayKind::kEqual, {750ms, 1500ms, 2250ms, 2250ms}},
      {DelayKind::kDecorrelated, {2s, 3s, 3s, 3s}},
      {DelayKind::kFullBelowMax, {500ms, 1s, 3s, 3s}},
  };
  for (const Row& row : rows) {
    CAPTURE(static_cast<int>(row.kind));
    const auto settings = settings_of(
        {.max_attempts = 5, .kind = row.kind, .base = Duration(1s), .max_backoff = Duration(3s)});
    CHECK(delays_of(settings, FailureKind::kTransient) == row.transient);
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
