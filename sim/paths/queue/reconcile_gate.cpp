#include "sim/paths/queue/reconcile_gate.h"

namespace casim::sim {

Duration ReconcileGate::ask(int controller, std::uint32_t key, TimePoint now) {
  if (limited_.erase({controller, key}) > 0) return {};
  const Duration wait = bucket_.reserve(now) - now;
  if (wait > Duration{}) limited_.emplace(controller, key);
  return wait;
}

}  // namespace casim::sim
