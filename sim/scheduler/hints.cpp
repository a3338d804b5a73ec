#include "sim/scheduler/hints.h"

#include <utility>

#include "sim/scheduler/filters.h"

namespace casim::sim {

namespace {

// Some amount that the pod requests has become larger.
bool gives_more(const PodSpec& spec, const Resources& old, const Resources& now) {
  const Resources& want = spec.requests;
  if (want.cpu.value() > 0 && now.cpu > old.cpu) return true;
  if (want.memory.value() > 0 && now.memory > old.memory) return true;
  if (want.ephemeral_storage.value() > 0 && now.ephemeral_storage > old.ephemeral_storage) {
    return true;
  }
  if (now.pods > old.pods) return true;
  for (const auto& [name, amount] : want.extended) {
    const auto before = old.extended.find(name);
    const auto after = now.extended.find(name);
    const std::int64_t had = before == old.extended.end() ? 0 : before->second;
    const std::int64_t has = after == now.extended.end() ? 0 : after->second;
    if (amount > 0 && has > had) return true;
  }
  return false;
}

bool fit_helps(const NodeEvent& event, const PodSpec& spec) {
  if (event.taints) return true;  // below
  if (!event.is_added() && !event.allocatable) return false;
  if (!fits_empty(spec, event.node->allocatable)) return false;
  return event.is_added() || gives_more(spec, event.old->allocatable, event.node->allocatable);
}

bool taint_helps(const NodeEvent& event, const PodSpec& spec) {
  if (!event.is_added() && !event.taints) return false;
  if (!tolerates_all(spec.tolerations, event.node->taints)) return false;
  return event.is_added() || !tolerates_all(spec.tolerations, event.old->taints);
}

bool cordon_helps(const NodeEvent& event, const PodSpec& spec) {
  if (event.node->unschedulable && !tolerates_cordon(spec)) return false;
  return event.is_added() || event.old->unschedulable;
}

bool affinity_helps(const NodeEvent& event, const PodClass& pod_class, const std::string& target) {
  if (!target.empty()) return target == event.node->name && (event.is_added() || event.taints);
  if (event.taints) return true;  // below
  if (!event.is_added() && !event.labels) return false;
  if (!matches_affinity(pod_class, *event.node)) return false;
  return event.is_added() || !matches_affinity(pod_class, *event.old);
}

}  // namespace

NodeEvent node_event(NodePtr old, NodePtr node) {
  NodeEvent event{std::move(old), std::move(node)};
  if (event.is_added()) return event;
  event.allocatable = event.old->allocatable != event.node->allocatable;
  event.labels = event.old->labels != event.node->labels;
  event.taints = event.old->taints != event.node->taints ||
                 (event.old->unschedulable && !event.node->unschedulable);
  return event;
}

// Plugins that listen to new nodes but not to taints are called for every change of taints, with
// the answer yes [k8s: pkg/scheduler/scheduler.go, work-around of issue 109437]. Only the plugins
// of taints and of the cordon look at them themselves.
bool helps(const NodeEvent& event, const PodClass& pod_class, Reasons rejected,
           const std::string& target_node) {
  const PodSpec& spec = *pod_class.spec;
  if (rejected & kFit && fit_helps(event, spec)) return true;
  if (rejected & kTaint && taint_helps(event, spec)) return true;
  if (rejected & kCordoned && cordon_helps(event, spec)) return true;
  if (rejected & (kAffinity | kOtherNode) && affinity_helps(event, pod_class, target_node)) {
    return true;
  }
  return rejected & kPorts && (event.is_added() || event.taints);
}

bool helps_pod_gone(const PodSpec& gone, const PodClass& pod_class, Reasons rejected) {
  if (rejected & kFit) return true;
  return rejected & kPorts && share_port(gone, *pod_class.spec);
}

}  // namespace casim::sim
