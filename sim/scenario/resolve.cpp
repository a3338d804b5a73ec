#include "sim/scenario/resolve.h"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "sim/cluster/fit.h"
#include "sim/cluster/volume_zone.h"
#include "sim/ec2/billing.h"
#include "src/provider/node_template.h"

namespace casim::sim {
namespace {

// The one cluster of the simulated account, so a scenario need not name it.
constexpr const char* kClusterName = "casim";

provider::TemplateTerms terms_of(const Scenario& scenario) {
  return {
      .catalogue = *scenario.ec2.catalogue,
      .reservation = {.max_pods_cap = scenario.nodes.max_pods_cap, .vm_memory_overhead = Bytes(0)},
      .is_kube_reserved = scenario.nodes.kube_reserved != KubeReserved::kNone};
}

const ec2::InstanceType& type_of(const std::string& name, const Scenario& scenario) {
  const auto found = scenario.ec2.catalogue->find(name);
  assert(found != scenario.ec2.catalogue->end());
  return found->second;
}

provider::Taint to_provider(const Taint& taint) {
  return {taint.key, taint.value, std::string(name_of(taint.effect))};
}

}  // namespace

const std::string& initial_type(const provider::GroupConfig& group) {
  return group.instance_types.front();
}

const std::string& initial_zone(const provider::GroupConfig& group, SlotId slot) {
  return group.zones[slot.value() % group.zones.size()];
}

Taint from_provider(const provider::Taint& taint) {
  const TaintEffect effect = taint.effect == "NoExecute"          ? TaintEffect::kNoExecute
                             : taint.effect == "PreferNoSchedule" ? TaintEffect::kPreferNoSchedule
                                                                  : TaintEffect::kNoSchedule;
  return {taint.key, taint.value, effect};
}

provider::GroupConfig resolve_group(const NodeGroupConfig& group, const Scenario& scenario) {
  provider::GroupConfig out;
  out.id = group.name;
  out.min_size = group.min;
  out.max_size = group.max;
  out.instance_types = group.instance_types;
  out.zones = group.zones;
  out.lifecycle = group.lifecycle;
  out.options = group.options;
  const ec2::InstanceType& first = type_of(group.instance_types.front(), scenario);
  out.price = price_as_bought(first, group.lifecycle, scenario.ec2.spot);
  provider::NodeTemplate& node = out.node_template;
  node = provider::make_template(group.instance_types, group.zones, terms_of(scenario));
  for (const auto& [key, value] : group.labels) node.labels[key] = value;
  for (const Taint& taint : group.taints) node.taints.push_back(to_provider(taint));
  return out;
}

provider::Config resolve_provider(const Scenario& scenario) {
  provider::Config out;
  out.cluster = kClusterName;
  for (const NodeGroupConfig& group : scenario.node_groups) {
    out.groups.push_back(resolve_group(group, scenario));
  }
  out.join_timeout = scenario.provider.join_timeout;
  out.reconcile = scenario.provider.reconcile;
  out.clamp_decrease = scenario.provider.clamp_decrease;
  out.launch_batch = scenario.provider.launch_batch;
  out.launch_window = scenario.provider.launch_window;
  out.terminate_window = scenario.provider.terminate_window;
  return out;
}

Node resolve_static_node(const StaticNodeConfig& config, const Scenario& scenario) {
  const ec2::InstanceType& type = type_of(config.instance_type, scenario);
  const provider::TemplateTerms terms = terms_of(scenario);
  Node node;
  node.name = config.name;
  node.labels = provider::well_known_labels(type, terms.gpu_label);
  node.labels["kubernetes.io/hostname"] = config.name;
  for (const auto& [key, value] : config.labels) node.labels[key] = value;
  node.taints = config.taints;
  node.capacity = ec2::capacity_of(type, terms.reservation);
  node.allocatable = provider::allocatable_of(type, terms);
  node.ready = true;
  return node;
}

std::vector<Node> resolve_static_nodes(const Scenario& scenario) {
  std::vector<Node> nodes;
  for (const StaticNodeConfig& node : scenario.static_nodes) {
    nodes.push_back(resolve_static_node(node, scenario));
  }
  return nodes;
}

std::string why_not(const PodSpec& pod, const Labels& labels, const std::vector<Taint>& taints,
                    const Resources& room) {
  if (!selects(pod, labels)) return "does not match its nodeSelector or node affinity";
  if (!reaches_volumes(pod, labels)) return "is not in the zone of its volumes";
  if (!tolerates_all(pod.tolerations, taints)) return "has a taint that it does not tolerate";
  const Resources& need = pod.requests;
  if (need.cpu > room.cpu) {
    return fmt::format("has {} cpu of {}", to_string(room.cpu), to_string(need.cpu));
  }
  if (need.memory > room.memory) {
    return fmt::format("has {} memory of {}", to_string(room.memory), to_string(need.memory));
  }
  for (const auto& [name, amount] : need.extended) {
    const auto found = room.extended.find(name);
    const std::int64_t has = found == room.extended.end() ? 0 : found->second;
    if (amount > has) return fmt::format("has {} {} of {}", has, name, amount);
  }
  return need.fits_in(room) ? "" : "is too small";
}

std::string why_not_group(const PodSpec& pod, const NodeGroupConfig& given,
                          const provider::GroupConfig& group) {
  const provider::NodeTemplate& node = group.node_template;
  std::vector<Taint> taints;
  for (const provider::Taint& taint : node.taints) taints.push_back(from_provider(taint));
  std::string why = why_not(pod, node.labels, taints, node.allocatable);
  if (why.empty()) return why;
  for (const std::string& zone : group.zones) {
    Labels labels = node.labels;
    labels["topology.kubernetes.io/zone"] = zone;
    Resources allocatable = node.allocatable;
    if (given.registered) differ_from_template(*given.registered, zone, labels, allocatable);
    if (why_not(pod, labels, taints, allocatable).empty()) return "";
  }
  return why;
}

std::string why_never_fits(const PodSpec& pod, const std::vector<NodeGroupConfig>& given,
                           const std::vector<provider::GroupConfig>& groups,
                           const std::vector<Node>& static_nodes) {
  assert(given.size() == groups.size());
  std::string reasons;
  const auto add = [&reasons](const std::string& who, const std::string& why) {
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : "; ", who, why);
  };
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const provider::GroupConfig& group = groups[g];
    std::string why = why_not_group(pod, given[g], group);
    if (why.empty() && group.max_size == 0) why = "may not have a node (max 0)";
    if (why.empty()) return "";
    add(group.id, why);
  }
  for (const Node& node : static_nodes) {
    const std::string why = why_not(pod, node.labels, node.taints, node.allocatable);
    if (why.empty()) return "";
    add(node.name, why);
  }
  return reasons;
}

}  // namespace casim::sim
