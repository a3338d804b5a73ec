#include "sim/world/initial_state.h"

#include <cassert>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "sim/scenario/resolve.h"
#include "sim/world/part_configs.h"
#include "src/provider/ec2_machines.h"
#include "src/provider/placeholder.h"

namespace casim::sim {
namespace {

ec2::RunInstancesRequest request_for(const provider::Config& config,
                                     const provider::GroupConfig& group, const provider::Slot& slot,
                                     std::string image_id) {
  ec2::RunInstancesRequest request;
  request.image_id = std::move(image_id);
  request.instance_type = initial_type(group);
  request.zone = initial_zone(group, slot.id);
  request.lifecycle = group.lifecycle;
  request.client_token = slot.token;
  request.tags = provider::machine_tags(config.cluster, group.id, slot.id, slot.token);
  return request;
}

}  // namespace

std::map<std::string, NodeBlueprint> blueprints(const Scenario& scenario) {
  std::map<std::string, NodeBlueprint> out;
  for (const NodeGroupConfig& given : scenario.node_groups) {
    const provider::GroupConfig group = resolve_group(given, scenario);
    NodeBlueprint& node = out[group.id];
    node.startup_taint = given.startup_taint;
    node.devices_after = given.devices_after;
    node.registered = given.registered;
    node.labels = group.node_template.labels;
    node.capacity = group.node_template.capacity;
    node.allocatable = group.node_template.allocatable;
    for (const provider::Taint& taint : group.node_template.taints) {
      node.taints.push_back(from_provider(taint));
    }
  }
  return out;
}

NodesByGroup add_initial_nodes(const provider::Config& config, const Scenario& scenario,
                               const InitialParts& parts) {
  NodesByGroup nodes;
  std::vector<provider::Slot> slots;
  const std::string image_id = ec2_machines_options(scenario).image_id;
  for (std::size_t g = 0; g < config.groups.size(); ++g) {
    const provider::GroupConfig& group = config.groups[g];
    for (int i = 0; i < scenario.node_groups[g].initial; ++i) {
      provider::Slot slot;
      slot.id = SlotId(slots.size());
      slot.group = group.id;
      slot.state = provider::SlotState::kRunning;
      slot.token = fmt::format("{}-initial-{}", config.cluster, slots.size());
      const auto made = parts.ec2.add_running(request_for(config, group, slot, image_id));
      if (!made) {
        throw std::runtime_error(fmt::format("initial nodes of {}: {}: {}", group.id,
                                             ec2::reason_of(made.error()), made.error().message));
      }
      const ec2::Instance& instance = made->front();
      slot.instance_id = instance.id;
      slot.provider_id = provider::make_provider_id(instance.zone, instance.id);
      const NodeId node = parts.nodes.add_initial_node(instance);
      slot.node_name = parts.cluster.node(node)->name;
      nodes[group.id].push_back(node);
      slots.push_back(std::move(slot));
    }
  }
  parts.store.seed(slots);
  return nodes;
}

void place_initial_pods(const std::vector<InitialPlacement>& placements, const NodesByGroup& nodes,
                        const PlacementParts& parts) {
  for (const InitialPlacement& placement : placements) {
    const PodSeries& series = parts.workloads.series(placement.workload);
    const PodBlueprint pods = parts.workloads.blueprint(placement.workload, 0);
    parts.replica_sets.create({series.owner(0), pods, series.size().value()});
    std::uint64_t next = 0;
    for (const InitialPlace& place : placement.places) {
      const std::vector<NodeId>& group = nodes.at(place.group);
      for (int i = 0; i < place.nodes * place.per_node; ++i) {
        const NodeId node = group.at(static_cast<std::size_t>(place.first + i / place.per_node));
        const PodId pod = parts.api.create_pod(pods.pod(next++));
        [[maybe_unused]] const Result<void> bound = parts.api.bind(pod, node);
        assert(bound);
      }
    }
  }
}

}  // namespace casim::sim
