#include "tests/scheduler/plain.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "sim/scheduler/filters.h"

namespace casim::sim {

namespace {

const std::string kPlainHost = "kubernetes.io/hostname";
const std::string kPlainZone = "topology.kubernetes.io/zone";

std::optional<std::string> label(const Node& node, const std::string& key) {
  const auto found = node.labels.find(key);
  if (found == node.labels.end()) return std::nullopt;
  return found->second;
}

bool term_matches(const PodAffinityTerm& term, const PodSpec& owner, const PodSpec& pod) {
  return matches(term, owner.namespace_name, pod.namespace_name, pod.labels);
}

// Value of the key -> pods there, for nodes that have it and pods that `counts`.
template <class Counts>
std::map<std::string, std::int64_t> by_domain(NodeTable& nodes, const std::string& key,
                                              Counts counts) {
  std::map<std::string, std::int64_t> sums;
  for (const NodeId id : nodes.order()) {
    const auto value = label(*nodes[id].node, key);
    if (!value) continue;
    for (const PodOnNode& pod : nodes[id].pods) {
      const std::int64_t count = counts(pod);
      if (count != 0) sums[*value] += count;
    }
  }
  return sums;
}

bool selects(const TopologySpread& one, const PodSpec& spec, const PodOnNode& pod) {
  return !one.selector.empty() && !pod.state.is_terminating &&
         pod.spec->namespace_name == spec.namespace_name && matches(one.selector, pod.spec->labels);
}

bool is_counted(const TopologySpread& one, const PodClass& pod_class, const Node& node) {
  for (const TopologySpread& other : pod_class.spec->topology_spread) {
    if (other.do_not_schedule == one.do_not_schedule && !label(node, other.topology_key)) {
      return false;
    }
  }
  if (one.honor_node_affinity && !matches_affinity(pod_class, node)) return false;
  return !one.honor_node_taints || tolerates_all(pod_class.spec->tolerations, node.taints);
}

bool breaks_spread(NodeTable& nodes, const PodClass& pod_class, const Node& node,
                   const TopologySpread& one) {
  const auto here = label(node, one.topology_key);
  if (!here) return true;
  std::map<std::string, std::int64_t> sums;
  for (const NodeId id : nodes.order()) {
    const Node& other = *nodes[id].node;
    if (!is_counted(one, pod_class, other)) continue;
    std::int64_t& sum = sums[*label(other, one.topology_key)];
    for (const PodOnNode& pod : nodes[id].pods) sum += selects(one, *pod_class.spec, pod) ? 1 : 0;
  }
  std::int64_t least = std::numeric_limits<std::int32_t>::max();
  for (const auto& [value, sum] : sums) least = std::min(least, sum);
  if (static_cast<int>(sums.size()) < one.min_domains) least = 0;
  const int itself = matches(one.selector, pod_class.spec->labels) ? 1 : 0;
  const auto found = sums.find(*here);
  const std::int64_t pods = found == sums.end() ? 0 : found->second;
  return pods + itself - least > one.max_skew;
}

// Constraints that only score, with the default ones.
std::vector<TopologySpread> soft_constraints(const PodClass& pod_class) {
  std::vector<TopologySpread> soft;
  for (const TopologySpread& one : pod_class.spec->topology_spread) {
    if (!one.do_not_schedule) soft.push_back(one);
  }
  if (!pod_class.spreads_by_default) return soft;
  TopologySpread host;
  for (const auto& [key, value] : pod_class.spec->labels) {
    host.selector.push_back({key, LabelRequirement::Operator::kIn, {value}});
  }
  host.do_not_schedule = false;
  host.topology_key = kPlainHost;
  host.max_skew = 3;
  TopologySpread zone = host;
  zone.topology_key = kPlainZone;
  zone.max_skew = 5;
  return {host, zone};
}

}  // namespace

bool Plain::is_refused(NodeId id) const {
  const PodSpec& spec = *pod_class.spec;
  const Node& node = *nodes[id].node;
  for (const TopologySpread& one : spec.topology_spread) {
    if (one.do_not_schedule && breaks_spread(nodes, pod_class, node, one)) return true;
  }
  const auto matches_all = [&](const PodSpec& other) {
    return std::all_of(spec.pod_affinity.begin(), spec.pod_affinity.end(),
                       [&](const auto& term) { return term_matches(term, spec, other); });
  };
  bool any_matching = false;
  bool is_drawn = true;
  for (const PodAffinityTerm& term : spec.pod_affinity) {
    const auto sums = by_domain(nodes, term.topology_key, [&](const PodOnNode& pod) {
      return matches_all(*pod.spec) ? 1 : 0;
    });
    const auto here = label(node, term.topology_key);
    if (!here) return true;
    any_matching = any_matching || !sums.empty();
    is_drawn = is_drawn && sums.contains(*here);
  }
  if (!is_drawn && (any_matching || !matches_all(spec))) return true;
  for (const NodeId other : nodes.order()) {
    const Node& there = *nodes[other].node;
    const auto shares = [&](const PodAffinityTerm& term) {
      const auto here = label(node, term.topology_key);
      return here && here == label(there, term.topology_key);
    };
    for (const PodOnNode& pod : nodes[other].pods) {
      for (const PodAffinityTerm& term : spec.pod_anti_affinity) {
        if (shares(term) && term_matches(term, spec, *pod.spec)) return true;
      }
      for (const PodAffinityTerm& term : pod.spec->pod_anti_affinity) {
        if (shares(term) && term_matches(term, *pod.spec, spec)) return true;
      }
    }
  }
  return false;
}

// Refused once the nominated pods of no lower priority are there.
bool Plain::is_reserved(NodeId id) const {
  const auto counts = [&](const NominatedPod& one) {
    return one.spec->priority >= pod_class.spec->priority;
  };
  const std::vector<NominatedPod>& nominated = nodes[id].nominated;
  if (std::none_of(nominated.begin(), nominated.end(), counts)) return false;
  NodeTable full = nodes;
  for (const NominatedPod& one : nominated) {
    if (counts(one)) full.add_pod(id, one.id, one.spec);
  }
  return judge_ports_and_resources(pod_class, full[id]) != 0 ||
         Plain{full, pod_class}.is_refused(id);
}

// -1: the node is left out.
double Plain::spreading(NodeId id, const std::vector<NodeId>& window) const {
  const std::vector<TopologySpread> soft = soft_constraints(pod_class);
  const auto is_ignored = [&](NodeId node) {
    return !pod_class.spreads_by_default &&
           std::any_of(soft.begin(), soft.end(), [&](const TopologySpread& one) {
             return !label(*nodes[node].node, one.topology_key);
           });
  };
  if (is_ignored(id)) return -1;
  double raw = 0;
  for (const TopologySpread& one : soft) {
    const auto here = label(*nodes[id].node, one.topology_key);
    if (!here) continue;
    std::set<std::optional<std::string>> met;
    std::size_t hosts = 0;
    for (const NodeId node : window) {
      if (is_ignored(node)) continue;
      met.insert(label(*nodes[node].node, one.topology_key));
      ++hosts;
    }
    std::int64_t pods = 0;
    for (const NodeId other : nodes.order()) {
      const Node& node = *nodes[other].node;
      if (one.topology_key == kPlainHost) {
        if (other != id) continue;
      } else if (label(node, one.topology_key) != here ||
                 !(pod_class.spreads_by_default ? matches_affinity(pod_class, node)
                                                : is_counted(one, pod_class, node))) {
        continue;
      }
      for (const PodOnNode& pod : nodes[other].pods) {
        pods += selects(one, *pod_class.spec, pod) ? 1 : 0;
      }
    }
    const std::size_t domains = one.topology_key == kPlainHost ? hosts : met.size();
    raw +=
        static_cast<double>(pods) * std::log(static_cast<double>(domains) + 2) + (one.max_skew - 1);
  }
  return std::round(raw);
}

std::int64_t Plain::affinity(NodeId id) const {
  const PodSpec& spec = *pod_class.spec;
  std::int64_t sum = 0;
  for (const NodeId other : nodes.order()) {
    const auto shares = [&](const PodAffinityTerm& term) {
      const auto here = label(*nodes[id].node, term.topology_key);
      return here && here == label(*nodes[other].node, term.topology_key);
    };
    const auto weigh = [&](const auto& terms, const PodSpec& owner, const PodSpec& pod, int sign) {
      for (const auto& [weight, term] : terms) {
        if (shares(term) && term_matches(term, owner, pod)) sum += sign * weight;
      }
    };
    for (const PodOnNode& pod : nodes[other].pods) {
      weigh(spec.preferred_pod_affinity, spec, *pod.spec, 1);
      weigh(spec.preferred_pod_anti_affinity, spec, *pod.spec, -1);
      weigh(pod.spec->preferred_pod_affinity, *pod.spec, spec, 1);
      weigh(pod.spec->preferred_pod_anti_affinity, *pod.spec, spec, -1);
      for (const PodAffinityTerm& term : pod.spec->pod_affinity) {
        if (shares(term) && term_matches(term, *pod.spec, spec)) ++sum;
      }
    }
  }
  return sum;
}

void Plain::score_topology(std::vector<ScoredNode>& window) const {
  std::vector<NodeId> ids;
  for (const ScoredNode& one : window) ids.push_back(one.node);
  if (!soft_constraints(pod_class).empty()) {
    std::vector<double> raw;
    double min = std::numeric_limits<double>::max();
    double max = 0;
    for (const NodeId id : ids) {
      raw.push_back(spreading(id, ids));
      if (raw.back() < 0) continue;
      min = std::min(min, raw.back());
      max = std::max(max, raw.back());
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (raw[i] < 0) continue;
      const auto score =
          static_cast<std::int32_t>(max == 0 ? 100 : 100 * (max + min - raw[i]) / max);
      window[i].total += 2 * score;
    }
  }
  std::vector<std::int64_t> sums;
  for (const NodeId id : ids) sums.push_back(affinity(id));
  const auto [least, most] = std::minmax_element(sums.begin(), sums.end());
  if (*least == *most) return;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const double share =
        static_cast<double>(sums[i] - *least) / static_cast<double>(*most - *least);
    window[i].total += 2 * static_cast<std::int32_t>(100 * share);
  }
}

