// What the provider does about a launch that the SDK gave up: make the call again after a wait of
// its own, ask another pool, or let the slot fail. Source: ec2.md 2, design section 4.
#pragma once

#include <cstdint>
#include <optional>

#include "src/backoff/delay.h"
#include "src/core/time.h"
#include "src/ec2/attempt.h"

namespace casim::provider {

enum class LaunchError : std::uint8_t {
  kThrottled,       // later, however often: the autoscaler need not know
  kTransient,       // later, for a while
  kOutOfResources,  // not here: another pool may have it
  kPermanent,       // never
};

// Lack of capacity comes first although it is an HTTP 500, which SDKs retry.
LaunchError launch_error_of(const ec2::AttemptError& error);

struct RelaunchPolicy {
  backoff::DelayKind kind = backoff::DelayKind::kFull;
  // assumed: goes on where two retries of a throttled SDK have left off (1 s, 2 s).
  Duration base = std::chrono::seconds(4);
  Duration max_backoff = std::chrono::seconds(20);  // that of the SDKs (ec2.md 4.1)
  // assumed: longer than a hiccup of the API, short against the 5 min for which the autoscaler
  // leaves a group alone once it is told (ec2.md 2).
  Duration transient_for = std::chrono::minutes(1);
};

// One launch with its calls.
class Relaunch {
 public:
  // The policy outlives it.
  Relaunch(const RelaunchPolicy& policy, TimePoint began) : policy_(policy), began_(began) {}

  // A call has failed for good: how long until the next one, or nothing when it is enough. u in
  // (0, 1).
  std::optional<Duration> delay_after(LaunchError error, double u, TimePoint now);

 private:
  const RelaunchPolicy& policy_;
  TimePoint began_;
  int failed_ = 0;
  std::optional<Duration> previous_;
};

}  // namespace casim::provider
