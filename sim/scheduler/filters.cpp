#include "sim/scheduler/filters.h"

#include <algorithm>

#include "sim/cluster/volume_zone.h"

namespace casim::sim {

namespace {

bool tolerates(const PodSpec& spec, const Taint& taint) {
  return std::any_of(spec.tolerations.begin(), spec.tolerations.end(),
                     [&](const Toleration& one) { return one.tolerates(taint); });
}

Reasons lack(std::int64_t want, std::int64_t have, std::int64_t used, Reasons what) {
  if (want <= 0 || want <= have - used) return 0;
  return want > have ? what | kTooBig : what;
}

std::int64_t amount(const Resources& resources, const std::string& name) {
  const auto found = resources.extended.find(name);
  return found == resources.extended.end() ? 0 : found->second;
}

}  // namespace

bool matches_affinity(const PodClass& pod_class, const Node& node) {
  return !pod_class.has_selector || selects(*pod_class.spec, node);
}

ObjectVerdict judge_object(const PodClass& pod_class, const Node& node) {
  const PodSpec& spec = *pod_class.spec;
  ObjectVerdict verdict;
  if (node.unschedulable && !tolerates_cordon(spec)) {
    verdict.reasons = kCordoned;
    return verdict;
  }
  for (const Taint& taint : node.taints) {
    if (tolerates(spec, taint)) continue;
    if (taint.effect == TaintEffect::kPreferNoSchedule) {
      ++verdict.soft_taints;
      continue;
    }
    verdict.reasons = kTaint;
    return verdict;
  }
  if (!matches_affinity(pod_class, node) || !reaches_volumes(spec, node.labels)) {
    verdict.reasons = kAffinity;
  }
  for (const WeightedNodeTerm& term : spec.preferred_node_affinity) {
    if (!term.term.empty() && matches(term.term, node.labels)) {
      verdict.preferred = static_cast<std::int16_t>(verdict.preferred + term.weight);
    }
  }
  return verdict;
}

Reasons judge_ports_and_resources(const PodClass& pod_class, const SchedulerNodeInfo& at) {
  const PodSpec& spec = *pod_class.spec;
  if (!spec.host_ports.empty()) {
    for (const PodOnNode& other : at.pods) {
      if (share_port(spec, *other.spec)) return kPorts;
    }
  }
  const Resources& want = spec.requests;
  const Resources& have = at.allocatable;
  const Resources& used = at.requested;
  Reasons reasons = 0;
  if (static_cast<std::int64_t>(at.pods.size()) + 1 > have.pods) reasons |= kPodSlots;
  reasons |= lack(want.cpu.value(), have.cpu.value(), used.cpu.value(), kCpu);
  reasons |= lack(want.memory.value(), have.memory.value(), used.memory.value(), kMemory);
  reasons |= lack(want.ephemeral_storage.value(), have.ephemeral_storage.value(),
                  used.ephemeral_storage.value(), kEphemeralStorage);
  for (const auto& [name, count] : want.extended) {
    reasons |= lack(count, amount(have, name), amount(used, name), kExtended);
  }
  return reasons;
}

bool fits_empty(const PodSpec& spec, const Resources& allocatable) {
  return spec.requests.fits_in(allocatable) && allocatable.pods >= 1;
}

}  // namespace casim::sim
