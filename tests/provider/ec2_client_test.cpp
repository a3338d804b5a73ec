#include "src/provider/ec2_client.h"

#include <cmath>
#include <memory>
#include <optional>
#include <vector>

#include "sim/kernel/kernel.h"
#include "src/async/task_scope.h"
#include "src/backoff/preset.h"
#include "tests/catch.h"
#include "tests/provider/fake_ec2.h"

using namespace casim;
using namespace casim::provider;
using namespace std::chrono_literals;

namespace {

class Waits : public Ec2Observer {
 public:
  void on_wait(const Ec2Wait& wait) override { all.push_back(wait); }

  std::vector<Ec2Wait> all;
};

using Described = ec2::Attempt<ec2::DescribeInstancesReply>;

class ClientWorld {
 public:
  explicit ClientWorld(const backoff::RetryConfig& config = {}, const RateLimits& limits = {})
      : client({ec2, clock, random, waits}, settings_of(config), limits) {}

  ~ClientWorld() {
    scope.cancel();
    kernel.settle();
  }

  // A DescribeInstances, which may be under way still when time stops.
  std::shared_ptr<std::optional<Described>> begin(std::uint64_t key = 1) {
    auto answer = std::make_shared<std::optional<Described>>();
    scope.spawn(describe(*this, key, answer));
    return answer;
  }

  Described call(std::uint64_t key = 1) {
    const auto answer = begin(key);
    kernel.run(kTimeNever, 1'000'000);
    return **answer;
  }

  Duration now() const { return kernel.now() - kTimeZero; }

  sim::Kernel kernel{WallTime{}};
  Clock& clock = kernel.clock(sim::Phase::kWorld);
  Random random{5};
  FakeEc2 ec2{clock, kernel.executor()};
  Waits waits;
  TaskScope scope{kernel.executor()};
  Ec2Client client;

 private:
  static Awaitable<void> describe(ClientWorld& world, std::uint64_t key,
                                  std::shared_ptr<std::optional<Described>> answer) {
    ec2::DescribeInstancesRequest request;
    request.filters.push_back({"tag:casim:cluster", {"test"}});
    request.max_results = 5;
    Jitter jitter{.key = key};
    Described described = co_await world.client.send(std::move(request), jitter);
    *answer = std::move(described);
  }
};

}  // namespace

TEST_CASE("a call makes the attempts of its preset and tells each wait", "[provider]") {
  ClientWorld world;
  world.ec2.describe_errors = {ec2_error("RequestLimitExceeded", 503),
                               ec2_error("Unavailable", 503)};
  CHECK(world.call().has_value());
  CHECK(world.ec2.describes.size() == 3);
  REQUIRE(world.waits.all.size() == 2);
  CHECK(world.waits.all[0].action == ec2::Action::kDescribeInstances);
  CHECK(world.waits.all[0].why == Ec2Wait::Why::kRetry);
  CHECK(world.waits.all[0].error == "RequestLimitExceeded");
  CHECK(world.waits.all[0].length == from_seconds(world.random.uniform("provider.retry", 1, 1)));
  CHECK(world.waits.all[1].length ==
        from_seconds(0.1 * world.random.uniform("provider.retry", 1, 2)));
  CHECK(world.now() == 2 * 500ms + 1s + world.waits.all[0].length + world.waits.all[1].length);
}

TEST_CASE("the last error is the answer", "[provider]") {
  ClientWorld world;
  world.ec2.describe_errors.assign(3, ec2_error("Unavailable", 503));
  const Described answer = world.call();
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().code == ec2::ErrorCode::kUnavailable);
}

TEST_CASE("all calls of a client pay from one quota", "[provider]") {
  ClientWorld world({.quota = 30});
  world.ec2.describe_errors.assign(100, ec2_error("Unavailable", 503));
  std::vector<std::size_t> attempts;
  for (std::uint64_t key = 0; key < 3; ++key) {
    const std::size_t before = world.ec2.describes.size();
    CHECK_FALSE(world.call(key).has_value());
    attempts.push_back(world.ec2.describes.size() - before);
  }
  CHECK(attempts == std::vector<std::size_t>{3, 1, 1});  // 30 = 2 x 14 + 2
}

TEST_CASE("an attempt without reply in time has failed, and the next one may succeed",
          "[provider]") {
  ClientWorld world({.attempt_timeout = Duration(2s)});
  world.ec2.latency = 5s;
  const auto answer = world.begin();
  world.kernel.run(kTimeZero + 1500ms, 1'000'000);
  world.ec2.latency = 1s;
  world.kernel.run(kTimeNever, 1'000'000);
  REQUIRE(world.waits.all.size() == 1);
  CHECK(world.waits.all[0].error == "ReadTimeout");
  REQUIRE(answer->has_value());
  CHECK((*answer)->has_value());
  CHECK(world.ec2.describes.size() == 2);
}

