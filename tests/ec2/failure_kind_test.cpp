#include "src/ec2/failure_kind.h"

#include <vector>

#include "src/backoff/preset.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::ec2;
using namespace std::chrono_literals;
using backoff::FailureKind;
using backoff::Preset;

namespace {

constexpr FailureKind kFinal = FailureKind::kFinal;
constexpr FailureKind kTransient = FailureKind::kTransient;
constexpr FailureKind kThrottle = FailureKind::kThrottle;
constexpr FailureKind kTimeout = FailureKind::kTimeout;

AttemptError reply(std::string_view code, int status) {
  AttemptError error;
  error.code = ReplyCode::parse(code);
  error.http_status = status;
  return error;
}

AttemptError without_code(BodyForm body, int status) {
  AttemptError error;
  error.http_status = status;
  error.body = body;
  return error;
}

FailureKind kind_for(Preset preset, const AttemptError& error) {
  return failure_kind_of(error, backoff::settings_of(preset).classification);
}

}  // namespace

TEST_CASE("each generation of SDK sorts failures its own way", "[ec2]") {
  struct Row {
    const char* what;
    AttemptError error;
    FailureKind standard_2026, standard_v1, go_v1, botocore_legacy, cpp_legacy;
  };

  const std::vector<Row> rows{
      {"server error", reply("InternalError", 500), kTransient, kTransient, kTransient, kTransient,
       kTransient},
      {"capacity", reply("InsufficientInstanceCapacity", 500), kTransient, kTransient, kTransient,
       kTransient, kFinal},
      {"capacity on 400", reply("InsufficientInstanceCapacity", 400), kFinal, kFinal, kFinal,
       kFinal, kFinal},
      {"quota", reply("VcpuLimitExceeded", 400), kFinal, kFinal, kFinal, kFinal, kFinal},
      {"EC2's throttling", reply("RequestLimitExceeded", 503), kThrottle, kThrottle, kThrottle,
       kThrottle, kFinal},
      {"the same on 400", reply("RequestLimitExceeded", 400), kThrottle, kThrottle, kThrottle,
       kFinal, kFinal},
      {"Throttling on 400", reply("Throttling", 400), kThrottle, kThrottle, kThrottle, kThrottle,
       kThrottle},
      {"PriorRequestNotComplete on 400", reply("PriorRequestNotComplete", 400), kThrottle,
       kThrottle, kThrottle, kFinal, kFinal},
      {"RequestTimeout on 400", reply("RequestTimeout", 400), kTransient, kTransient, kTransient,
       kFinal, kTransient},
      {"overload", reply("Unavailable", 503), kTransient, kTransient, kTransient, kTransient,
       kFinal},
      {"ServiceUnavailable", reply("ServiceUnavailable", 503), kTransient, kTransient, kTransient,
       kTransient, kTransient},
      {"unknown on 429", reply("Foo", 429), kThrottle, kFinal, kFinal, kThrottle, kFinal},
      {"unknown on 509", reply("Foo", 509), kFinal, kFinal, kFinal, kTransient, kFinal},
      {"expired", reply("RequestExpired", 400), kFinal, kFinal, kFinal, kFinal, kTransient},
      {"no body", without_code(BodyForm::kEmpty, 500), kTransient, kTransient, kTransient,
       kTransient, kTransient},
      {"a page", without_code(BodyForm::kXml, 502), kTransient, kTransient, kTransient, kTransient,
       kFinal},
      {"some text", without_code(BodyForm::kOther, 502), kFinal, kFinal, kTransient, kFinal,
       kTransient},
      {"no body on 400", without_code(BodyForm::kEmpty, 400), kFinal, kFinal, kFinal, kFinal,
       kFinal},
      {"incomplete", no_reply(Fault::kIncompleteReply), kTransient, kTransient, kTransient,
       kTransient, kTransient},
      {"overload under 200", reply("Unavailable", 200), kTransient, kTransient, kTransient,
       kTransient, kFinal},
      {"throttling under 200", reply("RequestLimitExceeded", 200), kThrottle, kThrottle, kThrottle,
       kThrottle, kFinal},
      {"unknown under 200", reply("Foo", 200), kFinal, kFinal, kFinal, kFinal, kFinal},
      {"reset", no_reply(Fault::kReset), kTransient, kTransient, kTransient, kTransient,
       kTransient},
      {"no reply", no_reply(Fault::kReadTimeout), kTimeout, kTimeout, kTimeout, kTimeout, kTimeout},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(kind_for(Preset::kSdkStandard2026, row.error) == row.standard_2026);
    CHECK(kind_for(Preset::kSdkAdaptive, row.error) == row.standard_2026);
    CHECK(kind_for(Preset::kSdkStandardV1, row.error) == row.standard_v1);
    CHECK(kind_for(Preset::kSdkGoV1, row.error) == row.go_v1);
    CHECK(kind_for(Preset::kSdkBotocoreLegacy, row.error) == row.botocore_legacy);
    CHECK(kind_for(Preset::kSdkCppLegacy, row.error) == row.cpp_legacy);
  }
}

