// Calls in batches of 1, 2, 4, ...: a batch begins when every call of the one before has been
// answered, and none follows one with a failure.
// Source: [k8s:pkg/controller/replicaset/replica_set.go] slowStartBatch; algorithm 6.2.
#pragma once

#include <cstdint>
#include <functional>

namespace casim::sim {

struct SlowStartResult {
  std::uint64_t succeeded = 0;
  bool ok = true;  // no call failed
};

// One call; it is answered once, now or later, with whether it succeeded.
using SlowStartAnswer = std::function<void(bool ok)>;
using SlowStartCall = std::function<void(SlowStartAnswer)>;

// `done` comes after the last answer; inline for a count of 0.
void slow_start(std::uint64_t count, SlowStartCall call, std::function<void(SlowStartResult)> done);

// All at once. `done` comes after the last answer; inline for a count of 0.
void all_at_once(std::uint64_t count, SlowStartCall call,
                 std::function<void(SlowStartResult)> done);

}  // namespace casim::sim
