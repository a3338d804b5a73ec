#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

// Twelve machines, each by a call of its own, through a bucket of two calls and one more each other
// second.
Scenario throttled(backoff::RetryConfig retry = {}) {
  Scenario s = small_scenario(60);
  s.ec2.throttle.run_requests = {2, 0.5};
  s.provider.launch_batch = 1;
  s.provider.retry = retry;
  return s;
}

const Ec2Retries& launches(const Ran& ran) {
  return ran.summary.activity.ec2_retries.at("RunInstances");
}

}  // namespace

TEST_CASE("throttled launches wait until they pass, and no slot fails", "[scenario]") {
  const backoff::Preset preset = GENERATE(
      backoff::Preset::kSdkStandard2026, backoff::Preset::kSdkGo2026, backoff::Preset::kSdkJava2026,
      backoff::Preset::kSdkJs2026, backoff::Preset::kSdkStandardV1, backoff::Preset::kSdkGoV1,
      backoff::Preset::kSdkBotocoreLegacy, backoff::Preset::kSdkCppLegacy,
      backoff::Preset::kSdkAdaptive, backoff::Preset::kNone);
  CAPTURE(static_cast<int>(preset));
  const Ran ran = run_whole(throttled({.preset = preset}));
  const Activity& activity = ran.summary.activity;
  CHECK(ran.summary.pods.completed == 60);
  CHECK(activity.slot_failures.empty());
  CHECK(activity.ec2_calls.at("RunInstances").at("RequestLimitExceeded") > 5);
  const Ec2Retries& retries = launches(ran);
  // C++ of old does not know the name, and one attempt is one attempt: the provider waits itself.
  const bool is_by_provider =
      preset == backoff::Preset::kSdkCppLegacy || preset == backoff::Preset::kNone;
  CHECK((retries.retries == 0) == is_by_provider);
  CHECK((retries.limiter_wait > 0s) == (preset == backoff::Preset::kSdkAdaptive));
  CHECK(retries.calls_again + retries.retries ==
        activity.ec2_calls.at("RunInstances").at("RequestLimitExceeded"));
}

TEST_CASE("each wait of the provider's client is a fact, and the summary adds them up",
          "[scenario]") {
  const Ran ran = run_whole(throttled());
  double backoff_s = 0;
  for (const auto& fact : facts_named(ran.facts, "Ec2CallDelayed")) {
    CHECK(fact.at("action") == "RunInstances");
    CHECK(fact.at("error") == "RequestLimitExceeded");
    backoff_s += fact.at("length").get<double>();
  }
  CHECK(backoff_s > 0);
  const SummaryValues values = values_of(ran.summary);
  CHECK(*values.at("ec2.client.{action}.backoff_s").find("RunInstances")->as_double() ==
        Approx(backoff_s));
  CHECK(*values.at("ec2.client.{action}.attempts").find("RunInstances")->as_int64() ==
        launches(ran).attempts);
}

TEST_CASE("an outage shorter than the provider's patience costs no slot", "[scenario]") {
  Scenario s = small_scenario(10);
  s.ec2.throttle.unlimited = true;
  Ec2OutageFault outage;
  outage.times.at = 30s;
  outage.times.length = 45s;
  s.faults.emplace_back(outage);
  s.provider.relaunch.transient_for = GENERATE(Duration(1min), Duration(0s));
  const Ran ran = run_whole(s);
  CHECK(ran.summary.pods.completed == 10);
  CHECK(ran.summary.activity.slot_failures.empty() ==
        (s.provider.relaunch.transient_for == Duration(1min)));
}