TEST_CASE("a client that is cancelled unwinds, in an attempt and in a wait", "[provider]") {
  const Duration when = GENERATE(Duration(250ms), Duration(510ms));
  ClientWorld world({.base = Duration(1h), .max_backoff = Duration(2h)});
  world.ec2.describe_errors.assign(1, ec2_error("Unavailable", 503));
  const auto answer = world.begin();
  world.kernel.run(kTimeZero + when, 1'000'000);
  world.scope.cancel();
  world.kernel.settle();
  CHECK(world.scope.empty());
  CHECK_FALSE(answer->has_value());
}

TEST_CASE("a client keeps to the rate that it is given, retries included", "[provider]") {
  ClientWorld world({.base = Duration(1ms), .max_backoff = Duration(1ms)},
                    {{ec2::Action::kDescribeInstances, {.rate = 0.5, .burst = 2}}});
  world.ec2.describe_errors = {ec2_error("Unavailable", 503)};
  std::vector<std::shared_ptr<std::optional<Described>>> answers;
  for (std::uint64_t key = 0; key < 3; ++key) answers.push_back(world.begin(key));
  world.kernel.run(kTimeNever, 1'000'000);
  for (const auto& answer : answers) CHECK((answer->has_value() && (*answer)->has_value()));
  REQUIRE(world.ec2.describes.size() == 4);
  std::vector<Duration> turns;
  for (const Ec2Wait& wait : world.waits.all) {
    if (wait.why == Ec2Wait::Why::kTurn) turns.push_back(wait.length);
  }
  REQUIRE(turns.size() == 2);
  CHECK(turns[0] == Duration(2s));  // the third call
  CHECK(turns[1] > Duration(3s));   // the retry, which comes in the first second
  CHECK(turns[1] < Duration(4s));
}

TEST_CASE("calls of other actions do not take turns", "[provider]") {
  ClientWorld world({}, {{ec2::Action::kRunInstances, {.rate = 0.001, .burst = 1}}});
  for (std::uint64_t key = 0; key < 5; ++key) CHECK(world.call(key).has_value());
  CHECK(world.waits.all.empty());
}

TEST_CASE("once throttled, an adaptive client waits for tokens of its own", "[provider]") {
  ClientWorld world({.preset = backoff::Preset::kSdkAdaptive});
  world.ec2.describe_errors = {ec2_error("RequestLimitExceeded", 503)};
  CHECK(world.call().has_value());
  REQUIRE(world.waits.all.size() == 2);
  CHECK(world.waits.all[0].why == Ec2Wait::Why::kRetry);
  CHECK(world.waits.all[1].why == Ec2Wait::Why::kLimiter);
  // The answer came at 0.5 s, in the half second after the first: 1 / 0.5 s, smoothed by 0.8, and
  // 0.7 of that; half a token was there.
  const double rate = 0.7 * 0.8 * (1 / 0.5);
  const double slept = to_seconds(world.waits.all[0].length);
  const double expected = (1 - 0.5 - slept * rate) / rate;
  CHECK(to_seconds(world.waits.all[1].length) == Approx(expected).margin(1e-6));
}

TEST_CASE("a wait at the limiter follows the rate that another call's answer sets", "[provider]") {
  ClientWorld world({.preset = backoff::Preset::kSdkAdaptive});
  world.ec2.describe_errors = {ec2_error("RequestLimitExceeded", 503)};
  // By hand: throttled at 0.5 s, asked for a token after the retry's delay, and again when the
  // other call is answered, halfway through the wait.
  backoff::AdaptiveLimiter limiter(0);
  CHECK(limiter.take(0) == 0);
  CHECK(limiter.take(0.25) == 0);
  limiter.on_answer(true, 0.5);
  const double asked = 0.5 + world.random.uniform("provider.retry", 1, 1);
  const double planned = limiter.take(asked);
  REQUIRE(planned > 0);
  const double answered = asked + planned / 2;
  limiter.on_answer(false, answered);
  const double waited = answered + limiter.take(answered) - asked;
  REQUIRE(std::abs(waited - planned) > 0.01);

  const auto first = world.begin(1);
  world.kernel.run(kTimeZero + 250ms, 1'000'000);
  world.ec2.latency = from_seconds(answered - 0.25);
  const auto second = world.begin(2);
  world.kernel.run(kTimeNever, 1'000'000);
  CHECK((first->has_value() && second->has_value()));
  REQUIRE(world.waits.all.size() == 2);
  REQUIRE(world.waits.all[1].why == Ec2Wait::Why::kLimiter);
  CHECK(to_seconds(world.waits.all[1].length) == Approx(waited).margin(1e-6));
}

TEST_CASE("a client that is cancelled at the limiter unwinds", "[provider]") {
  ClientWorld world({.preset = backoff::Preset::kSdkAdaptive});
  world.ec2.describe_errors = {ec2_error("RequestLimitExceeded", 503)};
  const auto answer = world.begin();
  while (world.waits.all.empty()) world.kernel.run(kTimeNever, 1);
  world.kernel.run(world.kernel.now() + world.waits.all[0].length + 1ms, 1'000'000);
  world.scope.cancel();
  world.kernel.settle();
  CHECK(world.scope.empty());
  CHECK_FALSE(answer->has_value());
}
