#include "sim/workloads/daemon_nodes.h"

#include <algorithm>
#include <utility>

namespace casim::sim {

namespace {

// Takes as many as are allowed of those that have to be chosen among, in that order.
template <class T>
void take(std::vector<std::pair<std::uint64_t, T>> candidates, std::int64_t most,
          std::vector<T>& out) {
  if (most <= 0) return;
  std::ranges::sort(candidates);
  for (std::size_t i = 0; i < candidates.size() && static_cast<std::int64_t>(i) < most; ++i) {
    out.push_back(candidates[i].second);
  }
}

}  // namespace

template <class Change>
void DaemonNodes::edit(const std::string& node, Change change) {
  Entry& entry = entries_[node];
  count(entry, -1);
  change(entry);
  count(entry, 1);
  changed_.insert(node);
  if (!entry.exists && entry.pods.empty()) {
    entries_.erase(node);
    changed_.erase(node);
  }
}

bool DaemonNodes::put_node(const std::string& name, DaemonEligibility eligibility) {
  const auto known = entries_.find(name);
  if (known != entries_.end() && known->second.exists && known->second.eligibility == eligibility) {
    return false;
  }
  edit(name, [&](Entry& entry) {
    entry.exists = true;
    entry.eligibility = eligibility;
  });
  return true;
}

void DaemonNodes::remove_node(const std::string& name) {
  if (!entries_.contains(name)) return;
  edit(name, [](Entry& entry) { entry.exists = false; });
}

void DaemonNodes::put_pod(const std::string& node, const DaemonPod& pod) {
  edit(node, [&](Entry& entry) {
    const auto known = std::ranges::find(entry.pods, pod.id, &DaemonPod::id);
    if (known == entry.pods.end()) {
      entry.pods.push_back(pod);
    } else {
      *known = pod;
    }
  });
}

void DaemonNodes::remove_pod(const std::string& node, PodId pod) {
  if (!entries_.contains(node)) return;
  edit(node, [&](Entry& entry) {
    std::erase_if(entry.pods, [pod](const DaemonPod& one) { return one.id == pod; });
  });
}

void DaemonNodes::set_updated(const std::function<bool(PodId)>& is_updated) {
  for (auto& [name, entry] : entries_) {
    count(entry, -1);
    for (DaemonPod& pod : entry.pods) pod.updated = is_updated(pod.id);
    count(entry, 1);
    changed_.insert(name);
  }
}

void DaemonNodes::count(const Entry& entry, int sign) {
  for (const DaemonPod& pod : entry.pods) {
    ready_pods_ += pod.ready ? sign : 0;
    old_pods_ += !pod.updated && !pod.terminating ? sign : 0;
  }
  if (!entry.exists) return;
  if (!entry.eligibility.should_run) {
    counts_.misscheduled += entry.pods.empty() ? 0 : sign;
    return;
  }
  counts_.desired += sign;
  if (entry.pods.empty()) return;
  counts_.current += sign;
  const DaemonPod& oldest = entry.pods.front();
  counts_.ready += oldest.ready ? sign : 0;
  counts_.updated += oldest.updated ? sign : 0;
}

DaemonWrites DaemonNodes::manage(bool allows_surge, std::size_t most, const MayDelete& may_delete) {
  DaemonWrites out;
  std::set<std::string> left;
  for (const std::string& name : std::exchange(changed_, {})) {
    const auto found = entries_.find(name);
    if (found == entries_.end()) continue;
    DaemonWrites here;
    manage_node(name, found->second, allows_surge, may_delete, here);
    const bool fits = out.create.size() + here.create.size() <= most &&
                      out.remove.size() + here.remove.size() <= most;
    if (!fits) {
      left.insert(name);
      continue;
    }
    out.create.insert(out.create.end(), here.create.begin(), here.create.end());
    out.remove.insert(out.remove.end(), here.remove.begin(), here.remove.end());
  }
  changed_.merge(left);
  return out;
}

void DaemonNodes::manage_node(const std::string& name, const Entry& entry, bool allows_surge,
                              const MayDelete& may_delete, DaemonWrites& out) const {
  if (!entry.exists) {
    // Nobody else deletes what can never be bound.
    for (const DaemonPod& pod : entry.pods) {
      if (!pod.bound && !pod.terminating) out.remove.push_back(pod.id);
    }
    return;
  }
  if (entry.eligibility.should_run && entry.pods.empty()) return out.create.push_back(name);
  std::vector<const DaemonPod*> running;
  for (const DaemonPod& pod : entry.pods) {
    if (pod.terminating) continue;
    if (!entry.eligibility.may_stay || pod.succeeded) {
      out.remove.push_back(pod.id);
    } else if (pod.failed) {
      if (may_delete(name)) out.remove.push_back(pod.id);
    } else {
      running.push_back(&pod);
    }
  }
  if (!entry.eligibility.may_stay) return;
  if (allows_surge) {
    if (running.empty() && entry.eligibility.should_run) out.create.push_back(name);
    if (running.size() > 1) prune_surge(running, out);
  } else {
    for (std::size_t i = 1; i < running.size(); ++i) out.remove.push_back(running[i]->id);
  }
}

// Two may stay while the old one is Ready and the new one is not.
void DaemonNodes::prune_surge(const std::vector<const DaemonPod*>& running, DaemonWrites& out) {
  const DaemonPod* fresh = nullptr;
  const DaemonPod* old = nullptr;
  for (const DaemonPod* pod : running) {
    const DaemonPod*& oldest = pod->updated ? fresh : old;
    if (oldest == nullptr) {
      oldest = pod;
    } else {
      out.remove.push_back(pod->id);
    }
  }
  if (fresh != nullptr && old != nullptr && (!old->ready || fresh->ready)) {
    out.remove.push_back(old->id);
  }
}

DaemonNodes::Pair DaemonNodes::pair_on(const Entry& entry) {
  Pair pair;
  for (const DaemonPod& pod : entry.pods) {
    if (pod.terminating) continue;
    const DaemonPod*& one = pod.updated ? pair.fresh : pair.old;
    if (one != nullptr) pair.ok = false;
    one = &pod;
  }
  return pair;
}

// Without surge old pods go, with it new ones come beside them. Nodes whose old pod is not
// available do not count.
DaemonWrites DaemonNodes::roll(
    std::int64_t max_surge, std::int64_t max_unavailable,
    const std::function<std::uint64_t(const std::string&)>& order) const {
  DaemonWrites out;
  std::int64_t used = 0;  // of surge, or of what may be unavailable
  std::vector<std::pair<std::uint64_t, std::string>> nodes;
  std::vector<std::pair<std::uint64_t, PodId>> pods;
  for (const auto& [name, entry] : entries_) {
    if (entry.pods.empty() && !(entry.exists && entry.eligibility.should_run)) continue;
    const Pair pair = pair_on(entry);
    if (!pair.ok) {
      ++used;
    } else if (max_surge == 0) {
      if ((pair.old == nullptr) == (pair.fresh == nullptr)) {
        ++used;
      } else if (pair.fresh != nullptr) {
        used += pair.fresh->ready ? 0 : 1;
      } else if (!pair.old->ready) {
        out.remove.push_back(pair.old->id);
      } else {
        pods.emplace_back(order(name), pair.old->id);
      }
    } else if (pair.old != nullptr) {
      if (pair.fresh == nullptr && !pair.old->ready) {
        out.create.push_back(name);
      } else if (pair.fresh == nullptr) {
        nodes.emplace_back(order(name), name);
      } else if (!pair.fresh->ready) {
        ++used;
      } else {
        out.remove.push_back(pair.old->id);
      }
    }
  }
  take(std::move(nodes), max_surge - used, out.create);
  take(std::move(pods), max_unavailable - used, out.remove);
  return out;
}

}  // namespace casim::sim
