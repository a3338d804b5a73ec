#include "sim/scheduler/pod_class.h"

#include <tuple>
#include <utility>

#include "src/core/random.h"

namespace casim::sim {

namespace {

// The default spreading constraints need a selector, which services aside only these owners give
// [k8s: pkg/scheduler/framework/plugins/helper/spread.go].
bool has_spreading_owner(const PodSpec& spec) {
  return spec.owner == OwnerKind::kReplicaSet || spec.owner == OwnerKind::kReplicationController ||
         spec.owner == OwnerKind::kStatefulSet;
}

bool labels_matter(const PodSpec& spec) {
  return has_spreading_owner(spec) || !spec.topology_spread.empty() || !spec.pod_affinity.empty() ||
         !spec.pod_anti_affinity.empty() || !spec.preferred_pod_affinity.empty() ||
         !spec.preferred_pod_anti_affinity.empty();
}

auto fields_of(const PodSpec& spec) {
  return std::tie(spec.requests, spec.scored, spec.node_selector, spec.node_affinity,
                  spec.preferred_node_affinity, spec.tolerations, spec.pod_affinity,
                  spec.pod_anti_affinity, spec.preferred_pod_affinity,
                  spec.preferred_pod_anti_affinity, spec.topology_spread, spec.host_ports,
                  spec.images, spec.priority, spec.preempts, spec.volume_zone);
}

bool is_same_class(const PodSpec& a, const PodSpec& b) {
  if (fields_of(a) != fields_of(b)) return false;
  if (has_spreading_owner(a) != has_spreading_owner(b)) return false;
  return !labels_matter(a) ||
         std::tie(a.namespace_name, a.labels) == std::tie(b.namespace_name, b.labels);
}

// Equal for specs of one class; a few fields suffice to tell most others apart.
std::uint64_t hash_of(const PodSpec& spec) {
  std::uint64_t hash = hash_combine(static_cast<std::uint64_t>(spec.requests.cpu.value()),
                                    static_cast<std::uint64_t>(spec.requests.memory.value()));
  hash = hash_combine(hash, static_cast<std::uint64_t>(spec.priority));
  if (!spec.volume_zone.empty()) hash = hash_combine(hash, hash_bytes(spec.volume_zone));
  for (const auto& [key, value] : spec.node_selector) {
    hash = hash_combine(hash, hash_bytes(value, hash_bytes(key)));
  }
  for (const auto& [name, amount] : spec.requests.extended) {
    hash = hash_combine(hash, hash_bytes(name, static_cast<std::uint64_t>(amount)));
  }
  if (!labels_matter(spec)) return hash;
  for (const auto& [key, value] : spec.labels) {
    hash = hash_combine(hash, hash_bytes(value, hash_bytes(key)));
  }
  return hash;
}

PodClass make_class(const PodSpecPtr& spec) {
  PodClass made;
  made.spec = spec;
  made.nonzero_cpu = nonzero_cpu(*spec);
  made.nonzero_memory = nonzero_memory(*spec);
  made.is_best_effort = spec->requests.cpu.value() <= 0 && spec->requests.memory.value() <= 0;
  made.has_selector = !spec->node_selector.empty() || !spec->node_affinity.empty();
  made.spreads_by_default = spec->topology_spread.empty() && has_spreading_owner(*spec);
  return made;
}

}  // namespace

ClassId PodClasses::of(const PodSpecPtr& spec) {
  const auto known = by_spec_.find(spec.get());
  if (known != by_spec_.end()) return known->second.second;
  const std::uint64_t hash = hash_of(*spec);
  std::vector<std::uint32_t> terms = matching(*spec, 0);
  ClassId id;
  const auto [first, last] = by_hash_.equal_range(hash);
  for (auto at = first; at != last; ++at) {
    const PodClass& other = *classes_[at->second.value()];
    if (is_same_class(*other.spec, *spec) && other.matched_terms == terms) id = at->second;
  }
  if (!id.is_valid()) {
    id = ClassId(static_cast<ClassId::rep>(classes_.size()));
    classes_.push_back(std::make_unique<PodClass>(make_class(spec)));
    classes_.back()->matched_terms = std::move(terms);
    by_hash_.emplace(hash, id);
  }
  if (by_spec_.size() >= 4096) by_spec_.clear();  // only a short-cut
  by_spec_.emplace(spec.get(), std::pair(spec, id));
  return id;
}

void PodClasses::learn(const std::vector<AffinityTerm>& terms) {
  const std::size_t from = terms_.size();
  if (terms.size() == from) return;
  terms_.insert(terms_.end(), terms.begin() + static_cast<std::ptrdiff_t>(from), terms.end());
  by_spec_.clear();
  for (const auto& one : classes_) {
    for (const std::uint32_t term : matching(*one->spec, from)) one->matched_terms.push_back(term);
  }
}

std::vector<std::uint32_t> PodClasses::matching(const PodSpec& spec, std::size_t from) const {
  std::vector<std::uint32_t> found;
  for (std::size_t i = from; i < terms_.size(); ++i) {
    if (terms_[i].matches(spec)) found.push_back(static_cast<std::uint32_t>(i));
  }
  return found;
}

}  // namespace casim::sim
