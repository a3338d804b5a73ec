// What the parts of the world are made of, computed from the scenario and the catalogue.
#pragma once

#include <string>
#include <vector>

#include "sim/cluster/objects.h"
#include "sim/scenario/scenario.h"
#include "src/provider/types.h"

namespace casim::sim {

// The group as the provider knows it. Its template is the least allocatable of its types, with
// well-known labels; zone and instance type only where there is one. Requires: known types.
provider::GroupConfig resolve_group(const NodeGroupConfig& group, const Scenario& scenario);

provider::Config resolve_provider(const Scenario& scenario);

// A node of no group, Ready, as old as the run.
Node resolve_static_node(const StaticNodeConfig& node, const Scenario& scenario);
std::vector<Node> resolve_static_nodes(const Scenario& scenario);

// The machine that an initial slot of the group has.
const std::string& initial_type(const provider::GroupConfig& group);
const std::string& initial_zone(const provider::GroupConfig& group, SlotId slot);

Taint from_provider(const provider::Taint& taint);

// The first reason why a node with these labels, taints and room does not take such a pod; empty:
// it does.
std::string why_not(const PodSpec& pod, const Labels& labels, const std::vector<Taint>& taints,
                    const Resources& room);

// Why a new node of the group does not take such a pod, neither as the group's template is nor as
// its nodes of some zone are; empty: it does. Requires: `given` is the group as it is written.
std::string why_not_group(const PodSpec& pod, const NodeGroupConfig& given,
                          const provider::GroupConfig& group);

// Why no group, neither as its template nor as its nodes are, and no static node can ever hold such
// a pod, or nothing when one can. Requires: `given` are the groups as they are written.
std::string why_never_fits(const PodSpec& pod, const std::vector<NodeGroupConfig>& given,
                           const std::vector<provider::GroupConfig>& groups,
                           const std::vector<Node>& static_nodes);

}  // namespace casim::sim
