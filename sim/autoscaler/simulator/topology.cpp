// PreFilter of PodTopologySpread and InterPodAffinity: counts over the snapshot.
#include <algorithm>
#include <limits>

#include "sim/autoscaler/simulator/predicates.h"
#include "sim/cluster/fit.h"

namespace casim::sim {
namespace {

bool in_namespaces(const PodAffinityTerm& term, const PodSpec& owner, const PodSpec& other) {
  if (term.namespaces.empty()) return owner.namespace_name == other.namespace_name;
  return std::find(term.namespaces.begin(), term.namespaces.end(), other.namespace_name) !=
         term.namespaces.end();
}

bool term_matches(const PodAffinityTerm& term, const PodSpec& owner, const PodSpec& other) {
  return in_namespaces(term, owner, other) && matches(term.selector, other.labels);
}

// A node takes part when it bears the keys of all hard constraints and the policies let it.
bool counts_for_spread(const PodSpec& pod, const TopologySpread& constraint, const Node& node) {
  for (const TopologySpread& other : pod.topology_spread) {
    if (other.do_not_schedule && !node.labels.contains(other.topology_key)) return false;
  }
  if (constraint.honor_node_affinity && !selects(pod, node)) return false;
  return !constraint.honor_node_taints || tolerates_all(pod.tolerations, node.taints);
}

PreFilterState::Spread count_spread(const Snapshot& snapshot, const PodSpec& pod,
                                    const TopologySpread& constraint) {
  PreFilterState::Spread spread;
  spread.constraint = &constraint;
  spread.self_matches = matches(constraint.selector, pod.labels);
  for (const Slot slot : snapshot.order()) {
    const NodeInfo& info = snapshot.info(slot);
    if (!counts_for_spread(pod, constraint, *info.node)) continue;
    int& count = spread.matching[info.node->labels.at(constraint.topology_key)];
    for (const PodPtr& other : info.pods) {
      const PodSpec& spec = *other->spec;
      if (other->deletion_timestamp || spec.namespace_name != pod.namespace_name) continue;
      if (matches(constraint.selector, spec.labels)) ++count;
    }
  }
  int least = std::numeric_limits<int>::max();
  for (const auto& [domain, count] : spread.matching) least = std::min(least, count);
  const bool enough = static_cast<int>(spread.matching.size()) >= constraint.min_domains;
  spread.least = enough && !spread.matching.empty() ? least : 0;
  return spread;
}

PreFilterState::Term count_term(const Snapshot& snapshot, const PodSpec& pod,
                                const PodAffinityTerm& term) {
  PreFilterState::Term result;
  result.term = &term;
  result.self_matches = term_matches(term, pod, pod);
  for (const Slot slot : snapshot.order()) {
    const NodeInfo& info = snapshot.info(slot);
    const auto label = info.node->labels.find(term.topology_key);
    if (label == info.node->labels.end()) continue;
    for (const PodPtr& other : info.pods) {
      if (!term_matches(term, pod, *other->spec)) continue;
      ++result.matching[label->second];
      ++result.total;
    }
  }
  return result;
}

void note_forbidden(const PodSpec& pod, const NodeInfo& info, PreFilterState& state) {
  for (const PodPtr& other : info.pods) {
    for (const PodAffinityTerm& term : other->spec->pod_anti_affinity) {
      if (!term_matches(term, *other->spec, pod)) continue;
      const auto label = info.node->labels.find(term.topology_key);
      if (label != info.node->labels.end()) ++state.forbidden[{label->first, label->second}];
    }
  }
}

}  // namespace

PreFilterState run_pre_filter(const Snapshot& snapshot, const PodSpec& pod) {
  PreFilterState state;
  for (const TopologySpread& constraint : pod.topology_spread) {
    if (constraint.do_not_schedule) {
      state.spread.push_back(count_spread(snapshot, pod, constraint));
    }
  }
  for (const PodAffinityTerm& term : pod.pod_affinity) {
    state.affinity.push_back(count_term(snapshot, pod, term));
  }
  for (const PodAffinityTerm& term : pod.pod_anti_affinity) {
    state.anti_affinity.push_back(count_term(snapshot, pod, term));
  }
  if (snapshot.anti_affinity_pods() == 0) return state;
  for (const Slot slot : snapshot.order()) {
    const NodeInfo& info = snapshot.info(slot);
    if (info.anti_affinity_pods > 0) note_forbidden(pod, info, state);
  }
  return state;
}

}  // namespace casim::sim
