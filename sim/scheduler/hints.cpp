#include "sim/scheduler/hints.h"

#include <algorithm>
#include <utility>

#include "sim/cluster/volume_zone.h"
#include "sim/scheduler/filters.h"
#include "sim/scheduler/node_table.h"

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
  if (event.taints) return true;  // below
  if (!event.is_added() && !event.labels) return false;
  const auto is_chosen = [&](const Node& node) {
    return (target.empty() || target == node.name) && matches_affinity(pod_class, node) &&
           reaches_volumes(*pod_class.spec, node.labels);
  };
  return is_chosen(*event.node) && (event.is_added() || !is_chosen(*event.old));
}

const std::string* label_of(const Node& node, const std::string& key) {
  const auto found = node.labels.find(key);
  return found == node.labels.end() ? nullptr : &found->second;
}

// In the domain of a key, or of another one than before.
enum class Move { kNone, kEnters, kLeaves, kOther };

Move move_of(const NodeEvent& event, const std::string& key) {
  const std::string* const before = label_of(*event.old, key);
  const std::string* const after = label_of(*event.node, key);
  if (!before) return after ? Move::kEnters : Move::kNone;
  if (!after) return Move::kLeaves;
  return *before == *after ? Move::kNone : Move::kOther;
}

bool has_spread_keys(const PodSpec& spec, const Node& node) {
  return std::all_of(spec.topology_spread.begin(), spec.topology_spread.end(),
                     [&](const TopologySpread& one) {
                       return !one.do_not_schedule || label_of(node, one.topology_key);
                     });
}

bool spread_helps(const NodeEvent& event, const PodSpec& spec) {
  const bool has_keys = has_spread_keys(spec, *event.node);
  if (event.is_added()) return has_keys;
  if (!event.labels && !event.taints) return false;
  if (has_keys != has_spread_keys(spec, *event.old)) return true;
  if (!has_keys) return false;
  if (event.node->taints != event.old->taints) return true;
  return std::any_of(
      spec.topology_spread.begin(), spec.topology_spread.end(), [&](const TopologySpread& one) {
        return one.do_not_schedule && move_of(event, one.topology_key) != Move::kNone;
      });
}

bool is_spread_over(const PodSpec& spec, const PodSpec& other) {
  if (other.namespace_name != spec.namespace_name) return false;
  return std::any_of(spec.topology_spread.begin(), spec.topology_spread.end(),
                     [&](const TopologySpread& one) {
                       return one.do_not_schedule && matches(one.selector, other.labels);
                     });
}

bool pod_affinity_helps(const NodeEvent& event, const PodSpec& spec) {
  if (event.taints) return true;  // below
  if (event.is_added()) {
    // A node without the key is always free of pods that this one avoids.
    if (!spec.pod_anti_affinity.empty()) return true;
    return std::any_of(
        spec.pod_affinity.begin(), spec.pod_affinity.end(),
        [&](const PodAffinityTerm& term) { return label_of(*event.node, term.topology_key); });
  }
  if (!event.labels) return false;
  const auto moves = [&](const std::vector<PodAffinityTerm>& terms, Move helpful) {
    return std::any_of(terms.begin(), terms.end(), [&](const PodAffinityTerm& term) {
      const Move move = move_of(event, term.topology_key);
      return move == helpful || move == Move::kOther;
    });
  };
  return moves(spec.pod_affinity, Move::kEnters) || moves(spec.pod_anti_affinity, Move::kLeaves);
}

// One pod that matches all the terms, of which there are some: upstream asks that of affinity and
// anti-affinity alike, and here, unlike in the filter, does not know what namespaces their
// namespaceSelectors choose [k8s: interpodaffinity isSchedulableAfterPodChange].
bool matches_all(const std::vector<PodAffinityTerm>& terms, const PodSpec& whose,
                 const PodSpec& other) {
  return !terms.empty() && std::all_of(terms.begin(), terms.end(), [&](const auto& term) {
    return is_named(term, whose.namespace_name, other.namespace_name) &&
           matches(term.selector, other.labels);
  });
}

bool avoids(const PodSpec& spec, const PodSpec& other) {
  return matches_all(spec.pod_anti_affinity, spec, other);
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
  if (rejected & kPorts && (event.is_added() || event.taints)) return true;
  if (rejected & kAnySpread && spread_helps(event, spec)) return true;
  return rejected & kAnyPodAffinity && pod_affinity_helps(event, spec);
}

bool helps_node_gone(const Node& gone, const PodClass& pod_class, Reasons rejected) {
  return rejected & kAnySpread && has_spread_keys(*pod_class.spec, gone);
}

bool helps_pod_gone(const PodSpec& gone, const PodClass& pod_class, Reasons rejected) {
  const PodSpec& spec = *pod_class.spec;
  if (rejected & kFit) return true;
  if (rejected & kPorts && share_port(gone, spec)) return true;
  if (rejected & kAnySpread && is_spread_over(spec, gone)) return true;
  return rejected & kAnyPodAffinity && (avoids(spec, gone) || avoids(gone, spec));
}

bool helps_pod_bound(const PodSpec& bound, const PodClass& pod_class, Reasons rejected) {
  const PodSpec& spec = *pod_class.spec;
  if (rejected & kAnySpread && is_spread_over(spec, bound)) return true;
  return rejected & kAnyPodAffinity && matches_all(spec.pod_affinity, spec, bound);
}

}  // namespace casim::sim
