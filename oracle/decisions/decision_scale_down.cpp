// Families planner, unneeded_limit, removable and nodes_to_delete.
#include <algorithm>

#include "oracle/decisions/decision.h"
#include "oracle/decisions/decision_world.h"
#include "sim/autoscaler/scaledown/planner.h"

namespace casim::oracle {
namespace {

constexpr LoopId kScaleDownLoop{1};
constexpr const char* kGroup = "ng";
constexpr sim::LoopTime kNow{kTimeZero, kDecisionTime};
constexpr int kDrainedReplicas = 5;

sim::NodePtr plain_node(const std::string& name, bool is_ready, bool is_disabled) {
  auto node = std::make_shared<sim::Node>(
      *node_of({{"name", name}, {"cpu_m", 1000}, {"memory_b", 10}, {"ready", is_ready}}));
  if (is_disabled)
    node->annotations["cluster-autoscaler.kubernetes.io/scale-down-disabled"] = "true";
  return node;
}

// Pods that nobody looks at closer.
std::vector<sim::PodPtr> some_pods(int count) {
  PodReader reader;
  return reader.read_many({{"name", "pod"}}, count);
}

sim::NodeToBeRemoved removable_of(sim::NodePtr node, int pods, int on_completion = 0) {
  return sim::NodeToBeRemoved{std::move(node), some_pods(pods), some_pods(on_completion), false};
}

// So long for each node that is simulated.
struct NodeTime : sim::ComputeTime {
  Duration cost_of(const sim::ComputeWork& work) const override { return work.nodes * per_node; }

  Duration per_node{};
};

struct PlannerWorld : DecisionWorld {
  explicit PlannerWorld(sim::AutoscalerOptions given)
      : DecisionWorld(std::move(given)),
        planner(options, {provider, snapshot, view, clock, node_time, order, notes}) {}

  void add_nodes(const std::string& group, const std::vector<sim::NodePtr>& nodes) {
    for (const sim::NodePtr& node : nodes) {
      rpc.add_node(group, node);
      auto info = std::make_shared<sim::NodeInfo>();
      info->node = node;
      snapshot.add(std::move(info));
    }
  }

  void update(std::vector<sim::NodePtr> destinations, std::vector<sim::NodePtr> candidates,
              sim::LoopTime time, sim::DeletionTracker deletions = {}) {
    run(planner.update(kScaleDownLoop, std::move(destinations), std::move(candidates),
                       std::move(deletions), time));
  }

