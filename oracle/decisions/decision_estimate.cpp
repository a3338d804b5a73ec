// Families estimate, limiter and ordering.
#include "oracle/decisions/decision.h"
#include "oracle/decisions/decision_objects.h"
#include "sim/autoscaler/scaleup/estimator.h"
#include "sim/autoscaler/scaleup/limiter.h"

namespace casim::oracle {
namespace {

struct NamedGroup {
  std::string name;
  sim::PodGroup group;
};

std::vector<NamedGroup> groups_of(const Json& given) {
  std::vector<NamedGroup> groups;
  PodReader pods;
  for (const Json& group : given) {
    groups.push_back({group.at("name"), {pods.read_many(group, group.value("count", 1)), {}}});
  }
  return groups;
}

std::vector<const sim::PodGroup*> pointers(const std::vector<NamedGroup>& groups) {
  std::vector<const sim::PodGroup*> result;
  for (const NamedGroup& named : groups) result.push_back(&named.group);
  return result;
}

sim::Threshold threshold_of(const Json& given, const char* nodes) {
  check_keys(given, {nodes, "max_duration_s", "duration_s"});
  const char* const duration = given.contains("duration_s") ? "duration_s" : "max_duration_s";
  return sim::Threshold{given.value(nodes, 0), seconds_of(given, duration)};
}

sim::GroupCapacity room_of(const Json& given) {
  check_keys(given, {"name", "max", "target"});
  return sim::GroupCapacity{given.at("max"), given.at("target")};
}

sim::Threshold single_threshold(const Json& given) {
  const std::string kind = given.at("threshold");
  if (kind == "similar_group_capacity") {
    check_keys(given, {"threshold", "own", "similar"});
    std::vector<sim::GroupCapacity> rooms = {room_of(given.at("own"))};
    for (const Json& similar : given.at("similar")) rooms.push_back(room_of(similar));
    return sim::capacity_threshold(rooms);
  }
  if (kind == "cluster_capacity") {
    check_keys(given, {"threshold", "max_nodes_total", "current_nodes"});
    return sim::cluster_threshold(given.at("max_nodes_total"), given.at("current_nodes"));
  }
  throw std::runtime_error("unknown threshold " + kind);
}

}  // namespace

Decision decide_estimate(const Json& given) {
  check_keys(given, {"existing_nodes", "template", "pod_groups", "limiter"});
  sim::Snapshot snapshot = snapshot_of(given.at("existing_nodes"), {});
  sim::NodeInfo node_template;
  node_template.node = node_of(given.at("template"));
  const std::vector<NamedGroup> groups = groups_of(given.at("pod_groups"));
  const sim::Threshold limit = threshold_of(given.value("limiter", Json::object()), "max_nodes");
  const sim::NoComputeTime compute_time;
  sim::BinpackingEstimator estimator(snapshot, node_template, limit, compute_time);
  const sim::Estimate estimate = estimator.estimate(pointers(groups));
  Decision decision;
  decision.got["node_count"] = estimate.node_count;
  decision.got["placed_pods"] = estimate.pods.size();
  Json by_group = Json::object();
  for (const NamedGroup& named : groups) by_group[named.name] = 0;
  for (const sim::PodPtr& pod : estimate.pods) {
    by_group[pod->name] = by_group[pod->name].get<int>() + 1;
  }
  decision.got["placed_by_group"] = std::move(by_group);
  return decision;
}

Decision decide_limiter(const Json& given) {
  Decision decision;
  if (given.contains("threshold")) {
    decision.got["node_limit"] = single_threshold(given).nodes;
    return decision;
  }
  check_keys(given, {"thresholds", "elapsed_since_start_s", "permission_requests"});
  std::vector<sim::Threshold> thresholds;
  for (const Json& one : given.at("thresholds")) thresholds.push_back(threshold_of(one, "nodes"));
  sim::EstimationLimiter limiter(sim::combined(thresholds));
  const Duration elapsed = seconds_of(given, "elapsed_since_start_s");
  Json granted = Json::array();
  for (int i = 0; i < given.at("permission_requests").get<int>(); ++i) {
    granted.push_back(limiter.permit(elapsed));
  }
  decision.got["granted"] = std::move(granted);
  return decision;
}

Decision decide_ordering(const Json& given) {
  check_keys(given, {"template", "pod_groups"});
  const std::vector<NamedGroup> groups = groups_of(given.at("pod_groups"));
  const sim::NodePtr node = node_of(given.at("template"));
  Json order = Json::array();
  for (const sim::PodGroup* group : sim::decreasing(pointers(groups), *node)) {
    order.push_back(group->pods.front()->name);
  }
  Decision decision;
  decision.got["order"] = std::move(order);
  return decision;
}

}  // namespace casim::oracle
