#include "sim/scenario/initial_room.h"

#include <algorithm>
#include <cassert>

#include "sim/cluster/fit.h"
#include "sim/cluster/volume_zone.h"
#include "sim/scenario/resolve.h"

namespace casim::sim {

InitialRoom::InitialRoom(const Scenario& scenario) {
  std::uint64_t slots = 0;
  for (const NodeGroupConfig& group : scenario.node_groups) {
    groups_[group.name] = {resolve_group(group, scenario), group.registered, group.initial, slots};
    slots += static_cast<std::uint64_t>(group.initial);
  }
}

std::string InitialRoom::put(const std::string& group, int n, const PodSpecPtr& pod) {
  Node& to = node(group, n);
  // The first pod that is put somewhere has the volumes of its claims made there.
  std::string why = why_not(*claims_.with_zone(pod), to.labels, to.taints, to.left);
  if (!why.empty()) return why;
  const bool is_taken = std::any_of(to.on_ports.begin(), to.on_ports.end(),
                                    [&](const auto& other) { return share_port(*pod, *other); });
  if (is_taken) return "has a pod on the same host port";
  claims_.bind(*pod, std::string(zone_of_node(to.labels)));
  to.left -= pod->requests;
  if (!pod->host_ports.empty()) to.on_ports.push_back(pod);
  return "";
}

InitialRoom::Node& InitialRoom::node(const std::string& group, int n) {
  const Group& of = groups_.at(group);
  assert(n >= 0);
  assert(n < of.nodes);
  const auto [found, is_new] = nodes_.try_emplace({group, n});
  Node& node = found->second;
  if (!is_new) return node;
  const SlotId slot(of.first_slot + static_cast<std::uint64_t>(n));
  node.labels = of.config.node_template.labels;
  node.labels["node.kubernetes.io/instance-type"] = initial_type(of.config);
  node.labels["topology.kubernetes.io/zone"] = initial_zone(of.config, slot);
  for (const provider::Taint& taint : of.config.node_template.taints) {
    node.taints.push_back(from_provider(taint));
  }
  node.left = of.config.node_template.allocatable;
  if (of.registered) {
    differ_from_template(*of.registered, initial_zone(of.config, slot), node.labels, node.left);
  }
  return node;
}

}  // namespace casim::sim
