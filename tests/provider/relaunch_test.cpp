#include "src/provider/relaunch.h"

#include <vector>

#include "src/provider/failure.h"
#include "tests/catch.h"
#include "tests/provider/fake_ec2.h"

using namespace casim;
using namespace casim::provider;
using namespace std::chrono_literals;

TEST_CASE("errors are sorted into what to do about them", "[provider]") {
  struct Row {
    const char* name;
    ec2::AttemptError error;
    LaunchError launch_error;
    const char* code;
  };

  ec2::AttemptError reset;
  reset.fault = ec2::Fault::kReset;
  ec2::AttemptError slow;
  slow.fault = ec2::Fault::kReadTimeout;
  ec2::AttemptError empty;
  empty.http_status = 502;
  empty.body = ec2::BodyForm::kEmpty;
  const std::vector<Row> rows{
      {"capacity, although 500", ec2_error("InsufficientInstanceCapacity", 500),
       LaunchError::kOutOfResources, "InsufficientInstanceCapacity"},
      {"quota", ec2_error("VcpuLimitExceeded", 400), LaunchError::kOutOfResources,
       "VcpuLimitExceeded"},
      {"throttled on 503", ec2_error("RequestLimitExceeded", 503), LaunchError::kThrottled,
       "RequestLimitExceeded"},
      {"throttled on 400", ec2_error("RequestLimitExceeded", 400), LaunchError::kThrottled,
       "RequestLimitExceeded"},
      {"429", ec2_error("Odd", 429), LaunchError::kThrottled, "Odd"},
      {"overload", ec2_error("Unavailable", 503), LaunchError::kTransient, "Unavailable"},
      {"request timeout", ec2_error("RequestTimeout", 400), LaunchError::kTransient,
       "RequestTimeout"},
      {"reset", reset, LaunchError::kTransient, "ConnectionReset"},
      {"read timeout", slow, LaunchError::kTransient, "ReadTimeout"},
      {"empty 502", empty, LaunchError::kTransient, "Http502"},
      {"incomplete", ec2::no_reply(ec2::Fault::kIncompleteReply), LaunchError::kTransient,
       "IncompleteReply"},
      {"overload under 200", ec2_error("Unavailable", 200), LaunchError::kTransient, "Unavailable"},
      {"bad parameter under 200", ec2_error("InvalidParameterValue", 200), LaunchError::kPermanent,
       "InvalidParameterValue"},
      {"expired", ec2_error("RequestExpired", 400), LaunchError::kTransient, "RequestExpired"},
      {"skewed", ec2_error("AuthFailure", 401), LaunchError::kTransient, "AuthFailure"},
      {"denied", ec2_error("UnauthorizedOperation", 403), LaunchError::kPermanent,
       "UnauthorizedOperation"},
      {"token reuse", ec2_error("IdempotentParameterMismatch", 400), LaunchError::kPermanent,
       "IdempotentParameterMismatch"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(launch_error_of(row.error) == row.launch_error);
    CHECK(failure_of(row.error).code == row.code);
  }
}

TEST_CASE("a throttled launch is made again for ever, a transient one for a while", "[provider]") {
  const RelaunchPolicy policy;
  Relaunch throttled(policy, kTimeZero);
  Relaunch transient(policy, kTimeZero);
  for (const Duration expected : {2s, 4s, 8s, 10s, 10s, 10s}) {  // half of 4 s, doubled, up to 20
    CHECK(throttled.delay_after(LaunchError::kThrottled, 0.5, kTimeZero + 24h) == expected);
    CHECK(transient.delay_after(LaunchError::kTransient, 0.5, kTimeZero + 59s) == expected);
  }
  CHECK_FALSE(transient.delay_after(LaunchError::kTransient, 0.5, kTimeZero + 60s));
}

TEST_CASE("a launch without capacity or hope is not made again", "[provider]") {
  const RelaunchPolicy policy;
  Relaunch relaunch(policy, kTimeZero);
  CHECK_FALSE(relaunch.delay_after(LaunchError::kOutOfResources, 0.5, kTimeZero));
  CHECK_FALSE(relaunch.delay_after(LaunchError::kPermanent, 0.5, kTimeZero));
}

TEST_CASE("the provider's delay has the kind and the maximum that it is told", "[provider]") {
  const RelaunchPolicy policy{
      .kind = backoff::DelayKind::kNone, .base = 1s, .max_backoff = 3s, .transient_for = 1h};
  Relaunch relaunch(policy, kTimeZero);
  for (const Duration expected : {1s, 2s, 3s, 3s}) {
    CHECK(relaunch.delay_after(LaunchError::kTransient, 0.1, kTimeZero) == expected);
  }
}
