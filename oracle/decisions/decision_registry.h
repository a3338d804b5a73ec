// The registry of the decision cases: its groups, nodes and instances, as the provider and the
// listers show them.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "oracle/decisions/decision.h"
#include "oracle/decisions/decision_world.h"
#include "sim/autoscaler/clusterstate/cluster_state.h"

namespace casim::oracle {

inline constexpr LoopId kRegistryLoop{1};
inline constexpr const char* kOnly = "ng1";  // of the cases with one group
inline constexpr Duration kLong = std::chrono::hours(24);

// The time of a loop so long after kDecisionTime.
inline sim::LoopTime at(Duration offset) { return {kTimeZero + offset, kDecisionTime + offset}; }

inline sim::AutoscalerOptions registry_options(const Json& given) {
  sim::AutoscalerOptions options;
  options.ok_total_unready_count =
      given.value("ok_total_unready_count", options.ok_total_unready_count);
  options.max_total_unready_percentage =
      given.value("max_total_unready_percentage", options.max_total_unready_percentage);
  options.group_defaults.max_node_provision_time =
      seconds_of(given, "max_node_provision_time_s", 900);
  options.group_defaults.max_node_startup_time = seconds_of(given, "max_node_startup_time_s", 900);
  return options;
}

// An instance as the provider lists it.
inline sim::RpcInstance running(const std::string& id) {
  return {id, sim::RpcInstanceState::kRunning, std::nullopt};
}

// A registry of groups and nodes that a case shows to it, update by update.
struct StateWorld : DecisionWorld {
  explicit StateWorld(const Json& given)
      : DecisionWorld(registry_options(given)),
        templates(provider, options),
        state(provider, options, clock, templates, notes, events) {}

  void add_group(const std::string& name, int target, int min = 0) {
    rpc.add_group({name, min, 1000, target, nullptr});
  }

  // So many nodes that have registered.
  void add_nodes(const std::string& group, const char* kind, int count, const sim::Node& like) {
    for (int i = 0; i < count; ++i) add_node(group, fmt::format("{}-{}-{}", group, kind, i), like);
  }

  void add_node(const std::string& group, const std::string& name, const sim::Node& like) {
    auto node = std::make_shared<sim::Node>(like);
    node->name = name;
    node->provider_id = name;
    rpc.add_node(group, node);
    nodes.push_back(std::move(node));
  }

  // All that have registered, with their instances.
  void remove_nodes(const std::string& group) {
    const auto is_gone = [names = std::exchange(rpc.group(group).nodes, {})](const auto& name) {
      return names.contains(name);
    };
    std::erase_if(rpc.group(group).instances, [&](const auto& i) { return is_gone(i.id); });
    std::erase_if(nodes, [&](const sim::NodePtr& node) { return is_gone(node->name); });
  }

  void add_instances(const std::string& group, const char* kind, int count) {
    for (int i = 0; i < count; ++i) {
      rpc.group(group).instances.push_back(running(fmt::format("{}-{}-{}", group, kind, i)));
    }
  }

  sim::NodeGroupPtr group(const std::string& name) {
    for (const sim::NodeGroupPtr& g : run(provider.node_groups(kRegistryLoop))) {
      if (g->id() == name) return g;
    }
    throw std::runtime_error("no group " + name);
  }

  void request(const std::string& name, int increase) {
    if (increase > 0) run(state.register_scale_up(kRegistryLoop, group(name), increase));
  }

  // Instances are read anew, as after the cache's two minutes.
  void update(sim::LoopTime time) {
    for (const DecisionGroup& g : rpc.groups()) state.instances().invalidate(g.name);
    const Result<void> done = run(state.update(kRegistryLoop, nodes, time));
    if (!done) throw std::runtime_error(done.error().message);
  }

  // The group's template, without which nothing is backed off.
  void learn_templates() {
    std::vector<sim::NodeInfoPtr> infos;
    for (const sim::NodePtr& node : nodes) {
      auto info = std::make_shared<sim::NodeInfo>();
      info->node = node;
      infos.push_back(std::move(info));
    }
    sim::Snapshot snapshot;
    snapshot.reset(std::move(infos));
    run(templates.recompute(kRegistryLoop, nodes, snapshot, {}, kTimeZero, kDecisionTime));
  }

  std::vector<sim::NodePtr> nodes;
  sim::TemplateRegistry templates;
  sim::ClusterState state;
};

// A node by the word that says how it is.
inline sim::Node node_in_state(const std::string& state, WallTime created) {
  sim::Node node = *node_of({{"name", "node"}, {"cpu_m", 1000}, {"memory_b", 1000}});
  node.creation_timestamp = created;
  if (state == "ready") return node;
  if (state == "deleted" || state == "being_deleted" || state == "to_be_deleted") {
    node.taints.push_back(sim::Taint{std::string(sim::kToBeDeletedTaint), "0"});
  } else if (state == "suspended") {
    node.suspended = true;
  } else if (state == "not_ready" || state == "unready" || state == "not_started") {
    node.ready = false;
  } else {
    throw std::runtime_error("unknown state " + state);
  }
  return node;
}

// --- kinds of decisions that are repairs
Decision decide_fix_size(const Json& given);
Decision decide_remove_unregistered(const Json& given);

}  // namespace casim::oracle
