#include "src/ec2/failure_kind.h"

#include <algorithm>
#include <cassert>
#include <charconv>

namespace casim::ec2 {
namespace {

using backoff::Classification;
using backoff::ClassifyBy;
using backoff::FailureKind;

template <class... Values>
bool is_any_of(int status, Values... values) {
  return ((status == values) || ...);
}

bool has_throttle_name(const AttemptError& error) {
  const std::optional<ErrorCode> code = error.code.known();
  return code && info_of(*code).retry == SdkRetry::kThrottle;
}

FailureKind kind_by_status(const AttemptError& error, const Classification& rule) {
  if (has_throttle_name(error)) return FailureKind::kThrottle;
  const std::optional<ErrorCode> code = error.code.known();
  if (code && info_of(*code).retry == SdkRetry::kTransient) return FailureKind::kTransient;
  const int status = status_of(error);
  if (status == 429 && rule.retry_429) return FailureKind::kThrottle;
  const bool is_transient = is_any_of(status, 500, 502, 503, 504);
  return is_transient ? FailureKind::kTransient : FailureKind::kFinal;
}

// On 400 it knows five names; RequestLimitExceeded is listed for 503 only.
FailureKind kind_by_legacy_status(const AttemptError& error) {
  constexpr ErrorCode kNamesOn400[] = {
      ErrorCode::kThrottling, ErrorCode::kThrottlingException, ErrorCode::kThrottledException,
      ErrorCode::kRequestThrottledException, ErrorCode::kProvisionedThroughputExceededException};
  const int status = status_of(error);
  const bool is_named = status == 400 && std::ranges::any_of(kNamesOn400, [&](ErrorCode code) {
                          return error.code == code;
                        });
  if (!is_named && !is_any_of(status, 429, 500, 502, 503, 504, 509)) {
    return FailureKind::kFinal;
  }
  return has_throttle_name(error) || status == 429 ? FailureKind::kThrottle
                                                   : FailureKind::kTransient;
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

// Of a body that is XML: its name alone decides, and one that the SDK does not know is final.
FailureKind kind_by_name(const AttemptError& error, const Classification& rule) {
  const std::string_view name = error.code.text();
  if (is_one_of(name, {"InternalError", "InternalFailure", "InternalFailureException",
                       "InternalServerError", "ServiceUnavailable", "ServiceUnavailableError",
                       "ServiceUnavailableException", "RequestTimeout", "RequestTimeoutException",
                       "RequestExpired", "RequestExpiredException", "RequestTimeTooSkewed",
                       "RequestTimeTooSkewedException", "ExpiredToken", "InvalidToken"})) {
    return FailureKind::kTransient;
  }
  if (is_one_of(name,
                {"Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
                 "RequestThrottledException", "SlowDown", "SlowDownException"})) {
    return FailureKind::kThrottle;
  }
  const bool is_throttle = rule.knows_names_of_2026 && has_throttle_name(error);
  return is_throttle || (error.http_status == 429 && rule.retry_429) ? FailureKind::kThrottle
                                                                     : FailureKind::kFinal;
}

FailureKind kind_without_name(const AttemptError& error) {
  const bool is_transient =
      error.http_status >= 500 || is_any_of(error.http_status, 408, 419, 429, 440);
  return is_transient ? FailureKind::kTransient : FailureKind::kFinal;
}

constexpr Duration kYear = std::chrono::hours(24 * 365);

// Of digits only; more than `most` is that.
std::optional<std::int64_t> whole_number(std::string_view text, std::int64_t most) {
  const bool is_number =
      !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number) return std::nullopt;
  std::int64_t number = 0;
  const std::from_chars_result read =
      std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec != std::errc() || number > most ? most : number;
}

// The client has learnt the time of the refusal, and the same call is signed rightly next.
bool is_corrected(const AttemptError& error, backoff::ClockCorrection correction) {
  constexpr Duration kNoticed = std::chrono::minutes(4);
  if (error.clock_difference <= kNoticed) return false;
  switch (correction) {
    case backoff::ClockCorrection::kNever:
      return false;
    case backoff::ClockCorrection::kAuthFailure:
      return error.code == ErrorCode::kAuthFailure;
    case backoff::ClockCorrection::kAny:
      return error.code == ErrorCode::kAuthFailure || error.code == ErrorCode::kRequestExpired;
  }
  assert(false && "not a ClockCorrection");
  return false;
}

}  // namespace

bool is_readable(const AttemptError& error, const Classification& rule) {
  if (error.fault != Fault::kNone || rule.by == ClassifyBy::kName) return true;
  switch (error.body) {
    case BodyForm::kXml:
      return true;
    case BodyForm::kEmpty:
      return error.http_status >= 500;
    case BodyForm::kOther:
      return error.http_status >= 500 && rule.retry_non_xml_5xx;
  }
  assert(false && "not a BodyForm");
  return true;
}

FailureKind failure_kind_of(const AttemptError& error, const Classification& rule) {
  switch (error.fault) {
    case Fault::kNone:
      break;
    case Fault::kReset:
    // Not every SDK tries these again (ec2.md 9): our client does, since the call may have had its
    // effect.
    case Fault::kIncompleteReply:
      return FailureKind::kTransient;
    case Fault::kConnectTimeout:
    case Fault::kReadTimeout:
      return FailureKind::kTimeout;
  }
  if (!is_readable(error, rule)) return FailureKind::kFinal;
  if (is_corrected(error, rule.clock_correction)) return FailureKind::kTransient;
  switch (rule.by) {
    case ClassifyBy::kStatus:
      return kind_by_status(error, rule);
    case ClassifyBy::kLegacyStatus:
      return kind_by_legacy_status(error);
    case ClassifyBy::kName:
      return error.body == BodyForm::kXml ? kind_by_name(error, rule) : kind_without_name(error);
  }
  assert(false && "not a ClassifyBy");
  return FailureKind::kFinal;
}

int status_of(const AttemptError& error) {
  if (error.http_status != 200) return error.http_status;
  const std::optional<ErrorCode> code = error.code.known();
  const int usual = code ? info_of(*code).http_status : 0;
  return usual == 0 ? 400 : usual;
}

std::optional<Duration> hint_of(const AttemptError& error, backoff::ServerHints hints) {
  switch (hints) {
    case backoff::ServerHints::kNone:
      return std::nullopt;
    case backoff::ServerHints::kAmz:
      return error.retry_after;
    case backoff::ServerHints::kAmzAndHttp:
      return error.retry_after ? error.retry_after : error.http_retry_after;
  }
  assert(false && "not a ServerHints");
  return std::nullopt;
}

std::optional<Duration> parse_retry_after(std::string_view value) {
  const std::optional<std::int64_t> ms = whole_number(value, kYear / std::chrono::milliseconds(1));
  if (!ms) return std::nullopt;
  return std::chrono::milliseconds(*ms);
}

std::optional<Duration> parse_http_retry_after(std::string_view value) {
  const std::optional<std::int64_t> s = whole_number(value, kYear / std::chrono::seconds(1));
  if (!s) return std::nullopt;
  return std::chrono::seconds(*s);
}

}  // namespace casim::ec2
