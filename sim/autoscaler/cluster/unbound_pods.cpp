#include "sim/autoscaler/cluster/unbound_pods.h"

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>

#include "src/core/prefetch.h"

namespace casim::sim {

bool by_name(const PodPtr& a, const PodPtr& b) {
  return std::tie(a->spec->namespace_name, a->name) < std::tie(b->spec->namespace_name, b->name);
}

void UnboundPods::put(PodPtr pod) {
  const PodId id = pod->id;
  note(id, std::move(pod));
}

void UnboundPods::erase(PodId id) { note(id, nullptr); }

void UnboundPods::note(PodId id, PodPtr version) {
  const auto [change, is_first] = changes_.insert_or_assign(id, std::move(version));
  if (is_first) changed_.push_back(id);
}

const std::vector<PodPtr>& UnboundPods::list() const {
  if (changed_.empty()) return list_;
  for (std::size_t i = 0; i < list_.size(); ++i) {
    prefetch_after(list_, i);
    PodPtr& pod = list_[i];
    const auto change = changes_.find(pod->id);
    if (change != changes_.end()) pod = std::exchange(change->second, nullptr);
  }
  std::erase(list_, nullptr);
  const auto old = static_cast<std::ptrdiff_t>(list_.size());
  for (const PodId id : changed_) {
    PodPtr& fresh = changes_.find(id)->second;
    if (fresh != nullptr) list_.push_back(std::move(fresh));
  }
  std::sort(list_.begin() + old, list_.end(), by_name);
  std::inplace_merge(list_.begin(), list_.begin() + old, list_.end(), by_name);
  changes_.clear();
  changed_.clear();
  return list_;
}

}  // namespace casim::sim
