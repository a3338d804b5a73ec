#include <algorithm>

#include "sim/paths/cluster_api/machine_deployment_controller.h"

namespace casim::sim {
namespace {

using Sets = std::map<std::uint32_t, MachineSetObject>;
using Plan = std::map<std::uint32_t, int>;

int planned(const Plan& plan, const Sets::value_type& entry) {
  const auto found = plan.find(entry.first);
  return found == plan.end() ? entry.second.replicas : found->second;
}

void grow_newest(const MachineDeploymentObject& deployment, std::uint32_t newest, const Sets& sets,
                 Plan& plan) {
  const int has = sets.at(newest).replicas;
  if (has >= deployment.replicas) {
    if (has > deployment.replicas) plan[newest] = deployment.replicas;
    return;
  }
  int machines = 0;
  for (const auto& [key, set] : sets) machines += std::max(set.replicas, set.counts.replicas);
  const int room = deployment.replicas + deployment.max_surge - machines;
  if (room > 0) plan[newest] = has + std::min(room, deployment.replicas - has);
}

// Takes from the older sets, first of those that are not available, at most so many in all.
void shrink_older(std::uint32_t newest, const Sets& sets, int least_available,
                  bool unavailable_only, int& count, int& available, Plan& plan) {
  for (const auto& entry : sets) {
    const auto& [key, set] = entry;
    const int replicas = planned(plan, entry);
    if (key == newest || count <= 0 || replicas <= 0) continue;
    const int most = unavailable_only ? std::max(replicas - set.counts.available, 0) : replicas;
    int less = std::min(most, count);
    if (less == 0) continue;
    if (set.counts.available > 0) {
      int existing = std::max(set.counts.replicas - std::max(replicas - less, 0), 0);
      if (existing > 0 && available - least_available < existing) {
        const int allowed = std::max(available - least_available, 0);
        const int target = std::min(set.counts.replicas - allowed, replicas);
        less = std::max(replicas - target, 0);
        existing = std::max(set.counts.replicas - target, 0);
      }
      if (existing > 0) available -= std::min(set.counts.available, existing);
    }
    if (less == 0) continue;
    plan[key] = std::max(replicas - less, 0);
    count = std::max(count - less, 0);
  }
}

}  // namespace

std::map<std::uint32_t, int> plan_rolling_update(const MachineDeploymentObject& deployment,
                                                 std::uint32_t newest, const Sets& sets) {
  Plan plan;
  grow_newest(deployment, newest, sets, plan);
  int total = 0;
  int available = 0;
  int pending = 0;  // to go already
  int older = 0;
  for (const auto& entry : sets) {
    const MachineSetObject& set = entry.second;
    total += set.replicas;
    available += set.counts.available;
    pending += std::max(set.counts.replicas - std::min(set.replicas, planned(plan, entry)), 0);
    if (entry.first != newest) older += set.replicas;
  }
  if (older == 0) return plan;
  const int unavailable = std::min(deployment.max_unavailable, deployment.replicas);
  const int least_available = std::max(deployment.replicas - unavailable, 0);
  const MachineSetObject& latest = sets.at(newest);
  const int not_available_yet = std::max(latest.replicas - latest.counts.available, 0);
  int count = std::max(total - pending - least_available - not_available_yet, 0);
  if (count == 0) return plan;
  shrink_older(newest, sets, least_available, true, count, available, plan);
  shrink_older(newest, sets, least_available, false, count, available, plan);
  return plan;
}

}  // namespace casim::sim