TEST_CASE("Go, Java and JavaScript of 2026 look at the status, whatever the body", "[ec2]") {
  const Preset preset = GENERATE(Preset::kSdkGo2026, Preset::kSdkJava2026, Preset::kSdkJs2026);
  CAPTURE(static_cast<int>(preset));
  CHECK(kind_for(preset, reply("Foo", 429)) == kThrottle);
  CHECK(kind_for(preset, without_code(BodyForm::kOther, 502)) == kTransient);
  CHECK(kind_for(preset, reply("RequestExpired", 400)) == kFinal);
}

TEST_CASE("an error document under 200 has the status of its code", "[ec2]") {
  CHECK(status_of(reply("Unavailable", 200)) == 503);
  CHECK(status_of(reply("UnfulfillableCapacity", 200)) == 400);  // of no reply
  CHECK(status_of(reply("Foo", 200)) == 400);
  CHECK(status_of(reply("Foo", 500)) == 500);
  CHECK(status_of(no_reply(Fault::kReset)) == 0);
}

TEST_CASE("a client heeds the hints that it reads", "[ec2]") {
  using backoff::ServerHints;
  AttemptError both;
  both.retry_after = 1500ms;
  both.http_retry_after = 7s;
  AttemptError http;
  http.http_retry_after = 7s;
  CHECK_FALSE(hint_of(both, ServerHints::kNone));
  CHECK(hint_of(both, ServerHints::kAmz) == Duration(1500ms));
  CHECK(hint_of(both, ServerHints::kAmzAndHttp) == Duration(1500ms));
  CHECK_FALSE(hint_of(http, ServerHints::kAmz));
  CHECK(hint_of(http, ServerHints::kAmzAndHttp) == Duration(7s));
}

TEST_CASE("Retry-After is whole seconds", "[ec2]") {
  CHECK(parse_http_retry_after("120") == Duration(2min));
  CHECK(parse_http_retry_after("99999999999") == Duration(24h * 365));
  for (const char* bad : {"", "-5", "1.5", "Wed, 21 Oct 2026 07:28:00 GMT"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_http_retry_after(bad));
  }
}

TEST_CASE("C++ of 2026 knows EC2's names of throttling", "[ec2]") {
  const auto rule =
      backoff::settings_of({.classify = backoff::ClassifyBy::kName, .retry_429 = false})
          .classification;
  CHECK(failure_kind_of(reply("RequestLimitExceeded", 503), rule) == kThrottle);
  CHECK(failure_kind_of(reply("EC2ThrottledException", 400), rule) == kThrottle);
  CHECK(failure_kind_of(reply("InsufficientInstanceCapacity", 500), rule) == kFinal);
  CHECK(failure_kind_of(reply("Foo", 429), rule) == kFinal);
}

TEST_CASE("a hint is a whole number of milliseconds", "[ec2]") {
  CHECK(parse_retry_after("1500") == Duration(1500ms));
  CHECK(parse_retry_after("0") == Duration(0ms));
  CHECK(parse_retry_after("99999999999999999999") == Duration(24h * 365));
  for (const char* bad : {"", "-5", "1.5", "soon", "10 s"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_retry_after(bad));
  }
}

TEST_CASE("a client that sees its clock off tries again what it then signs rightly", "[ec2]") {
  AttemptError auth = reply("AuthFailure", 401);
  AttemptError expired = reply("RequestExpired", 400);
  for (AttemptError* error : {&auth, &expired}) error->clock_difference = 5min;
  for (const Preset preset : {Preset::kSdkGo2026, Preset::kSdkGoV1}) {
    CHECK(kind_for(preset, auth) == kTransient);
    CHECK(kind_for(preset, expired) == kFinal);
  }
  for (const Preset preset : {Preset::kSdkJava2026, Preset::kSdkJs2026}) {
    CHECK(kind_for(preset, auth) == kTransient);
    CHECK(kind_for(preset, expired) == kTransient);
  }
  for (const Preset preset : {Preset::kSdkStandard2026, Preset::kSdkBotocoreLegacy}) {
    CHECK(kind_for(preset, auth) == kFinal);
    CHECK(kind_for(preset, expired) == kFinal);
  }
  auth.clock_difference = 3min;  // not off, so it is the key that is wrong
  CHECK(kind_for(Preset::kSdkGo2026, auth) == kFinal);
}
