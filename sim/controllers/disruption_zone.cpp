#include "sim/controllers/disruption_zone.h"

namespace casim::sim {
namespace {

std::string label(const Labels& labels, const char* key) {
  const auto found = labels.find(key);
  return found == labels.end() ? "" : found->second;
}

}  // namespace

std::string zone_of(const Labels& node) {
  const std::string region = label(node, "topology.kubernetes.io/region");
  const std::string zone = label(node, "topology.kubernetes.io/zone");
  return region.empty() && zone.empty() ? "" : region + "/" + zone;
}

void DisruptionZone::open(const EvictionRates& rates) {
  is_open = true;
  state = Disruption::kInitial;
  queue = TaintQueue(static_cast<float>(rates.node_eviction_rate));
}

Disruption DisruptionZone::disruption(const EvictionRates& rates) const {
  if (ready == 0 && not_ready > 0) return Disruption::kFull;
  const float down = static_cast<float>(not_ready) / static_cast<float>(not_ready + ready);
  const bool is_partial =
      not_ready > 2 && down >= static_cast<float>(rates.unhealthy_zone_threshold);
  return is_partial ? Disruption::kPartial : Disruption::kNone;
}

void DisruptionZone::enter(Disruption next, const EvictionRates& rates, TimePoint now) {
  double qps = rates.node_eviction_rate;
  if (next == Disruption::kPartial) {
    const bool is_large = ready + not_ready > rates.large_cluster_size_threshold;
    qps = is_large ? rates.secondary_node_eviction_rate : 0;
  }
  state = next;
  // A round takes a moment: its limiters count from just after the instant on which it falls.
  queue.swap_rate(static_cast<float>(qps), now + std::chrono::microseconds(1));
}

}  // namespace casim::sim
