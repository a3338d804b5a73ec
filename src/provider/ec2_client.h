// The provider's one client of EC2: every call with the attempts that a real SDK would make, under
// one retry quota and one rate limit. What the provider does about a call that failed for good is
// not here. Source: ec2.md 4.1, 4.4.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "src/async/gate.h"
#include "src/backoff/adaptive_limiter.h"
#include "src/backoff/retry_quota.h"
#include "src/backoff/settings.h"
#include "src/core/asio.h"
#include "src/core/clock.h"
#include "src/core/random.h"
#include "src/core/token_bucket.h"
#include "src/ec2/api.h"

namespace casim::provider {

// A wait between two attempts, as it begins; at the limiter as it ends, since its length is not
// known before.
struct Ec2Wait {
  enum class Why : std::uint8_t {
    kRetry,    // the SDK tries again
    kAgain,    // the provider makes a call again that the SDK gave up
    kTurn,     // the provider's own rate limit
    kLimiter,  // the SDK's, of its adaptive mode
  };

  ec2::Action action;
  Why why;
  std::string error;  // that is waited for, ec2::reason_of; empty: none
  Duration length;
};

// Told as it happens; never blocks, never fails.
class Ec2Observer {
 public:
  virtual ~Ec2Observer() = default;

  virtual void on_wait(const Ec2Wait&) {}
};

// Which numbers the jitter of a call takes: the n-th failure of what `key` names. Calls that share
// one draw anew.
struct Jitter {
  std::uint64_t key = 0;
  std::uint64_t failures = 0;
};

// Calls of one action, retries included: `burst` at once, `rate` a second. Below the account's own
// limits (ec2.md 3) nothing is throttled, and other clients of the account have the rest.
struct RateLimit {
  double rate = 1;  // above 0
  int burst = 1;    // at least 1
};

using RateLimits = std::map<ec2::Action, RateLimit>;

class Ec2Client {
 public:
  struct Ports {  // all outlive it
    ec2::Api& api;
    Clock& clock;
    const Random& random;
    Ec2Observer& observer;
  };

  Ec2Client(Ports ports, const backoff::RetrySettings& settings, const RateLimits& limits);

  // The answer of the last attempt. The jitter outlives the call.
  Awaitable<ec2::Attempt<ec2::AnyReply>> call(ec2::AnyRequest request, Jitter& jitter);

  template <class Request>
  Awaitable<ec2::Attempt<typename Request::Reply>> send(Request request, Jitter& jitter) {
    ec2::AnyRequest any(std::move(request));
    ec2::Attempt<ec2::AnyReply> answer = co_await call(std::move(any), jitter);
    if (!answer) co_return std::unexpected<ec2::AttemptError>(std::move(answer.error()));
    co_return ec2::reply_from<Request>(*std::move(answer));
  }

 private:
  Awaitable<ec2::Attempt<ec2::AnyReply>> attempt(ec2::AnyRequest request);
  Awaitable<void> wait_for_turn(ec2::Action action);   // by its rate limit
  Awaitable<void> wait_for_token(ec2::Action action);  // of the adaptive mode
  // So long, or until an answer has changed the rate.
  Awaitable<void> wait_at_limiter(Duration length);
  void wake_first_limited();
  double limiter_time() const;

  Ports ports_;
  const backoff::RetrySettings settings_;
  std::map<ec2::Action, TokenBucket> buckets_;
  std::optional<backoff::RetryQuota> quota_;
  TimePoint began_;
  double second_begun_;  // part of a wall second that had passed then: the limiter counts by whole
                         // ones
  std::optional<backoff::AdaptiveLimiter> limiter_;
  std::map<std::uint64_t, Gate> limited_;  // attempts that wait there, in order
  std::uint64_t next_limited_ = 0;
};

}  // namespace casim::provider
