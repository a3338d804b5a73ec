// What a failed attempt is to whoever may try again, and by which rule a client finds out. The
// rules themselves need the codes of a service: src/ec2/failure_kind.h. Source: ec2.md 4.1.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace casim::backoff {

enum class FailureKind : std::uint8_t {
  kFinal,      // the same request would fail again
  kTransient,  // of the service or the connection
  kTimeout,   // transient too: no connection or no reply in time, which some quotas charge more for
  kThrottle,  // too many requests
};

enum class ClassifyBy : std::uint8_t {
  kStatus,        // HTTP status, and names whatever the status: botocore and Go, standard modes
  kLegacyStatus,  // HTTP status, and a few names on 400: botocore's legacy mode
  kName,          // the name of the error; the status only where the body names none: C++
};

// What a client does about a refusal once it sees by the reply's Date that its clock is off by more
// than 4 minutes: it signs with the server's time from then on (ec2.md 1.6, 9).
enum class ClockCorrection : std::uint8_t {
  kNever,        // botocore
  kAuthFailure,  // and tries an AuthFailure again, no RequestExpired: Go
  kAny,          // and tries both again: Java, JS
};

struct Classification {
  ClassifyBy by = ClassifyBy::kStatus;
  bool retry_429 = true;           // HTTP 429 is throttling whatever its code; not of kLegacyStatus
  bool retry_non_xml_5xx = false;  // a 5xx whose body is text that is not XML; Go does
  // Of kName: the names that C++ learnt in 2026 as throttling, RequestLimitExceeded among them.
  bool knows_names_of_2026 = true;
  ClockCorrection clock_correction = ClockCorrection::kNever;

  bool operator==(const Classification&) const = default;
};

inline std::vector<std::pair<ClassifyBy, std::string_view>> enum_names(ClassifyBy) {
  return {{ClassifyBy::kStatus, "by_status"},
          {ClassifyBy::kLegacyStatus, "by_legacy_status"},
          {ClassifyBy::kName, "by_name"}};
}

inline std::vector<std::pair<ClockCorrection, std::string_view>> enum_names(ClockCorrection) {
  return {{ClockCorrection::kNever, "never"},
          {ClockCorrection::kAuthFailure, "auth_failure"},
          {ClockCorrection::kAny, "any"}};
}

}  // namespace casim::backoff
