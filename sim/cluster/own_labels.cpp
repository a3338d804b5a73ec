#include "sim/cluster/own_labels.h"

#include <vector>

#include "src/core/random.h"

namespace casim::sim {
namespace {

void fill_in(LabelSelector& selector, const std::string& key, const std::string& value) {
  for (LabelRequirement& requirement : selector) {
    if (requirement.key == key && requirement.values == std::vector<std::string>{kOwnValue}) {
      requirement.values = {value};
    }
  }
}

}  // namespace

void set_label(PodSpec& pod, const std::string& key, const std::string& value) {
  pod.labels[key] = value;
  for (TopologySpread& spread : pod.topology_spread) fill_in(spread.selector, key, value);
  for (auto* terms : {&pod.pod_affinity, &pod.pod_anti_affinity}) {
    for (PodAffinityTerm& term : *terms) fill_in(term.selector, key, value);
  }
  for (auto* terms : {&pod.preferred_pod_affinity, &pod.preferred_pod_anti_affinity}) {
    for (WeightedPodAffinityTerm& one : *terms) fill_in(one.term.selector, key, value);
  }
}

std::string safe_hash(std::string_view text) {
  constexpr std::string_view kSafe = "bcdfghjklmnpqrstvwxz2456789";
  std::string out = std::to_string(static_cast<std::uint32_t>(hash_bytes(text)));
  for (char& c : out) c = kSafe[static_cast<unsigned char>(c) % kSafe.size()];
  return out;
}

}  // namespace casim::sim
