#include "src/backoff/preset.h"

#include <cassert>

namespace casim::backoff {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kMax = seconds(20);
// botocore: 60 s for the connection, then 60 s for the reply (ec2.md 4.1, measured).
constexpr Duration kBotocoreTimeout = seconds(60);

RetrySettings standard_2026() {
  RetrySettings s;
  s.delay = {.kind = DelayKind::kFull, .max = kMax};
  s.transient_base = milliseconds(50);
  s.throttle_base = seconds(1);
  s.quota = QuotaRule{};
  s.hints = ServerHints::kAmz;
  s.attempt_timeout = kBotocoreTimeout;
  return s;
}

RetrySettings standard_v1() {
  RetrySettings s = standard_2026();
  s.transient_base = seconds(1);
  s.quota = QuotaRule{.transient_cost = 5, .timeout_cost = 10, .throttle_cost = 5};
  s.hints = ServerHints::kNone;
  s.classification.retry_429 = false;
  return s;
}

// By the status, whatever the body; no limit on reading (ec2.md 4.1).
RetrySettings go_2026() {
  RetrySettings s = standard_2026();
  s.classification.clock_correction = ClockCorrection::kAuthFailure;
  s.classification.retry_non_xml_5xx = true;
  s.attempt_timeout.reset();
  return s;
}

// assumed: a 5xx without XML as in Go, since both look at the status.
RetrySettings java_2026() {
  RetrySettings s = go_2026();
  s.attempt_timeout = seconds(30);  // ec2.md 9
  s.classification.clock_correction = ClockCorrection::kAny;
  return s;
}

// assumed: likewise.
RetrySettings js_2026() {
  RetrySettings s = go_2026();
  s.hints = ServerHints::kAmzAndHttp;  // ec2.md 9
  s.classification.clock_correction = ClockCorrection::kAny;
  return s;
}

RetrySettings go_v1() {
  RetrySettings s = standard_v1();
  s.delay.kind = DelayKind::kFullBelowMax;
  s.transient_base = seconds(2);
  s.throttle_base = seconds(2);
  s.quota->adds_one_after_retry = true;
  s.classification.retry_non_xml_5xx = true;
  s.classification.clock_correction = ClockCorrection::kAuthFailure;
  s.attempt_timeout.reset();
  return s;
}

RetrySettings botocore_legacy() {
  RetrySettings s = standard_v1();
  s.max_attempts = 5;
  s.delay.max.reset();
  s.quota.reset();
  s.classification.by = ClassifyBy::kLegacyStatus;
  return s;
}

RetrySettings cpp_legacy() {
  RetrySettings s;
  s.max_attempts = 11;
  s.delay = {.kind = DelayKind::kNone, .max = {}, .first_at_once = true};
  s.transient_base = milliseconds(25);
  s.throttle_base = milliseconds(25);
  s.classification = {.by = ClassifyBy::kName, .retry_429 = false, .knows_names_of_2026 = false};
  return s;
}

RetrySettings adaptive() {
  RetrySettings s = standard_2026();
  s.is_adaptive = true;
  return s;
}

RetrySettings none() {
  RetrySettings s = standard_2026();
  s.max_attempts = 1;
  s.quota.reset();
  return s;
}

template <class T>
void override_with(T& value, const std::optional<T>& other) {
  if (other) value = *other;
}

}  // namespace

std::vector<std::pair<Preset, std::string_view>> enum_names(Preset) {
  return {{Preset::kSdkStandard2026, "sdk_standard_2026"},
          {Preset::kSdkStandardV1, "sdk_standard_v1"},
          {Preset::kSdkGoV1, "sdk_go_v1"},
          {Preset::kSdkBotocoreLegacy, "sdk_botocore_legacy"},
          {Preset::kSdkCppLegacy, "sdk_cpp_legacy"},
          {Preset::kSdkGo2026, "sdk_go_2026"},
          {Preset::kSdkJava2026, "sdk_java_2026"},
          {Preset::kSdkJs2026, "sdk_js_2026"},
          {Preset::kSdkAdaptive, "sdk_adaptive"},
          {Preset::kNone, "none"}};
}

RetrySettings settings_of(Preset preset) {
  switch (preset) {
    case Preset::kSdkStandard2026:
      return standard_2026();
    case Preset::kSdkStandardV1:
      return standard_v1();
    case Preset::kSdkGoV1:
      return go_v1();
    case Preset::kSdkBotocoreLegacy:
      return botocore_legacy();
    case Preset::kSdkCppLegacy:
      return cpp_legacy();
    case Preset::kSdkGo2026:
      return go_2026();
    case Preset::kSdkJava2026:
      return java_2026();
    case Preset::kSdkJs2026:
      return js_2026();
    case Preset::kSdkAdaptive:
      return adaptive();
    case Preset::kNone:
      return none();
  }
  assert(false && "not a Preset");
  return none();
}

RetrySettings settings_of(const RetryConfig& config) {
  RetrySettings s = settings_of(config.preset);
  override_with(s.max_attempts, config.max_attempts);
  override_with(s.delay.kind, config.kind);
  override_with(s.transient_base, config.base);
  override_with(s.throttle_base, config.throttle_base);
  if (config.max_backoff) s.delay.max = config.max_backoff;
  if (config.quota) {
    if (*config.quota == 0) {
      s.quota.reset();
    } else {
      if (!s.quota) s.quota = QuotaRule{};
      s.quota->capacity = *config.quota;
    }
  }
  override_with(s.classification.by, config.classify);
  override_with(s.classification.retry_429, config.retry_429);
  override_with(s.classification.retry_non_xml_5xx, config.retry_non_xml_5xx);
  if (config.server_hints) {
    const bool reads_more = s.hints == ServerHints::kAmzAndHttp;
    s.hints = !*config.server_hints ? ServerHints::kNone
              : reads_more          ? ServerHints::kAmzAndHttp
                                    : ServerHints::kAmz;
  }
  override_with(s.classification.clock_correction, config.clock_correction);
  override_with(s.is_adaptive, config.adaptive);
  if (config.attempt_timeout) s.attempt_timeout = config.attempt_timeout;
  if (config.total_timeout) s.total_timeout = config.total_timeout;
  return s;
}

}  // namespace casim::backoff
