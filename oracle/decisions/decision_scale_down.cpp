// Families planner, unneeded_limit, removable, nodes_to_delete and crop_budgets.
#include <algorithm>

#include "oracle/decisions/decision.h"
#include "oracle/decisions/decision_world.h"
#include "sim/autoscaler/scaledown/budgets.h"
#include "sim/autoscaler/scaledown/planner.h"

namespace casim::oracle {
namespace {

constexpr LoopId kLoop{1};
constexpr const char* kGroup = "ng";
constexpr sim::LoopTime kNow{kTimeZero, kDecisionTime};
constexpr int kReplicas = 5;

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

sim::RemovableNode removable_of(sim::NodePtr node, int pods, int on_completion = 0) {
  return sim::RemovableNode{std::move(node), some_pods(pods), some_pods(on_completion), false};
}

struct PlannerWorld : DecisionWorld {
  explicit PlannerWorld(sim::AutoscalerOptions given)
      : DecisionWorld(std::move(given)),
        planner(options, {provider, snapshot, view, clock, compute_time, order, notes}) {}

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
    run(planner.update(kLoop, std::move(destinations), std::move(candidates), std::move(deletions),
                       time));
  }

  sim::Snapshot snapshot;
  sim::ScaleDownPlanner planner;
};

sim::QuotaTracker min_quotas(DecisionWorld& world, std::vector<sim::Quota> quotas,
                             std::vector<sim::NodePtr> nodes) {
  Result<sim::QuotaTracker> tracker = world.run(sim::QuotaTracker::make(
      kLoop, world.provider, std::move(quotas), sim::QuotaTracker::Side::kMin, std::move(nodes)));
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
  check_keys(given, {"nodes", "pods", "eligible_in_order", "recent_evictions", "pdbs"});
  sim::AutoscalerOptions options;
  options.group_defaults.scale_down_utilization_threshold = 1e9;
  PlannerWorld world(options);
  world.rpc.add_group({kGroup, 0, 1000, 1000, nullptr});
  const Json& list = given.at("eligible_in_order");
  const std::vector<std::string> eligible = list.get<std::vector<std::string>>();
  Json nodes = given.at("nodes");
  for (Json& node : nodes) {
    if (std::find(eligible.begin(), eligible.end(), node.at("name")) != eligible.end()) continue;
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
  announce_owners(world.view, pods, kReplicas);
  announce_owners(world.view, evicted, kReplicas);
  world.planner.pdbs().reset(pdbs_of(given.value("pdbs", Json::array())));
  world.update(all, std::move(candidates), kNow, std::move(deletions));
  world.planner.tell_reasons(kLoop);
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
  std::vector<sim::RemovableNode> previous;
  for (int i = 0; i < given.at("previously_unneeded").get<int>(); ++i) {
    previous.push_back(removable_of(nodes[static_cast<std::size_t>(i)], 0));
  }
  world.run(world.planner.unneeded_nodes().update(kLoop, std::move(previous), kTimeZero));
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
  std::vector<sim::RemovableNode> nodes;
  for (int i = 0; i < given.value("unneeded_empty", 0); ++i) {
    nodes.push_back(removable_of(plain_node(fmt::format("empty-{}", i), true, false), 0));
  }
  for (int i = 0; i < given.value("unneeded_drain", 0); ++i) {
    nodes.push_back(removable_of(plain_node(fmt::format("drain-{}", i), true, false), 1));
  }
  for (const sim::RemovableNode& node : nodes) world.rpc.add_node(kGroup, node.node);
  sim::UnneededNodes unneeded(world.options, world.provider, world.order);
  const TimePoint since = kTimeZero - seconds_of(given.at("unneeded_for_s"));
  world.run(unneeded.update(kLoop, std::move(nodes), since));
  sim::QuotaTracker quotas = min_quotas(world, {}, {});
  const sim::DeletionTracker deletions =
      deletions_of(kGroup, given.value("deletions_in_progress", 0));
  return decision_of(world.run(unneeded.removable_at(kLoop, kTimeZero, quotas, deletions)));
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
  world.run(unneeded.update(kLoop, {removable_of(node, given.value("pods_to_move", 0))}, since));
  sim::Quota quota{"quota", {}, {}};
  quota.limits["nodes"] = sim::ResourceLimit{given.value("min_nodes_quota", 0)};
  sim::QuotaTracker quotas = min_quotas(world, {quota}, {node});
  return decision_of(world.run(unneeded.removable_at(kLoop, kTimeZero, quotas, {})));
}

namespace {

// Unneeded nodes of one group, each with so many pods to move and to wait for.
std::vector<sim::RemovableNode> unneeded_of(const Json& given) {
  std::vector<sim::RemovableNode> nodes;
  for (const Json& one : given) {
    check_keys(one, {"node", "pods_to_move", "on_completion_pods"});
    nodes.push_back(removable_of(plain_node(one.at("node"), true, false),
                                 one.value("pods_to_move", 0), one.value("on_completion_pods", 0)));
  }
  return nodes;
}

sim::AutoscalerOptions deletion_options(const Json& given) {
  sim::AutoscalerOptions options;
  options.group_defaults.scale_down_unneeded_time = seconds_of(given, "unneeded_time_s", 600);
  options.resource_limits.clear();
  const Json limits = given.value("min_limits", Json::object());
  for (const auto& [resource, least] : limits.items()) {
    const bool is_known = resource == "cpu" || resource == "memory" || resource == "nodes";
    if (!is_known) throw std::runtime_error("unknown resource " + resource);
    options.resource_limits[resource].min = least;
  }
  return options;
}

}  // namespace

// Every node is of the same size, which only the limits look at.
Decision decide_nodes_to_delete(const Json& given) {
  check_keys(given,
             {"groups", "unneeded_for_s", "unneeded_time_s", "node", "other_nodes", "min_limits"});
  PlannerWorld world(deletion_options(given));
  std::vector<sim::RemovableNode> unneeded;
  for (const Json& one : given.at("groups")) {
    check_keys(one, {"name", "min", "max", "target", "zero_or_max", "unneeded"});
    DecisionGroup group{one.at("name"), one.value("min", 0), 10000, one.at("target"), nullptr};
    group.zero_or_max = one.value("zero_or_max", false);
    world.rpc.add_group(group);
    for (sim::RemovableNode& node : unneeded_of(one.value("unneeded", Json::array()))) {
      world.add_nodes(group.name, {node.node});
      unneeded.push_back(std::move(node));
    }
  }
  const Json others = given.value("other_nodes", Json::object());
  for (const auto& [group, count] : others.items()) {
    for (int i = 0; i < count.get<int>(); ++i) {
      world.add_nodes(group, {plain_node(fmt::format("{}-other-{}", group, i), true, false)});
    }
  }
  world.update({}, {}, kNow);
  const TimePoint since = kTimeZero - seconds_of(given, "unneeded_for_s", 3600);
  world.run(world.planner.unneeded_nodes().update(kLoop, std::move(unneeded), since));
  const sim::NodesToDelete result = world.run(world.planner.nodes_to_delete(kLoop));
  world.planner.tell_reasons(kLoop);
  Decision decision;
  decision.got["empty"] = names_of(result.empty);
  decision.got["drain"] = names_of(result.drain);
  decision.got["unremovable"] = world.notes.unremovable;
  decision.partial = {"unremovable"};
  return decision;
}

namespace {

class Buckets {
 public:
  Buckets(const Json& given, DecisionWorld& world) : given_(given) {
    for (const auto& [name, group] : given.at("groups").items()) {
      check_keys(group, {"target", "zero_or_max"});
      world.rpc.add_group({name, 0, 1000, group.value("target", 0), nullptr});
    }
    groups_ = world.run(world.provider.node_groups(kLoop));
  }

  std::vector<sim::DeletionBucket> read(const char* key) const {
    std::vector<sim::DeletionBucket> buckets;
    for (const Json& one : given_.value(key, Json::array())) {
      check_keys(one, {"group", "count"});
      const std::string name = one.at("group");
      const Json& group = given_.at("groups").at(name);
      sim::DeletionBucket bucket;
      bucket.group = *std::find_if(groups_.begin(), groups_.end(),
                                   [&](const sim::NodeGroupPtr& g) { return g->id() == name; });
      for (int i = 0; i < one.at("count").get<int>(); ++i) {
        bucket.nodes.push_back(plain_node(fmt::format("{}-{}-{}", name, key, i), true, false));
      }
      bucket.is_atomic = group.value("zero_or_max", false);
      bucket.target = group.value("target", 0);
      bucket.registered = registered(name);
      buckets.push_back(std::move(bucket));
    }
    return buckets;
  }

 private:
  int registered(const std::string& group) const {
    int count = 0;
    for (const char* const key : {"empty", "drain"}) {
      for (const Json& one : given_.value(key, Json::array())) {
        if (one.at("group") == group) count += one.at("count").get<int>();
      }
    }
    // Counted like the others, or by group alone.
    const Json others = given_.value("other_registered_nodes", Json::object());
    if (others.is_object()) return count + others.value(group, 0);
    for (const Json& one : others) {
      if (one.at("group") == group) count += one.at("count").get<int>();
    }
    return count;
  }

  const Json& given_;
  std::vector<sim::NodeGroupPtr> groups_;
};

Json counts_of(const std::vector<sim::DeletionBucket>& buckets) {
  Json counts = Json::array();
  for (const sim::DeletionBucket& bucket : buckets) {
    counts.push_back({{"group", bucket.group->id()}, {"count", bucket.nodes.size()}});
  }
  return counts;
}

}  // namespace

Decision decide_crop_budgets(const Json& given) {
  check_keys(given, {"max_parallelism", "max_drain_parallelism", "empty_in_progress",
                     "drain_in_progress", "groups", "empty", "drain", "other_registered_nodes"});
  DecisionWorld world;
  const Buckets buckets(given, world);
  sim::DeletionTracker in_progress;
  for (const char* const key : {"empty_in_progress", "drain_in_progress"}) {
    for (int i = 0; i < given.value(key, 0); ++i) {
      in_progress.start("other", fmt::format("{}-{}", key, i), key[0] == 'd');
    }
  }
  const sim::DeletionLimits limits{given.at("max_parallelism"), given.at("max_drain_parallelism")};
  const sim::CroppedDeletions result =
      sim::crop(limits, in_progress, buckets.read("empty"), buckets.read("drain"));
  Decision decision;
  decision.got["empty"] = counts_of(result.empty);
  decision.got["drain"] = counts_of(result.drain);
  return decision;
}

}  // namespace casim::oracle
