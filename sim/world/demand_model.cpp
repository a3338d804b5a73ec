#include "sim/world/demand_model.h"

#include <limits>

#include "sim/metrics/ideal_demand.h"
#include "sim/scenario/resolve.h"

namespace casim::sim {
namespace {

std::vector<Taint> taints_of(const provider::NodeTemplate& node) {
  std::vector<Taint> taints;
  for (const provider::Taint& taint : node.taints) taints.push_back(from_provider(taint));
  return taints;
}

// What the DaemonSets of a load ask for on a node of the group.
Resources daemon_sets_on(const provider::NodeTemplate& node, const LoadPlan& plan) {
  Resources sum;
  const std::vector<Taint> taints = taints_of(node);
  for (const PlannedWorkload& workload : plan.workloads) {
    const auto* set = std::get_if<ControlledSpec>(&workload);
    if (set == nullptr || !set->is_daemon_set()) continue;
    if (why_not(set->pod, node.labels, taints, node.allocatable).empty()) sum += set->pod.requests;
  }
  return sum;
}

}  // namespace

DemandModel::DemandModel(Parts parts, const LoadPlan& plan) : parts_(parts) {
  for (const provider::GroupConfig& group : parts_.groups) {
    const provider::NodeTemplate& node = group.node_template;
    offers_.push_back({.name = group.id,
                       .min = group.min_size,
                       .room = node.allocatable - daemon_sets_on(node, plan),
                       .price = group.price});
  }
}

std::uint32_t DemandModel::shape_of(PodId pod) {
  const PodSpecPtr& spec = parts_.cluster.pod(pod).spec;
  const PodLife& life = parts_.cluster.life(pod);
  const bool is_of_series =
      life.workload.is_valid() && parts_.workloads.series(life.workload).has_owner_each();
  if (!is_of_series) {
    const auto [entry, is_new] = of_spec_.try_emplace(spec, 0);
    if (is_new) entry->second = add(*spec);
    return entry->second;
  }
  const std::uint32_t shape = parts_.workloads.series(life.workload).shape_of(life.index);
  const auto [entry, is_new] = of_series_.try_emplace({life.workload, shape}, 0);
  if (is_new) entry->second = add(*spec);
  return entry->second;
}

std::uint32_t DemandModel::add(const PodSpec& pod) {
  shapes_.push_back({pod.requests, cheapest(pod)});
  return static_cast<std::uint32_t>(shapes_.size() - 1);
}

// By what its greatest share of a node costs, and where a price is not known by the share itself;
// groups with a price first, then by order.
std::optional<std::size_t> DemandModel::cheapest(const PodSpec& pod) const {
  if (pod.owner == OwnerKind::kDaemonSet) return std::nullopt;
  std::optional<std::size_t> best;
  bool is_priced = false;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t g = 0; g < offers_.size(); ++g) {
    const provider::GroupConfig& group = parts_.groups[g];
    if (group.max_size == 0) continue;
    if (!why_not_group(pod, parts_.scenario.node_groups[g], group).empty()) continue;
    const std::optional<double> share = greatest_share(pod.requests, offers_[g].room);
    if (!share) continue;
    const bool has_price = offers_[g].price.has_value();
    const double cost =
        has_price ? *share * static_cast<double>(offers_[g].price->micro_usd_per_hour) : *share;
    if (best && (is_priced && !has_price)) continue;
    const bool is_better = !best || (has_price && !is_priced) || cost < least;
    if (!is_better) continue;
    best = g;
    is_priced = has_price;
    least = cost;
  }
  return best;
}

}  // namespace casim::sim
