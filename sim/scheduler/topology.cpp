// Which constraints there are, and the pods that count for them.
#include "sim/scheduler/topology.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "sim/scheduler/filters.h"

namespace casim::sim {

namespace {

const std::string kHostname = "kubernetes.io/hostname";
const std::string kZone = "topology.kubernetes.io/zone";

constexpr std::int64_t kNowhere = std::numeric_limits<std::int64_t>::min();

template <class Weights, class Id>
std::int64_t weight_of(const Weights& weights, Id id) {
  return id.is_valid() && id.value() < weights.size() ? weights[id.value()] : 0;
}

}  // namespace

ClassTopology::ClassTopology(const NodeTable& nodes, const PodClass& pod_class)
    : nodes_(nodes), class_(pod_class) {
  build();
}

// --- constraints

void ClassTopology::build() {
  tallies_.clear();
  terms_seen_ = class_.matched_terms.size();
  labels_seen_ = 0;
  const PodSpec& spec = *class_.spec;
  ignores_without_key_ =
      std::any_of(spec.topology_spread.begin(), spec.topology_spread.end(),
                  [](const TopologySpread& one) { return !one.do_not_schedule; });
  add_spreading();
  add_affinity();
  add_others();
  std::stable_sort(tallies_.begin(), tallies_.end(),
                   [](const Tally& a, const Tally& b) { return a.role < b.role; });
  for (std::size_t role = 0; role < first_.size(); ++role) {
    first_[role] = static_cast<std::size_t>(std::count_if(
        tallies_.begin(), tallies_.end(),
        [&](const Tally& tally) { return static_cast<std::size_t>(tally.role) < role; }));
  }
  learn();
}

ClassTopology::Tally& ClassTopology::add_tally(Role role, const std::string& key) {
  Tally tally;
  tally.role = role;
  tally.key = key;
  tally.is_host = key == kHostname;
  return tallies_.emplace_back(std::move(tally));
}

// Constraints of defaultingType System: hostname with maxSkew 3, zone with maxSkew 5, both
// ScheduleAnyway. The owner's selector is taken to be the pod's labels.
void ClassTopology::add_spreading() {
  const PodSpec& spec = *class_.spec;
  for (const TopologySpread& one : spec.topology_spread) {
    Tally& tally =
        add_tally(one.do_not_schedule ? Role::kHardSpread : Role::kSoftSpread, one.topology_key);
    tally.spread = &one;
    tally.max_skew = one.max_skew;
    tally.matches_itself = matches(one.selector, spec.labels);
  }
  if (!class_.spreads_by_default) return;
  add_tally(Role::kSoftSpread, kHostname).max_skew = 3;
  add_tally(Role::kSoftSpread, kZone).max_skew = 5;
}

void ClassTopology::add_affinity() {
  const PodSpec& spec = *class_.spec;
  const bool matches_itself =
      std::all_of(spec.pod_affinity.begin(), spec.pod_affinity.end(), [&](const auto& term) {
        return matches(term, spec.namespace_name, spec.namespace_name, spec.labels);
      });
  for (const PodAffinityTerm& term : spec.pod_affinity) {
    add_tally(Role::kRequiredAffinity, term.topology_key).matches_itself = matches_itself;
  }
  for (const PodAffinityTerm& term : spec.pod_anti_affinity) {
    add_tally(Role::kRequiredAntiAffinity, term.topology_key).term = &term;
  }
}

// What pods that are there ask, and what is only preferred: one sum for each key.
void ClassTopology::add_others() {
  const auto of = [this](Role role, const std::string& key) -> Tally& {
    const auto known = std::find_if(tallies_.begin(), tallies_.end(), [&](const Tally& one) {
      return one.role == role && one.key == key;
    });
    return known != tallies_.end() ? *known : add_tally(role, key);
  };
  for (const auto& one : class_.spec->preferred_pod_affinity) {
    of(Role::kScore, one.term.topology_key);
  }
  for (const auto& one : class_.spec->preferred_pod_anti_affinity) {
    of(Role::kScore, one.term.topology_key);
  }
  for (const std::uint32_t number : class_.matched_terms) {
    const AffinityTerm& term = nodes_.affinity_terms()[number];
    const bool is_anti = term.kind == AffinityTerm::Kind::kRequiredAnti;
    Tally& tally = of(is_anti ? Role::kExistingAntiAffinity : Role::kScore, term.term.topology_key);
    tally.term_weights.resize(
        std::max<std::size_t>(tally.term_weights.size(), term.group.value() + 1));
    tally.term_weights[term.group.value()] += is_anti ? 1 : term.weight;
  }
}

bool ClassTopology::learn() {
  if (terms_seen_ != class_.matched_terms.size()) {
    build();
    return true;
  }
  if (labels_seen_ == nodes_.group_count()) return false;
  for (Tally& tally : tallies_) weigh_labels(tally);
  labels_seen_ = nodes_.group_count();
  return false;
}

void ClassTopology::weigh_labels(Tally& tally) const {
  for (std::size_t i = labels_seen_; i < nodes_.group_count(); ++i) {
    const auto& [name, labels] = nodes_.group_key(LabelGroup(static_cast<LabelGroup::rep>(i)));
    tally.label_weights.push_back(weigh(tally, name, labels));
  }
}

int ClassTopology::weigh(const Tally& tally, const std::string& name, const Labels& labels) const {
  const PodSpec& spec = *class_.spec;
  const auto fits = [&](const PodAffinityTerm& term) {
    return matches(term, spec.namespace_name, name, labels);
  };
  switch (tally.role) {
    case Role::kHardSpread:
    case Role::kSoftSpread:
      if (name != spec.namespace_name) return 0;
      // Here an empty selector selects nothing [k8s: countPodsMatchSelector].
      if (tally.spread) {
        return !tally.spread->selector.empty() && matches(tally.spread->selector, labels) ? 1 : 0;
      }
      return std::includes(labels.begin(), labels.end(), spec.labels.begin(), spec.labels.end());
    case Role::kRequiredAffinity:  // one pod must match all terms
      return std::all_of(spec.pod_affinity.begin(), spec.pod_affinity.end(), fits) ? 1 : 0;
    case Role::kRequiredAntiAffinity:
      return fits(*tally.term) ? 1 : 0;
    case Role::kExistingAntiAffinity:
      return 0;
    case Role::kScore:
      break;
  }
  int sum = 0;
  for (const auto& [weight, term] : spec.preferred_pod_affinity) {
    if (term.topology_key == tally.key && fits(term)) sum += weight;
  }
  for (const auto& [weight, term] : spec.preferred_pod_anti_affinity) {
    if (term.topology_key == tally.key && fits(term)) sum -= weight;
  }
  return sum;
}

// --- keeping up

bool ClassTopology::has_keys(const Node& node, Role role) const {
  return std::all_of(tallies_.begin(), tallies_.end(), [&](const Tally& one) {
    return one.role != role || node.labels.contains(one.key);
  });
}

// Whether the pods on a node with the topology key are counted in their domain.
bool ClassTopology::is_counted(const Tally& tally, const Node& node) const {
  if (tally.role != Role::kHardSpread && tally.role != Role::kSoftSpread) return true;
  const TopologySpread* const spread = tally.spread;
  if (!spread) return matches_affinity(class_, node);
  if (!has_keys(node, tally.role)) return false;
  if (spread->honor_node_affinity && !matches_affinity(class_, node)) return false;
  return !spread->honor_node_taints || tolerates_all(class_.spec->tolerations, node.taints);
}

std::int64_t ClassTopology::pods_at(const Tally& tally, const SchedulerNodeInfo& room) const {
  const bool only_live = tally.role == Role::kHardSpread || tally.role == Role::kSoftSpread;
  std::int64_t sum = 0;
  for (const GroupCount& one : room.groups) {
    sum += weight_of(tally.label_weights, one.group) * (only_live ? one.live : one.all);
  }
  if (tally.term_weights.empty()) return sum;
  for (const auto& [group, count] : room.affinity) {
    sum += weight_of(tally.term_weights, group) * count;
  }
  return sum;
}

void ClassTopology::put(Tally& tally, Domain& domain, std::int64_t pods, std::int32_t nodes) {
  const bool keeps_sums = tally.role == Role::kHardSpread;
  if (keeps_sums && domain.nodes > 0) {
    const auto sum = tally.sums.find(domain.pods);
    if (--sum->second == 0) tally.sums.erase(sum);
  }
  tally.domain_count -= domain.nodes > 0 ? 1 : 0;
  domain.pods += pods;
  domain.nodes += nodes;
  tally.total += pods;
  tally.domain_count += domain.nodes > 0 ? 1 : 0;
  if (keeps_sums && domain.nodes > 0) ++tally.sums[domain.pods];
}

void ClassTopology::update(NodeId node, bool object) {
  const SchedulerNodeInfo& room = nodes_[node];
  for (Tally& tally : tallies_) {
    if (node.value() >= tally.at.size()) tally.at.resize(node.value() + 1);
    At& at = tally.at[node.value()];
    if (!object) {
      if (!room.node) continue;
      const std::int64_t more = pods_at(tally, room) - at.pods;
      at.pods += more;
      if (at.counts && more != 0) put(tally, tally.domains[at.domain], more, 0);
      continue;
    }
    if (at.counts) put(tally, tally.domains[at.domain], -at.pods, -1);
    at = At{};
    if (!room.node) continue;
    at.pods = pods_at(tally, room);
    const auto label = room.node->labels.find(tally.key);
    if (label == room.node->labels.end()) continue;
    const auto fresh = static_cast<std::uint32_t>(tally.domains.size());
    const auto [known, is_new] = tally.ids.emplace(label->second, fresh);
    if (is_new) tally.domains.emplace_back();
    at.domain = known->second;
    at.is_host = tally.is_host && label->second == room.node->name;
    at.counts = is_counted(tally, *room.node);
    if (at.counts) put(tally, tally.domains[at.domain], at.pods, 1);
  }
}

void ClassTopology::place_of(NodeId node, Place& place) const {
  place.clear();
  for (const Tally& tally : tallies_) {
    const At& at = tally.at[node.value()];
    if (at.domain == kNone) {
      place.push_back(kNowhere);
    } else if (at.is_host) {
      const bool is_soft = tally.role == Role::kSoftSpread;
      place.push_back(2 * (is_soft ? at.pods : tally.domains[at.domain].pods) + 1);
    } else {
      place.push_back(2 * std::int64_t{at.domain});
    }
  }
}

// --- filters

// Least pods in any domain, if one of them had `extra` more.
std::int64_t ClassTopology::least(const Tally& tally, std::uint32_t domain, std::int64_t extra) {
  if (tally.domain_count < tally.spread->min_domains) return 0;
  if (tally.sums.empty()) return std::numeric_limits<std::int32_t>::max();
  if (extra == 0) return tally.sums.begin()->first;
  const std::int64_t pods = tally.domains[domain].pods;
  auto least = tally.sums.begin();
  if (least->first == pods && least->second == 1) ++least;
  return least == tally.sums.end() ? pods + extra : std::min(least->first, pods + extra);
}

// `pods` in the node's domain, kNowhere without one; `drawing`: pods anywhere that the class's pod
// affinity is about. Without any, the first of its kind goes anywhere.
template <class Pods, class Least>
Reasons ClassTopology::refuse_by(Pods pods, Least least_pods, std::int64_t drawing) const {
  std::size_t i = 0;
  for (; i < first(Role::kRequiredAffinity); ++i) {
    const std::int64_t here = pods(i);
    if (here == kNowhere) return kSpreadLabel;
    const int itself = tallies_[i].matches_itself ? 1 : 0;
    if (here + itself - least_pods(i) > tallies_[i].max_skew) return kSpread;
  }
  bool is_drawn = true;
  for (; i < first(Role::kRequiredAntiAffinity); ++i) {
    const std::int64_t here = pods(i);
    if (here == kNowhere) return kPodAffinity;
    is_drawn = is_drawn && (here > 0 || (drawing == 0 && tallies_[i].matches_itself));
  }
  if (!is_drawn) return kPodAffinity;
  for (; i < first(Role::kExistingAntiAffinity); ++i) {
    if (pods(i) > 0) return kPodAntiAffinity;
  }
  for (; i < first(Role::kSoftSpread); ++i) {
    if (pods(i) > 0) return kOthersAntiAffinity;
  }
  return 0;
}

Reasons ClassTopology::refuse(const Place& place) const {
  std::int64_t drawing = 0;
  for (std::size_t i = first(Role::kRequiredAffinity); i < first(Role::kRequiredAntiAffinity);
       ++i) {
    drawing += tallies_[i].total;
  }
  const auto pods = [&](std::size_t i) -> std::int64_t {
    if (place[i] == kNowhere) return kNowhere;
    if ((place[i] & 1) != 0) return (place[i] - 1) / 2;
    return tallies_[i].domains[static_cast<std::size_t>(place[i] / 2)].pods;
  };
  return refuse_by(pods, [&](std::size_t i) { return least(tallies_[i], kNone, 0); }, drawing);
}

Reasons ClassTopology::refuse_target(NodeId node) const {
  std::int64_t drawing = 0;
  for (std::size_t i = first(Role::kRequiredAffinity); i < first(Role::kRequiredAntiAffinity);
       ++i) {
    drawing += tallies_[i].total;
  }
  const auto is_alone = [&](std::size_t i) {
    return tallies_[i].role == Role::kHardSpread && tallies_[i].spread->honor_node_affinity;
  };
  const auto pods = [&](std::size_t i) -> std::int64_t {
    const At& at = tallies_[i].at[node.value()];
    if (at.domain == kNone) return kNowhere;
    if (is_alone(i)) return at.counts ? at.pods : 0;
    return tallies_[i].domains[at.domain].pods;
  };
  const auto least_pods = [&](std::size_t i) -> std::int64_t {
    if (!is_alone(i)) return least(tallies_[i], kNone, 0);
    const At& at = tallies_[i].at[node.value()];
    const int domains = at.counts ? 1 : 0;
    if (domains < tallies_[i].spread->min_domains) return 0;
    return at.counts ? at.pods : std::numeric_limits<std::int32_t>::max();
  };
  return refuse_by(pods, least_pods, drawing);
}

// Where no term of the class or of a pod that is there matters, the whole filter is left out, and
// with it the terms of nominated pods [k8s: interpodaffinity PreFilter].
bool ClassTopology::skips_affinity() const {
  if (first(Role::kRequiredAffinity) < first(Role::kExistingAntiAffinity)) return false;
  for (std::size_t i = first(Role::kExistingAntiAffinity); i < first(Role::kSoftSpread); ++i) {
    if (tallies_[i].total > 0) return false;
  }
  return true;
}

Reasons ClassTopology::refuse(NodeId node, const Extra& extra) const {
  std::int64_t drawing = 0;
  for (std::size_t i = first(Role::kRequiredAffinity); i < first(Role::kRequiredAntiAffinity);
       ++i) {
    drawing += tallies_[i].total + extra[i];
  }
  const auto domain = [&](std::size_t i) { return tallies_[i].at[node.value()].domain; };
  const bool is_skipped = skips_affinity();
  const auto pods = [&](std::size_t i) -> std::int64_t {
    if (is_skipped && tallies_[i].role == Role::kExistingAntiAffinity) return 0;
    return domain(i) == kNone ? kNowhere : tallies_[i].domains[domain(i)].pods + extra[i];
  };
  return refuse_by(
      pods, [&](std::size_t i) { return least(tallies_[i], domain(i), extra[i]); }, drawing);
}

// Terminating pods weigh in full here, as with the real plugin's AddPod and RemovePod.
void ClassTopology::add(Extra& extra, NodeId node, LabelGroup labels, AffinityGroup affinity,
                        int by) const {
  extra.resize(tallies_.size());
  for (std::size_t i = 0; i < tallies_.size(); ++i) {
    const Tally& tally = tallies_[i];
    if (!tally.at[node.value()].counts) continue;
    const std::int64_t weight =
        weight_of(tally.label_weights, labels) + weight_of(tally.term_weights, affinity);
    extra[i] += by * weight;
  }
}

}  // namespace casim::sim