  sim::Snapshot snapshot;
  NodeTime node_time;
  sim::ScaleDownPlanner planner;
};

sim::QuotaTracker min_quotas(DecisionWorld& world, std::vector<sim::Quota> quotas,
                             std::vector<sim::NodePtr> nodes) {
  Result<sim::QuotaTracker> tracker =
      world.run(sim::QuotaTracker::make(kScaleDownLoop, world.provider, std::move(quotas),
                                        sim::QuotaTracker::Side::kMin, std::move(nodes)));
  if (!tracker) throw std::runtime_error(tracker.error().message);
  return std::move(*tracker);
}

sim::DeletionTracker deletions_of(const std::string& group, int count) {
  sim::DeletionTracker tracker;
  for (int i = 0; i < count; ++i) tracker.start(group, fmt::format("going-{}", i), false);
  return tracker;
}

}  // namespace

// Which nodes are eligible is given: the others are forbidden by their annotation, and no
// utilisation is too high.
Decision decide_planner(const Json& given) {
  check_keys(given, {"nodes", "pods", "eligible_in_order", "recent_evictions", "pdbs",
                     "simulation_timeout_after_first_node"});
  sim::AutoscalerOptions options;
  options.group_defaults.scale_down_utilization_threshold = 1e9;
  PlannerWorld world(options);
  if (given.value("simulation_timeout_after_first_node", false)) {
    world.node_time.per_node = options.scale_down_simulation_timeout;
  }
  world.rpc.add_group({kGroup, 0, 1000, 1000, nullptr});
  const Json& list = given.at("eligible_in_order");
  const std::vector<std::string> eligible = list.get<std::vector<std::string>>();
  Json nodes = given.at("nodes");
  for (Json& node : nodes) {
    if (std::find(eligible.begin(), eligible.end(), node.at("name").get<std::string>()) !=
        eligible.end())
      continue;
    node["annotations"]["cluster-autoscaler.kubernetes.io/scale-down-disabled"] = "true";
  }
  PodReader reader;
  const std::vector<sim::PodPtr> pods = reader.read_all(given.at("pods"));
  world.snapshot = snapshot_of(nodes, pods);
  std::vector<sim::NodePtr> all;
  std::map<std::string, sim::NodePtr> by_name;
  for (const sim::Slot slot : world.snapshot.order()) {
    all.push_back(world.snapshot.info(slot).node);
    by_name[all.back()->name] = all.back();
    world.rpc.add_node(kGroup, all.back());
  }
  std::vector<sim::NodePtr> candidates;
  for (const std::string& name : eligible) candidates.push_back(by_name.at(name));
  for (const sim::NodePtr& node : all) {
    if (std::find(candidates.begin(), candidates.end(), node) == candidates.end()) {
      candidates.push_back(node);
    }
  }
  const std::vector<sim::PodPtr> evicted =
      reader.read_all(given.value("recent_evictions", Json::array()));
  sim::DeletionTracker deletions;
  for (const sim::PodPtr& pod : evicted) deletions.note_eviction(pod);
  announce_owners(world.view, pods, kDrainedReplicas);
  announce_owners(world.view, evicted, kDrainedReplicas);
  world.planner.pdbs().reset(pdbs_of(given.value("pdbs", Json::array())));
  world.update(all, std::move(candidates), kNow, std::move(deletions));
  world.planner.report_reasons(kScaleDownLoop);
  Json unremovable = Json::array();
  for (const auto& [name, reason] : world.notes.unremovable) unremovable.push_back(name);
  Decision decision;
  decision.got["unneeded"] = names_of(world.planner.unneeded());
  decision.got["unremovable"] = std::move(unremovable);
  decision.unordered = {"unneeded", "unremovable"};
  return decision;
}

Decision decide_unneeded_limit(const Json& given) {
  check_keys(given, {"empty_nodes", "previously_unneeded", "max_scale_down_parallelism",
                     "unneeded_time_s", "min_update_interval_s", "zero_or_max"});
  sim::AutoscalerOptions options;
  options.max_scale_down_parallelism = given.at("max_scale_down_parallelism");
  options.group_defaults.scale_down_unneeded_time = seconds_of(given.at("unneeded_time_s"));
  PlannerWorld world(options);
  DecisionGroup group{kGroup, 0, 1000, 1000, nullptr};
  group.zero_or_max = given.value("zero_or_max", false);
  world.rpc.add_group(std::move(group));
  std::vector<sim::NodePtr> nodes;
  for (int i = 0; i < given.at("empty_nodes").get<int>(); ++i) {
    nodes.push_back(plain_node(fmt::format("n{:04}", i), true, false));
  }
  world.add_nodes(kGroup, nodes);
  // A planning step before, so long ago as the loops are apart.
  const Duration interval = seconds_of(given.at("min_update_interval_s"));
  world.update({}, {}, {kTimeZero - interval, kDecisionTime - interval});
  std::vector<sim::NodeToBeRemoved> previous;
  for (int i = 0; i < given.at("previously_unneeded").get<int>(); ++i) {
    previous.push_back(removable_of(nodes[static_cast<std::size_t>(i)], 0));
  }
  world.run(world.planner.unneeded_nodes().update(kScaleDownLoop, std::move(previous), kTimeZero));
  world.update(nodes, nodes, kNow);
  Decision decision;
  decision.got["unneeded_count"] = world.planner.unneeded().size();
  return decision;
}

namespace {

void set_group(const Json& given, DecisionWorld& world) {
  check_keys(given, {"name", "min", "max", "target"});
  DecisionGroup group;
  group.name = kGroup;
  group.min = given.value("min", 0);
  group.max = given.value("max", 1000);
  group.target = given.value("target", 0);
  world.rpc.add_group(std::move(group));
}

Decision decision_of(const sim::UnneededNodes::Removable& result) {
  Decision decision;
  decision.got["empty"] = result.empty.size();
  decision.got["drain"] = result.drain.size();
  decision.got["removable"] = !result.empty.empty() || !result.drain.empty();
  decision.got["reason"] =
      result.unremovable.empty() ? Json() : Json(result.unremovable.front().reason);
  return decision;
}

// Many nodes that are all unneeded for long enough: the minimum size counts.
Decision decide_removable_counts(const Json& given) {
  check_keys(given, {"unneeded_empty", "unneeded_drain", "group", "deletions_in_progress",
                     "unneeded_for_s", "threshold_s"});
  DecisionWorld world;
  set_group(given.at("group"), world);
  const Duration threshold = seconds_of(given.at("threshold_s"));
  world.options.group_defaults.scale_down_unneeded_time = threshold;
  world.options.group_defaults.scale_down_unready_time = threshold;
  std::vector<sim::NodeToBeRemoved> nodes;
  for (int i = 0; i < given.value("unneeded_empty", 0); ++i) {
    nodes.push_back(removable_of(plain_node(fmt::format("empty-{}", i), true, false), 0));
  }
  for (int i = 0; i < given.value("unneeded_drain", 0); ++i) {
    nodes.push_back(removable_of(plain_node(fmt::format("drain-{}", i), true, false), 1));
  }
  for (const sim::NodeToBeRemoved& node : nodes) world.rpc.add_node(kGroup, node.node);
  sim::UnneededNodes unneeded(world.options, world.provider, world.order);
  const TimePoint since = kTimeZero - seconds_of(given.at("unneeded_for_s"));
  world.run(unneeded.update(kScaleDownLoop, std::move(nodes), since));
  sim::QuotaTracker quotas = min_quotas(world, {}, {});
  const sim::DeletionTracker deletions =
      deletions_of(kGroup, given.value("deletions_in_progress", 0));
  return decision_of(
      world.run(unneeded.removable_at(kScaleDownLoop, kTimeZero, quotas, deletions)));
}

}  // namespace

Decision decide_removable(const Json& given) {
  if (given.contains("unneeded_empty")) return decide_removable_counts(given);
  check_keys(given, {"ready", "unneeded_for_s", "unneeded_time_s", "unready_time_s", "group",
                     "scale_down_disabled", "managed", "min_nodes_quota", "threshold_error",
                     "pods_to_move"});
  DecisionWorld world;
  set_group(given.at("group"), world);
  world.rpc.group(kGroup).is_broken = given.value("threshold_error", false);
  world.options.group_defaults.scale_down_unneeded_time = seconds_of(given.at("unneeded_time_s"));
  world.options.group_defaults.scale_down_unready_time = seconds_of(given.at("unready_time_s"));
  const sim::NodePtr node =
      plain_node("node", given.value("ready", true), given.value("scale_down_disabled", false));
  if (given.value("managed", true)) world.rpc.add_node(kGroup, node);
  sim::UnneededNodes unneeded(world.options, world.provider, world.order);
  const TimePoint since = kTimeZero - seconds_of(given.at("unneeded_for_s"));
  world.run(
      unneeded.update(kScaleDownLoop, {removable_of(node, given.value("pods_to_move", 0))}, since));
  sim::Quota quota{"quota", {}, {}};
  quota.limits["nodes"] = sim::ResourceLimit{given.value("min_nodes_quota", 0)};
  sim::QuotaTracker quotas = min_quotas(world, {quota}, {node});
  return decision_of(world.run(unneeded.removable_at(kScaleDownLoop, kTimeZero, quotas, {})));
}

namespace {

// A node of the size that a case gives to all of them.
sim::NodePtr sized_node(std::string name, Json size) {
  size["name"] = std::move(name);
  return node_of(size);
}

// Unneeded nodes of one group, each with so many pods to move and to wait for.
std::vector<sim::NodeToBeRemoved> unneeded_of(const Json& given, const Json& size) {
  std::vector<sim::NodeToBeRemoved> nodes;
  for (const Json& one : given) {
    check_keys(one, {"node", "pods_to_move", "on_completion_pods"});
    nodes.push_back(removable_of(sized_node(one.at("node"), size), one.value("pods_to_move", 0),
                                 one.value("on_completion_pods", 0)));
  }
  return nodes;
}

std::string resource_of(const std::string& name) {
  if (name == "cores") return "cpu";
  if (name == "memory_b") return "memory";
  if (name == "cpu" || name == "memory" || name == "nodes") return name;
  throw std::runtime_error("unknown resource " + name);
}

sim::AutoscalerOptions deletion_options(const Json& given) {
  sim::AutoscalerOptions options;
  options.group_defaults.scale_down_unneeded_time = seconds_of(given, "unneeded_time_s", 600);
  options.resource_limits.clear();
  const Json limits = given.value("min_limits", Json::object());
  for (const auto& [resource, least] : limits.items()) {
    options.resource_limits[resource_of(resource)].min = least;
  }
  return options;
}

}  // namespace

// Every node is of the same size, which only the limits look at.
Decision decide_nodes_to_delete(const Json& given) {
  check_keys(given,
             {"groups", "unneeded_for_s", "unneeded_time_s", "node", "other_nodes", "min_limits"});
  const Json size = given.value("node", Json{{"cpu_m", 1000}, {"memory_b", 10}});
  PlannerWorld world(deletion_options(given));
  std::vector<sim::NodeToBeRemoved> unneeded;
  for (const Json& one : given.at("groups")) {
    check_keys(one, {"name", "min", "max", "target", "zero_or_max", "unneeded"});
    DecisionGroup group{one.at("name"), one.value("min", 0), 10000, one.at("target"), nullptr};
    group.zero_or_max = one.value("zero_or_max", false);
    world.rpc.add_group(group);
    for (sim::NodeToBeRemoved& node : unneeded_of(one.value("unneeded", Json::array()), size)) {
      world.add_nodes(group.name, {node.node});
      unneeded.push_back(std::move(node));
    }
  }
  const Json others = given.value("other_nodes", Json::object());
  for (const auto& [group, count] : others.items()) {
    for (int i = 0; i < count.get<int>(); ++i) {
      world.add_nodes(group, {sized_node(fmt::format("{}-other-{}", group, i), size)});
    }
  }
  world.update({}, {}, kNow);
  const TimePoint since = kTimeZero - seconds_of(given, "unneeded_for_s", 3600);
  world.run(world.planner.unneeded_nodes().update(kScaleDownLoop, std::move(unneeded), since));
  const sim::NodesToDelete result = world.run(world.planner.nodes_to_delete(kScaleDownLoop));
  world.planner.report_reasons(kScaleDownLoop);
  Decision decision;
  decision.got["empty"] = names_of(result.empty);
  decision.got["drain"] = names_of(result.drain);
  decision.got["unremovable"] = world.notes.unremovable;
  decision.partial = {"unremovable"};
  return decision;
}

}  // namespace casim::oracle
