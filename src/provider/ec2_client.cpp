#include "src/provider/ec2_client.h"

#include <exception>
#include <optional>
#include <utility>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>

#include "src/async/run_until.h"
#include "src/backoff/retry.h"
#include "src/ec2/failure_kind.h"

namespace casim::provider {

Ec2Client::Ec2Client(Ports ports, const backoff::RetrySettings& settings, const RateLimits& limits)
    : ports_(ports), settings_(settings), began_(ports.clock.now()) {
  for (const auto& [action, limit] : limits) {
    buckets_.emplace(action, TokenBucket(limit.rate, limit.burst));
  }
  const WallTime wall = ports_.clock.wall_now();
  second_begun_ = to_seconds(wall - cut_to_second(wall));
  if (settings_.quota) quota_.emplace(*settings_.quota);
  if (settings_.is_adaptive) limiter_.emplace(limiter_time());
}

double Ec2Client::limiter_time() const {
  return second_begun_ + to_seconds(ports_.clock.now() - began_);
}

Awaitable<ec2::Attempt<ec2::AnyReply>> Ec2Client::call(ec2::AnyRequest request, Jitter& jitter) {
  const ec2::Action action = ec2::action_of(request);
  backoff::Retry retry(settings_, quota_ ? &*quota_ : nullptr, ports_.clock.now());
  while (true) {
    co_await wait_for_turn(action);
    if (limiter_) co_await wait_for_token(action);
    ec2::AnyRequest again = request;
    ec2::Attempt<ec2::AnyReply> answer = co_await attempt(std::move(again));
    const backoff::FailureKind kind =
        answer ? backoff::FailureKind::kFinal
               : ec2::failure_kind_of(answer.error(), settings_.classification);
    if (limiter_) {
      limiter_->on_answer(kind == backoff::FailureKind::kThrottle, limiter_time());
      wake_first_limited();
    }
    if (answer) {
      retry.on_success();
      co_return answer;
    }
    const double u = ports_.random.uniform("provider.retry", jitter.key, ++jitter.failures);
    const auto hint = ec2::hint_of(answer.error(), settings_.hints);
    const auto delay = retry.on_failure(kind, hint, u, ports_.clock.now());
    if (!delay) co_return answer;
    ports_.observer.on_wait({action, Ec2Wait::Why::kRetry, ec2::reason_of(answer.error()), *delay});
    co_await ports_.clock.sleep_for(*delay);
  }
}

Awaitable<ec2::Attempt<ec2::AnyReply>> Ec2Client::attempt(ec2::AnyRequest request) {
  if (!settings_.attempt_timeout) co_return co_await ports_.api.call(std::move(request));
  const TimePoint deadline = ports_.clock.now() + *settings_.attempt_timeout;
  std::optional<ec2::Attempt<ec2::AnyReply>> answer =
      co_await run_until(ports_.clock, deadline, ports_.api.call(std::move(request)));
  if (answer) co_return *std::move(answer);
  co_return std::unexpected<ec2::AttemptError>(ec2::no_reply(ec2::Fault::kReadTimeout));
}

Awaitable<void> Ec2Client::wait_for_turn(ec2::Action action) {
  const auto bucket = buckets_.find(action);
  if (bucket == buckets_.end()) co_return;
  const TimePoint now = ports_.clock.now();
  const TimePoint turn = bucket->second.reserve(now);
  if (turn == now) co_return;
  ports_.observer.on_wait({action, Ec2Wait::Why::kTurn, "", turn - now});
  co_await ports_.clock.sleep_until(turn);
}

Awaitable<void> Ec2Client::wait_for_token(ec2::Action action) {
  const TimePoint from = ports_.clock.now();
  while (const double wait = limiter_->take(limiter_time())) {
    co_await wait_at_limiter(from_seconds(wait) + Duration(1));  // rounded up
  }
  const Duration waited = ports_.clock.now() - from;
  if (waited > Duration{}) ports_.observer.on_wait({action, Ec2Wait::Why::kLimiter, "", waited});
}

Awaitable<void> Ec2Client::wait_at_limiter(Duration length) {
  using namespace asio::experimental::awaitable_operators;

  struct Leave {
    std::map<std::uint64_t, Gate>& limited;
    std::uint64_t place;

    ~Leave() { limited.erase(place); }
  };

  const Gate woken(co_await asio::this_coro::executor);
  const Leave leave{limited_, next_limited_};
  limited_.emplace(next_limited_++, woken);
  try {
    co_await (ports_.clock.sleep_for(length) || woken.wait());
  } catch (const asio::multiple_exceptions& both) {
    std::rethrow_exception(both.first_exception());  // cancelled, as one that waits alone says it
  }
}

// As botocore's condition variable: of those that wait one looks again (read).
void Ec2Client::wake_first_limited() {
  if (limited_.empty()) return;
  limited_.begin()->second.open();
  limited_.erase(limited_.begin());
}

}  // namespace casim::provider
