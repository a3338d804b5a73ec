#include "sim/metrics/spot_losses.h"

#include <string_view>

namespace casim::sim {
namespace {

// EC2's state reason of an instance that was taken back (ec2.md 1.5).
constexpr std::string_view kTakenBack = "Server.SpotInstanceTermination";

}  // namespace

void SpotLosses::on_fact(TimePoint /*at*/, const Fact& fact) {
  const auto* ended = std::get_if<InstanceTerminated>(&fact);
  if (ended != nullptr && ended->reason == kTakenBack) interrupted_.insert(ended->instance);
}

SpotLossTotals SpotLosses::totals(const PodLedger& pods, const NodeLedger& nodes) const {
  SpotLossTotals out;
  out.interrupted = static_cast<std::int64_t>(interrupted_.size());
  if (interrupted_.empty()) return out;
  for (const PodRecord& pod : pods.pods()) {
    if (!pod.has_ended || !pod.node.is_valid()) continue;
    if (!interrupted_.contains(nodes.nodes().at(pod.node.value()).instance)) continue;
    if (pod.how == PodEnd::kEvicted) ++out.pods_evicted;
    if (pod.how == PodEnd::kLost) ++out.pods_lost;
  }
  return out;
}

void list_values(SummaryValues& out, const SpotLossTotals& totals) {
  out.add("spot.interrupted", ValueType::count("instances"), totals.interrupted,
          "Spot instances that EC2 has taken back");
  out.add("spot.pods_evicted", ValueType::count("pods"), totals.pods_evicted,
          "evicted from their nodes", Better::kLower);
  out.add("spot.pods_lost", ValueType::count("pods"), totals.pods_lost,
          "gone with their nodes, without a chance to stop", Better::kLower);
}

}  // namespace casim::sim
