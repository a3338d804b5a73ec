// Where the little world places a pod: the rule of cases/README.md, "Loops", in the sense of
// kube-scheduler's filters of the same names, without its scores.
#include <algorithm>
#include <limits>
#include <map>

#include "oracle/loops/little_world.h"
#include "sim/cluster/fit.h"

namespace casim::oracle {
namespace {

constexpr const char* kHostname = "kubernetes.io/hostname";

// Does the term of a pod of this namespace speak of that pod?
bool speaks_of(const sim::PodAffinityTerm& term, const std::string& own_namespace,
               const sim::PodSpec& pod) {
  const auto& names = term.namespaces;
  const bool is_in = names.empty() ? pod.namespace_name == own_namespace
                                   : std::ranges::find(names, pod.namespace_name) != names.end();
  return is_in && sim::matches(term.selector, pod.labels);
}

const std::string* domain_of(const sim::Node& node, const std::string& key) {
  const auto label = node.labels.find(key);
  return label == node.labels.end() ? nullptr : &label->second;
}

bool share_domain(const sim::Node& a, const sim::Node& b, const std::string& key) {
  const std::string* const mine = domain_of(a, key);
  const std::string* const theirs = domain_of(b, key);
  return mine != nullptr && theirs != nullptr && *mine == *theirs;
}

}  // namespace

LittleWorld::Nodes::iterator LittleWorld::place_of(const sim::PodSpec& spec, Nodes::iterator from) {
  return std::find_if(from, nodes_.end(),
                      [&](const auto& entry) { return fits(spec, entry.second); });
}

bool LittleWorld::fits(const sim::PodSpec& spec, const Node& node) const {
  const sim::Node& n = *node.node;
  if (!n.ready || n.unschedulable || n.has_taint(sim::kToBeDeletedTaint)) return false;
  if (!spec.requests.fits_in(n.allocatable - node.used)) return false;
  if (!selects(spec, n.labels)) return false;
  if (!sim::tolerates_all(spec.tolerations, node.template_taints)) return false;
  if (node.startup_taint && !sim::tolerates_all(spec.tolerations, {*node.startup_taint})) {
    return false;
  }
  for (const sim::PodId id : node.pods) {
    for (const sim::HostPort& theirs : pods_.at(id).pod.spec->host_ports) {
      for (const sim::HostPort& ours : spec.host_ports) {
        if (theirs.port == ours.port) return false;
      }
    }
  }
  return keeps_apart(spec, node) && keeps_together(spec, node) && keeps_spread(spec, node);
}

bool LittleWorld::any_pod(const Near& near, const Speaks& speaks) const {
  const auto is_there = [&](const Node& node) {
    return std::ranges::any_of(node.pods,
                               [&](const sim::PodId id) { return speaks(*pods_.at(id).pod.spec); });
  };
  if (near.node != nullptr && near.key == kHostname) return is_there(*near.node);
  return std::ranges::any_of(nodes_, [&](const auto& entry) {
    const Node& node = entry.second;
    if (near.node != nullptr && !share_domain(*near.node->node, *node.node, near.key)) return false;
    return is_there(node);
  });
}

// Anti-affinity, the pod's own and that of those that are there.
bool LittleWorld::keeps_apart(const sim::PodSpec& spec, const Node& node) const {
  const bool is_kept = std::ranges::none_of(spec.pod_anti_affinity, [&](const auto& term) {
    return any_pod({&node, term.topology_key}, [&](const sim::PodSpec& pod) {
      return speaks_of(term, spec.namespace_name, pod);
    });
  });
  return is_kept && std::ranges::none_of(workloads_, [&](const auto& entry) {
           const sim::PodSpec& theirs = *entry.second.given->spec;
           return std::ranges::any_of(
               theirs.pod_anti_affinity, [&](const sim::PodAffinityTerm& term) {
                 return speaks_of(term, theirs.namespace_name, spec) &&
                        any_pod({&node, term.topology_key},
                                [&](const sim::PodSpec& pod) { return &pod == &theirs; });
               });
         });
}

// Affinity: a pod that all terms speak of in the domain of each; the first of its kind may go
// anywhere.
bool LittleWorld::keeps_together(const sim::PodSpec& spec, const Node& node) const {
  const auto& terms = spec.pod_affinity;
  if (terms.empty()) return true;
  const auto is_friend = [&](const sim::PodSpec& pod) {
    return std::ranges::all_of(
        terms, [&](const auto& term) { return speaks_of(term, spec.namespace_name, pod); });
  };
  const bool has_keys = std::ranges::all_of(
      terms, [&](const auto& term) { return node.node->labels.contains(term.topology_key); });
  if (!has_keys) return false;
  const bool is_near = std::ranges::all_of(
      terms, [&](const auto& term) { return any_pod({&node, term.topology_key}, is_friend); });
  return is_near || (is_friend(spec) && !any_pod({nullptr, ""}, is_friend));
}

int LittleWorld::matching_pods(const sim::PodSpec& spec, const sim::LabelSelector& selector,
                               const Node& node) const {
  return static_cast<int>(
      std::count_if(node.pods.begin(), node.pods.end(), [&](const sim::PodId id) {
        const sim::PodSpec& other = *pods_.at(id).pod.spec;
        return other.namespace_name == spec.namespace_name && sim::matches(selector, other.labels);
      }));
}

// Domains are counted on all nodes that the policies of the constraint let in, Ready or not.
bool LittleWorld::keeps_spread(const sim::PodSpec& spec, const Node& node) const {
  return std::ranges::all_of(spec.topology_spread, [&](const sim::TopologySpread& spread) {
    if (!spread.do_not_schedule) return true;
    const std::string* const own = domain_of(*node.node, spread.topology_key);
    if (own == nullptr) return false;
    std::map<std::string, int> domains;
    for (const auto& [name, other] : nodes_) {
      const std::string* const domain = domain_of(*other.node, spread.topology_key);
      if (domain == nullptr) continue;
      if (spread.honor_node_affinity && !selects(spec, other.node->labels)) continue;
      if (spread.honor_node_taints && !sim::tolerates_all(spec.tolerations, other.node->taints)) {
        continue;
      }
      domains[*domain] += matching_pods(spec, spread.selector, other);
    }
    int least = std::numeric_limits<int>::max();
    for (const auto& [domain, count] : domains) least = std::min(least, count);
    if (static_cast<int>(domains.size()) < spread.min_domains) least = 0;
    const int self = sim::matches(spread.selector, spec.labels) ? 1 : 0;
    return domains[*own] + self - least <= spread.max_skew;
  });
}

}  // namespace casim::oracle