Choice Plain::choose(std::size_t start, std::size_t want) {
  const std::vector<NodeId>& order = nodes.order();
  std::vector<ScoredNode> window;
  std::size_t examined = 0;
  for (; examined < order.size(); ++examined) {
    const NodeId id = order[(start + examined) % order.size()];
    const ObjectVerdict object = judge_object(pod_class, *nodes[id].node);
    if (object.reasons != 0 || judge_ports_and_resources(pod_class, nodes[id]) != 0 ||
        is_refused(id))
      continue;
    if (is_reserved(id)) continue;
    if (window.size() == want) break;  // one too many: it has enough
    window.push_back({id, base_score(pod_class, nodes[id]), object.soft_taints, object.preferred});
  }
  if (window.empty()) return {NodeId(), examined};
  if (window.size() == 1) return {window[0].node, examined};
  const PodClass bare = [&] {
    PodClass plain = pod_class;
    plain.matched_terms.clear();
    plain.spreads_by_default = false;
    PodSpec spec = *pod_class.spec;
    spec.topology_spread.clear();
    spec.preferred_pod_affinity.clear();
    spec.preferred_pod_anti_affinity.clear();
    spec.pod_affinity.clear();
    spec.pod_anti_affinity.clear();
    plain.spec = std::make_shared<const PodSpec>(std::move(spec));
    return plain;
  }();
  ClassTopology none(nodes, bare);
  scorer.score(bare, none, window.size(), window);
  score_topology(window);
  // A heap as Go builds it: sift down from the middle to the root.
  const auto sift = [&](std::size_t i) {
    for (;;) {
      std::size_t child = 2 * i + 1;
      if (child >= window.size()) return;
      if (child + 1 < window.size() && window[child + 1].total > window[child].total) ++child;
      if (window[child].total <= window[i].total) return;
      std::swap(window[i], window[child]);
      i = child;
    }
  };
  for (std::size_t i = window.size() / 2; i-- > 0;) sift(i);
  return {window[0].node, examined};
}

}  // namespace casim::sim
