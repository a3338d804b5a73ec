// The members of what the provider's users set, listed once: the simulator's scenarios and the
// provider's own configuration have the same names, and are read by the same code.
#pragma once

#include "src/backoff/preset.h"
#include "src/config/config.h"
#include "src/provider/relaunch.h"
#include "src/provider/types.h"

namespace casim::backoff {

void describe(config::Visitor& v, RetryConfig& retry);

}  // namespace casim::backoff

namespace casim::provider {

void describe(config::Visitor& v, GroupOptions& options);
void describe(config::Visitor& v, Taint& taint);
void describe(config::Visitor& v, RelaunchPolicy& policy);
void describe(config::Visitor& v, BatchWindow& window);

// Of a struct with an action and its limit.
template <class RateLimitOfAction>
void describe_rate_limit(config::Visitor& v, RateLimitOfAction& r) {
  v.required("action", r.action, "action of EC2 whose calls it limits");
  v.required("rate", r.limit.rate, "calls per second", config::above(0.0), config::at_most(1e6));
  v.field("burst", r.limit.burst, "calls at once", config::at_least(1), config::at_most(1'000'000));
}

// Of a struct with these members.
template <class Settings>
void describe_settings(config::Visitor& v, Settings& p) {
  using config::above;
  using config::at_least;
  using config::at_most;
  v.field("join_timeout", p.join_timeout, "after it a machine without node is reported failed",
          above(Duration{}));
  v.field("reconcile_period", p.reconcile.period, "time between two looks at EC2",
          above(Duration{}));
  v.field(
      "reconcile_max_period", p.reconcile.max_period,
      "up to which that time doubles while nothing changes; not above reconcile_period: it stays",
      at_least(Duration{}));
  v.field("reconcile_jitter", p.reconcile.jitter,
          "share by which each of these times is longer or shorter", at_least(0.0), at_most(0.99));
  v.field("clamp_decrease", p.clamp_decrease,
          "DecreaseTargetSize beyond what is unfulfilled is cut instead of refused");
  v.field("launch_batch", p.launch_batch,
          "machines of one order that one RunInstances call asks for, at most", at_least(1),
          at_most(1000));
  v.field("launch_window", p.launch_window,
          "slots of orders for one group that come within it share RunInstances calls");
  v.field("terminate_window", p.terminate_window,
          "machines to terminate that come within it share TerminateInstances calls");
  v.field("rate_limits", p.rate_limits,
          "how often its EC2 client calls at most, retries included; absent: as it likes",
          config::unique("action"));
  v.field("ice_cooldown", p.ice_cooldown,
          "how long a pool that had no capacity, or a quota that was full, is not asked again",
          at_least(Duration{}));
  v.field("retry", p.retry, "how its EC2 client tries a call again");
  v.field("relaunch", p.relaunch, "how it makes a launch again that the client gave up");
}

}  // namespace casim::provider
