// The retry modes of real AWS clients by name, and what a configuration may change of one.
// Source: ec2.md 4.1, 4.2, 9.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "src/backoff/settings.h"

namespace casim::backoff {

enum class Preset : std::uint8_t {
  kSdkStandard2026,    // default of the SDKs since 10 November 2026, as in botocore
  kSdkStandardV1,      // botocore's standard mode before
  kSdkGoV1,            // Go's default before
  kSdkBotocoreLegacy,  // botocore's default before, awscli v1
  kSdkCppLegacy,       // C++'s default before
  kSdkGo2026,          // Go from 1.48 on
  kSdkJava2026,        // Java from 2.58 on
  kSdkJs2026,          // JavaScript from 3.1166 on
  kSdkAdaptive,        // standard 2026 with the client's own rate limit
  kNone,               // one attempt
};

std::vector<std::pair<Preset, std::string_view>> enum_names(Preset);

RetrySettings settings_of(Preset preset);

// A preset, and whatever differs from it.
struct RetryConfig {
  Preset preset = Preset::kSdkStandard2026;
  std::optional<int> max_attempts = std::nullopt;
  std::optional<DelayKind> kind = std::nullopt;
  std::optional<Duration> base = std::nullopt;           // after transient failures
  std::optional<Duration> throttle_base = std::nullopt;  // after throttling
  std::optional<Duration> max_backoff = std::nullopt;
  std::optional<int> quota = std::nullopt;  // capacity; 0: retries are free
  std::optional<ClassifyBy> classify = std::nullopt;
  std::optional<bool> retry_429 = std::nullopt;
  std::optional<bool> retry_non_xml_5xx = std::nullopt;
  std::optional<bool> server_hints = std::nullopt;
  std::optional<ClockCorrection> clock_correction = std::nullopt;
  std::optional<bool> adaptive = std::nullopt;
  std::optional<Duration> attempt_timeout = std::nullopt;
  std::optional<Duration> total_timeout = std::nullopt;
};

RetrySettings settings_of(const RetryConfig& config);

}  // namespace casim::backoff
