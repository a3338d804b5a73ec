#include "sim/autoscaler/simulator/predicates.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "sim/cluster/fit.h"
#include "sim/cluster/volume_zone.h"

namespace casim::sim {
namespace {

bool has_port_clash(const PodSpec& pod, const NodeInfo& node) {
  if (pod.host_ports.empty() || node.host_port_pods == 0) return false;
  return std::any_of(node.pods.begin(), node.pods.end(),
                     [&](const PodPtr& other) { return share_port(pod, *other->spec); });
}

bool exceeds(std::int64_t request, std::int64_t used, std::int64_t allocatable) {
  return request > 0 && request > allocatable - used;
}

// By hand instead of Resources arithmetic, which would copy maps in the hottest loop.
bool has_room(const PodSpec& pod, const NodeInfo& node) {
  const Resources& request = pod.requests;
  const Resources& used = node.requested;
  const Resources& all = node.node->allocatable;
  if (used.pods + 1 > all.pods) return false;
  if (exceeds(request.cpu.value(), used.cpu.value(), all.cpu.value())) return false;
  if (exceeds(request.memory.value(), used.memory.value(), all.memory.value())) return false;
  if (exceeds(request.ephemeral_storage.value(), used.ephemeral_storage.value(),
              all.ephemeral_storage.value())) {
    return false;
  }
  for (const auto& [name, amount] : request.extended) {
    const auto held = used.extended.find(name);
    const auto given = all.extended.find(name);
    if (exceeds(amount, held == used.extended.end() ? 0 : held->second,
                given == all.extended.end() ? 0 : given->second)) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string_view name_of(FailedFilter failed) {
  constexpr std::array<std::string_view, 10> kNames = {"",
                                                       "NodeUnschedulable",
                                                       "TaintToleration",
                                                       "NodeAffinity",
                                                       "NodePorts",
                                                       "NodeResourcesFit",
                                                       "VolumeBinding",
                                                       "PodTopologySpread",
                                                       "PodTopologySpread",
                                                       "InterPodAffinity"};
  return kNames[static_cast<std::size_t>(failed)];
}

bool runs_daemon(const PodSpec& daemon, const Node& node) {
  if (!selects(daemon, node)) return false;
  // Added by the DaemonSet controller (util.AddOrUpdateDaemonPodTolerations).
  constexpr std::array<std::string_view, 6> kAlways = {
      "node.kubernetes.io/not-ready",     "node.kubernetes.io/unreachable",
      "node.kubernetes.io/disk-pressure", "node.kubernetes.io/memory-pressure",
      "node.kubernetes.io/pid-pressure",  "node.kubernetes.io/unschedulable"};
  return std::all_of(node.taints.begin(), node.taints.end(), [&](const Taint& taint) {
    if (taint.effect == TaintEffect::kPreferNoSchedule) return true;
    const bool own = std::any_of(daemon.tolerations.begin(), daemon.tolerations.end(),
                                 [&](const Toleration& t) { return t.tolerates(taint); });
    if (own) return true;
    const auto key = std::find(kAlways.begin(), kAlways.end(), taint.key);
    if (key == kAlways.end()) return false;
    // The first two are tolerated as NoExecute, the others as NoSchedule.
    const bool node_condition = key - kAlways.begin() < 2;
    return node_condition == (taint.effect == TaintEffect::kNoExecute);
  });
}

namespace {

// Projected volumes have names of their own for each pod and do not tell pods apart.
bool same_volumes(std::vector<Volume> a, std::vector<Volume> b) {
  const auto is_projected = [](const Volume& v) { return v.kind == Volume::Kind::kProjected; };
  std::erase_if(a, is_projected);
  std::erase_if(b, is_projected);
  return a == b;
}

}  // namespace

bool same_spec(const PodSpec& a, const PodSpec& b) {
  if (&a == &b) return true;
  const auto parts = [](const PodSpec& s) {
    return std::tie(s.namespace_name, s.owner_uid, s.labels, s.requests, s.scored, s.node_selector,
                    s.node_affinity, s.preferred_node_affinity, s.tolerations, s.pod_affinity,
                    s.pod_anti_affinity, s.preferred_pod_affinity, s.preferred_pod_anti_affinity,
                    s.topology_spread, s.host_ports, s.images, s.priority, s.preempts,
                    s.scheduler_name, s.grace, s.restart_policy, s.volume_zone);
  };
  if (parts(a) != parts(b)) return false;
  return a.volumes == b.volumes || same_volumes(a.volumes, b.volumes);
}

// What run_filters() reads of the pod for one node.
bool same_for_nodes(const PodSpec& a, const PodSpec& b) {
  const auto parts = [](const PodSpec& s) {
    return std::tie(s.requests, s.node_selector, s.node_affinity, s.tolerations, s.host_ports,
                    s.volume_zone);
  };
  return parts(a) == parts(b);
}

FailedFilter run_filters(const Snapshot& snapshot, const PodSpec& pod, const NodeInfo& node) {
  return run_filters(run_pre_filter(snapshot, pod), pod, node);
}

namespace {

FailedFilter filter_spread(const PreFilterState& pre_filter, const Node& node) {
  for (const PreFilterState::Spread& spread : pre_filter.spread) {
    const auto label = node.labels.find(spread.constraint->topology_key);
    if (label == node.labels.end()) return FailedFilter::kPodTopologySpreadNoLabel;
    const auto count = spread.matching.find(label->second);
    const int here = count == spread.matching.end() ? 0 : count->second;
    const int skew = here + (spread.self_matches ? 1 : 0) - spread.least;
    if (skew > spread.constraint->max_skew) return FailedFilter::kPodTopologySpread;
  }
  return FailedFilter::kNone;
}

// The value of a term's key on the node that has matching pods; none without.
bool has_match(const PreFilterState::Term& term, const Node& node) {
  const auto label = node.labels.find(term.term->topology_key);
  if (label == node.labels.end()) return false;
  const auto count = term.matching.find(label->second);
  return count != term.matching.end() && count->second > 0;
}

bool fits_affinity(const PreFilterState& pre_filter, const Node& node) {
  for (const auto& [domain, count] : pre_filter.forbidden) {
    const auto label = node.labels.find(domain.first);
    if (label != node.labels.end() && label->second == domain.second) return false;
  }
  for (const PreFilterState::Term& term : pre_filter.anti_affinity) {
    if (has_match(term, node)) return false;
  }
  bool all_match = true;
  for (const PreFilterState::Term& term : pre_filter.affinity) {
    if (!node.labels.contains(term.term->topology_key)) return false;
    all_match = all_match && has_match(term, node);
  }
  if (all_match) return true;
  // The first pod of a group that wants company of its own kind may go anywhere.
  return std::all_of(pre_filter.affinity.begin(), pre_filter.affinity.end(),
                     [](const PreFilterState::Term& t) { return t.total == 0 && t.self_matches; });
}

}  // namespace

FailedFilter run_filters(const PreFilterState& pre_filter, const PodSpec& pod,
                         const NodeInfo& info) {
  const Node& node = *info.node;
  if (node.unschedulable && !tolerates_cordon(pod)) return FailedFilter::kNodeUnschedulable;
  if (!node.taints.empty() && !tolerates_all(pod.tolerations, node.taints))
    return FailedFilter::kTaintToleration;
  if (!selects(pod, node)) return FailedFilter::kNodeAffinity;
  if (has_port_clash(pod, info)) return FailedFilter::kNodePorts;
  if (!has_room(pod, info)) return FailedFilter::kNodeResourcesFit;
  if (!reaches_volumes(pod, node.labels)) return FailedFilter::kVolumeBinding;
  if (!pre_filter.spread.empty()) {
    const FailedFilter failed = filter_spread(pre_filter, node);
    if (failed != FailedFilter::kNone) return failed;
  }
  return fits_affinity(pre_filter, node) ? FailedFilter::kNone : FailedFilter::kInterPodAffinity;
}

}  // namespace casim::sim
