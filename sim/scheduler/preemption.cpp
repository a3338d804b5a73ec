#include "sim/scheduler/preemption.h"

#include <algorithm>
#include <array>

namespace casim::sim {

namespace {

// Nodes that are looked at: 10 % of those worth it, but no fewer than 100
// [k8s: minCandidateNodesPercentage, minCandidateNodesAbsolute].
std::size_t candidates_wanted(std::size_t potential) {
  return std::min(potential, std::max<std::size_t>(potential * 10 / 100, 100));
}

bool is_more_important(const PodOnNode& a, const PodOnNode& b) {
  if (a.spec->priority != b.spec->priority) return a.spec->priority > b.spec->priority;
  return a.state.start_time < b.state.start_time;
}

// Nodes by what speaks against them even without the pods of lower priority; last: there are none.
using Stays = std::array<std::uint64_t, kReasonCount + 1>;

std::uint64_t message_of(const Stays& stays) {
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < stays.size(); ++i) {
    if (stays[i] > 0) hash = hash_combine(hash, stays[i] * stays.size() + i);
  }
  return hash;
}

// The smaller, the better; in this order.
std::array<std::int64_t, 5> badness(const Victims& victims) {
  constexpr std::int64_t kShift = std::int64_t{1} << 31;  // makes all priorities positive
  std::int64_t sum = 0;
  WallTime earliest = WallTime::max();  // of those of the highest priority
  const std::int32_t highest = victims.pods.front().spec->priority;
  for (const PodOnNode& pod : victims.pods) {
    sum += pod.spec->priority + kShift;
    if (pod.spec->priority == highest) earliest = std::min(earliest, pod.state.start_time);
  }
  return {victims.violations, highest, sum, static_cast<std::int64_t>(victims.pods.size()),
          -earliest.time_since_epoch().count()};
}

}  // namespace

void Preemption::put(PodDisruptionBudget pdb) {
  Cluster::PdbKey key(pdb.namespace_name, pdb.name);
  pdbs_.insert_or_assign(std::move(key), std::move(pdb));
}

std::uint64_t Preemption::nobody_is_lower(std::size_t nodes) {
  Stays stays{};
  stays.back() = nodes;
  return message_of(stays);
}

std::optional<Victims> Preemption::find(const ClassCandidates& among, const PodClass& pod_class,
                                        const std::vector<NodeId>& potential, std::uint64_t key,
                                        std::uint64_t attempt, std::uint64_t& message) const {
  message = nobody_is_lower(0);
  if (potential.empty()) return std::nullopt;
  const std::size_t wanted = candidates_wanted(potential.size());
  const std::size_t offset =
      random_.index("scheduler.preemption.offset", key, attempt, potential.size());
  std::vector<Victims> fair;  // no budget is broken
  std::vector<Victims> unfair;
  Stays stays{};
  for (std::size_t i = 0; i < potential.size(); ++i) {
    Reasons reasons = 0;
    auto victims = select(among, pod_class, potential[(offset + i) % potential.size()], reasons);
    if (victims) {
      std::vector<Victims>& list = victims->violations == 0 ? fair : unfair;
      if (list.size() < wanted) list.push_back(std::move(*victims));
      if (!fair.empty() && fair.size() + unfair.size() >= wanted) break;
      continue;
    }
    if (reasons == 0) ++stays.back();
    for (std::size_t bit = 0; bit < kReasonCount; ++bit) stays[bit] += reasons >> bit & 1;
  }
  message = message_of(stays);
  fair.insert(fair.end(), unfair.begin(), unfair.end());
  if (fair.empty()) return std::nullopt;
  return fair[pick(fair, key, attempt)];
}

std::optional<Victims> Preemption::select(const ClassCandidates& among, const PodClass& pod_class,
                                          NodeId node, Reasons& stays) const {
  std::vector<PodOnNode> lower;
  for (const PodOnNode& pod : nodes_[node].pods) {
    if (pod.spec->priority < pod_class.spec->priority) lower.push_back(pod);
  }
  stays = 0;
  if (lower.empty()) return std::nullopt;
  SchedulerNodeInfo room = nodes_[node];
  const ClassTopology& topology = among.topology();
  ClassTopology::Extra extra(topology.size());
  const auto weigh = [&](const PodOnNode& pod, int by) {
    topology.add(extra, node, nodes_.group_of(pod.spec), nodes_.affinity_group_of(pod.spec), by);
  };
  const auto take = [&](const PodOnNode& pod) {
    remove_pod_from(room, pod.id);
    weigh(pod, -1);
  };
  for (const PodOnNode& pod : lower) take(pod);
  stays = among.judge_trial(node, room, extra);
  if (stays != 0) return std::nullopt;
  // As many as possible may stay after all, the most important first.
  std::stable_sort(lower.begin(), lower.end(), is_more_important);
  const std::size_t violating = split_by_budget(lower);
  Victims victims;
  victims.node = node;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    add_pod_to(room, lower[i]);
    weigh(lower[i], 1);
    if (among.judge_trial(node, room, extra) == 0) continue;
    take(lower[i]);
    victims.pods.push_back(lower[i]);
    if (i < violating) ++victims.violations;
  }
  if (victims.pods.empty()) return std::nullopt;
  std::stable_sort(victims.pods.begin(), victims.pods.end(), is_more_important);
  return victims;
}

// Here a budget without a selector is about no pod.
std::size_t Preemption::split_by_budget(std::vector<PodOnNode>& pods) const {
  std::map<Cluster::PdbKey, int> left;
  for (const auto& [key, pdb] : pdbs_) left[key] = pdb.disruptions_allowed;
  std::vector<PodOnNode> kept;
  std::vector<PodOnNode> violating;
  for (PodOnNode& pod : pods) {
    bool is_violated = false;
    for (const auto& [key, pdb] : pdbs_) {
      const PodSpec& spec = *pod.spec;
      if (spec.labels.empty() || pdb.namespace_name != spec.namespace_name) continue;
      if (pdb.selector.empty() || !matches(pdb.selector, spec.labels)) continue;
      if (--left[key] < 0) is_violated = true;
    }
    (is_violated ? violating : kept).push_back(std::move(pod));
  }
  const std::size_t count = violating.size();
  pods = std::move(violating);
  pods.insert(pods.end(), kept.begin(), kept.end());
  return count;
}

std::size_t Preemption::pick(const std::vector<Victims>& candidates, std::uint64_t key,
                             std::uint64_t attempt) const {
  std::vector<std::size_t> best;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!best.empty()) {
      const auto mine = badness(candidates[i]);
      const auto least = badness(candidates[best.front()]);
      if (mine > least) continue;
      if (mine < least) best.clear();
    }
    best.push_back(i);
  }
  return best[random_.index("scheduler.preemption.tie", key, attempt, best.size())];
}

}  // namespace casim::sim
