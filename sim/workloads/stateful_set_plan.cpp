#include "sim/workloads/stateful_set_plan.h"

#include <algorithm>

namespace casim::sim {

namespace {

const StatefulPod* find(const StatefulSetView& set, std::uint64_t ordinal) {
  const auto found = set.pods.find(ordinal);
  return found == set.pods.end() ? nullptr : &found->second;
}

StatefulWrite make(const StatefulSetView& set, std::uint64_t ordinal) {
  return {ordinal, ordinal < set.partition ? set.current_revision : set.revision, std::nullopt};
}

StatefulWrite remove(std::uint64_t ordinal, const StatefulPod& pod) {
  return {ordinal, "", pod.id};
}

// What is to be done about one ordinal that the set shall have.
std::optional<StatefulWrite> write_for(const StatefulSetView& set, std::uint64_t ordinal) {
  const StatefulPod* pod = find(set, ordinal);
  if (pod == nullptr) return make(set, ordinal);
  if (pod->finished && !pod->terminating) return remove(ordinal, *pod);
  return std::nullopt;
}

// True: the set waits for something, or has something to do, below or at its size.
bool plan_replicas(const StatefulSetView& set, StatefulPlan& plan) {
  plan.replicas.resize(set.replicas);
  for (std::uint64_t i = 0; i < set.replicas; ++i) {
    plan.replicas[i] = write_for(set, i);
    if (set.parallel) continue;
    if (plan.replicas[i] || set.pods.at(i).is_unavailable()) return true;
  }
  return false;
}

// The lowest pod that is not available; those that are still to be made count.
std::optional<std::uint64_t> first_unavailable(const StatefulSetView& set) {
  for (std::uint64_t i = 0; i < set.replicas; ++i) {
    const StatefulPod* pod = find(set, i);
    if (pod == nullptr || pod->is_unavailable()) return i;
  }
  for (auto at = set.pods.lower_bound(set.replicas); at != set.pods.end(); ++at) {
    if (at->second.is_unavailable()) return at->first;
  }
  return std::nullopt;
}

bool plan_condemned(const StatefulSetView& set, StatefulPlan& plan) {
  const std::optional<std::uint64_t> first = first_unavailable(set);
  for (auto at = set.pods.rbegin(); at != set.pods.rend() && at->first >= set.replicas; ++at) {
    const auto& [ordinal, pod] = *at;
    if (set.parallel) {
      plan.condemned.push_back(pod.terminating ? std::nullopt
                                               : std::optional(remove(ordinal, pod)));
      continue;
    }
    const bool may_go = !pod.terminating && (pod.available || ordinal == first);
    if (may_go) plan.condemned.push_back(remove(ordinal, pod));
    return true;
  }
  return false;
}

// Up to 1.36: one, and it waits at each pod that is not available.
void plan_one_outdated(const StatefulSetView& set, StatefulPlan& plan) {
  for (std::uint64_t i = set.replicas; i-- > set.partition;) {
    const StatefulPod* pod = find(set, i);
    if (pod != nullptr && pod->revision != set.revision && !pod->terminating) {
      plan.outdated.push_back(remove(i, *pod));
      return;
    }
    if (pod == nullptr || pod->is_unavailable()) return;
  }
}

// From 1.37: pods that are unavailable anyway go at once, others while the budget lasts.
void plan_outdated(const StatefulSetView& set, StatefulPlan& plan) {
  std::uint64_t unavailable = 0;
  for (std::uint64_t i = 0; i < set.replicas; ++i) {
    const StatefulPod* pod = find(set, i);
    unavailable += pod == nullptr || pod->is_unavailable() ? 1 : 0;
  }
  for (std::uint64_t i = set.replicas; i-- > set.partition;) {
    const StatefulPod* pod = find(set, i);
    if (pod == nullptr || pod->revision == set.revision || pod->terminating) continue;
    if (!pod->is_unavailable()) {
      if (unavailable >= *set.max_unavailable) continue;
      ++unavailable;
    }
    plan.outdated.push_back(remove(i, *pod));
  }
}

}  // namespace

StatefulPlan plan_stateful_set(const StatefulSetView& set) {
  StatefulPlan plan;
  if (plan_replicas(set, plan) || plan_condemned(set, plan)) return plan;
  if (set.max_unavailable) {
    plan_outdated(set, plan);
  } else {
    plan_one_outdated(set, plan);
  }
  return plan;
}

}  // namespace casim::sim
