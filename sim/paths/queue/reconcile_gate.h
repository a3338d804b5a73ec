// The bucket that all controllers of one Crossplane provider share, asked before each reconcile. A
// key that finds it empty is told its exact wait, keeps that slot and passes free when it comes
// back, so the gate is a line without an end. The free pass is given to any return of the key, also
// to one before its slot, by an event or by a timer of its own: the gate leaks.
// Source: provisioning-paths.md 1.1 [XR ratelimiter/reconciler.go].
#pragma once

#include <cstdint>
#include <set>
#include <utility>

#include "src/core/time.h"
#include "src/core/token_bucket.h"

namespace casim::sim {

class ReconcileGate {
 public:
  // `rate`: reconciles a second; the real provider has a burst of ten times that.
  ReconcileGate(double rate, int burst) : bucket_(rate, burst) {}

  // Nothing: go on. Else when to come back.
  Duration ask(int controller, std::uint32_t key, TimePoint now);

 private:
  TokenBucket bucket_;
  std::set<std::pair<int, std::uint32_t>> limited_;  // have their slot, and pass
};

}  // namespace casim::sim
