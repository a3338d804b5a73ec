#include "sim/paths/cluster_api/deletion_order.h"

#include <algorithm>
#include <cmath>

namespace casim::sim {
namespace {

constexpr double kTenDays = 864000;  // s

bool is_healthy(const MachineObject& machine) {
  return machine.status.node && machine.conditions.node != NodeSeen::kNotReady &&
         machine.health != MachineHealth::kUnhealthy;
}

double by_age(const MachineObject& machine, WallTime now) {
  const double age = to_seconds(now - machine.created);
  return age < 0 ? 0 : 50 * (1 - std::exp(-age / kTenDays));
}

}  // namespace

double deletion_priority(const MachineObject& machine, MachineDeleteOrder order, WallTime now) {
  if (machine.is_deleted) return 100;
  if (machine.is_marked) return 80;
  if (!is_healthy(machine)) return 50;
  switch (order) {
    case MachineDeleteOrder::kRandom:
      return 20;
    case MachineDeleteOrder::kOldest:
      return by_age(machine, now);
    case MachineDeleteOrder::kNewest:
      return 50 - by_age(machine, now);
  }
  return 0;
}

std::vector<std::uint32_t> pick_for_deletion(std::vector<MachineCandidate> candidates, int count,
                                             MachineDeleteOrder order, WallTime now) {
  std::ranges::sort(candidates, [&](const MachineCandidate& a, const MachineCandidate& b) {
    const double of_a = deletion_priority(a.machine, order, now);
    const double of_b = deletion_priority(b.machine, order, now);
    return of_a != of_b ? of_a > of_b : a.machine.name < b.machine.name;
  });
  std::vector<std::uint32_t> picked;
  for (const MachineCandidate& candidate : candidates) {
    if (static_cast<int>(picked.size()) == count) break;
    picked.push_back(candidate.key);
  }
  return picked;
}

}  // namespace casim::sim
