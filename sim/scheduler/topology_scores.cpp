// What pods elsewhere are worth to a class, node by node.
#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/scheduler/topology.h"

namespace casim::sim {

namespace {

constexpr std::int64_t kMaxTopologyScore = 100;

}  // namespace

void ClassTopology::score(std::size_t feasible, std::vector<ScoredNode>& window) {
  if (first(Role::kSoftSpread) < first(Role::kScore)) score_spreading(feasible, window);
  if (first(Role::kScore) < tallies_.size()) score_affinity(window);
}

// With constraints of its own the class leaves nodes without all keys out; the default ones do
// not, and let nodes without a zone count as one more domain [k8s: initPreScoreState].
bool ClassTopology::is_ignored(NodeId node) const {
  if (!ignores_without_key_) return false;
  for (std::size_t i = first(Role::kSoftSpread); i < first(Role::kScore); ++i) {
    if (tallies_[i].at[node.value()].domain == kNone) return true;
  }
  return false;
}

std::size_t ClassTopology::domains_met(const Tally& tally, const std::vector<ScoredNode>& window) {
  met_.clear();
  for (const ScoredNode& one : window) {
    if (is_ignored(one.node)) continue;
    const std::uint32_t domain = tally.at[one.node.value()].domain;
    if (std::find(met_.begin(), met_.end(), domain) == met_.end()) met_.push_back(domain);
  }
  return met_.size();
}

void ClassTopology::score_spreading(std::size_t feasible, std::vector<ScoredNode>& window) {
  weights_.clear();
  for (const ScoredNode& one : window) {
    if (is_ignored(one.node)) feasible -= one.stands_for;
  }
  for (std::size_t i = first(Role::kSoftSpread); i < first(Role::kScore); ++i) {
    const Tally& tally = tallies_[i];
    const std::size_t domains = tally.is_host ? feasible : domains_met(tally, window);
    weights_.push_back(std::log(static_cast<double>(domains) + 2));
  }
  raw_.clear();
  std::int64_t min = std::numeric_limits<std::int64_t>::max();
  std::int64_t max = 0;
  for (const ScoredNode& one : window) {
    raw_.push_back(is_ignored(one.node) ? -1 : std::llround(raw_spreading(one.node)));
    if (raw_.back() < 0) continue;
    min = std::min(min, raw_.back());
    max = std::max(max, raw_.back());
  }
  for (std::size_t i = 0; i < window.size(); ++i) {
    if (raw_[i] < 0) continue;
    const std::int64_t score =
        max == 0 ? kMaxTopologyScore : kMaxTopologyScore * (max + min - raw_[i]) / max;
    window[i].total += static_cast<std::int32_t>(2 * score);
  }
}

double ClassTopology::raw_spreading(NodeId node) const {
  double sum = 0;
  const std::size_t from = first(Role::kSoftSpread);
  for (std::size_t i = from; i < first(Role::kScore); ++i) {
    const Tally& tally = tallies_[i];
    const At& at = tally.at[node.value()];
    if (at.domain == kNone) continue;
    const std::int64_t pods = tally.is_host ? at.pods : tally.domains[at.domain].pods;
    sum += static_cast<double>(pods) * weights_[i - from] + (tally.max_skew - 1);
  }
  return sum;
}

void ClassTopology::score_affinity(std::vector<ScoredNode>& window) {
  raw_.clear();
  for (const ScoredNode& one : window) {
    std::int64_t sum = 0;
    for (std::size_t i = first(Role::kScore); i < tallies_.size(); ++i) {
      const At& at = tallies_[i].at[one.node.value()];
      if (at.domain != kNone) sum += tallies_[i].domains[at.domain].pods;
    }
    raw_.push_back(sum);
  }
  const auto [min, max] = std::minmax_element(raw_.begin(), raw_.end());
  if (raw_.empty() || *min == *max) return;
  for (std::size_t i = 0; i < window.size(); ++i) {
    const double share = static_cast<double>(raw_[i] - *min) / static_cast<double>(*max - *min);
    window[i].total +=
        2 * static_cast<std::int32_t>(static_cast<double>(kMaxTopologyScore) * share);
  }
}

}  // namespace casim::sim
