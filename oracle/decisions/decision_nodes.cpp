// Families utilization, eligibility, drainability and simulate_removal.
#include <variant>

#include "oracle/decisions/decision.h"
#include "oracle/decisions/decision_world.h"
#include "sim/autoscaler/scaledown/eligibility.h"
#include "sim/autoscaler/simulator/drainability.h"
#include "sim/autoscaler/simulator/removal.h"
#include "sim/autoscaler/simulator/utilization.h"

namespace casim::oracle {
namespace {

constexpr int kReplicas = 5;

sim::NodeInfo info_of(const Json& node, const Json& pods) {
  sim::NodeInfo info;
  info.node = node_of(node);
  PodReader reader;
  for (const Json& pod : pods) info.add(reader.read(pod, info.node->name));
  return info;
}

void set_drain_options(const Json& given, sim::AutoscalerOptions& options) {
  check_keys(given, {"skip_system_pods", "skip_local_storage", "skip_custom_controller_pods",
                     "min_replica_count", "system_pod_timeout_s"});
  options.skip_nodes_with_system_pods = given.value("skip_system_pods", true);
  options.skip_nodes_with_local_storage = given.value("skip_local_storage", true);
  options.skip_nodes_with_custom_controller_pods = given.value("skip_custom_controller_pods", true);
  options.min_replica_count = given.value("min_replica_count", 0);
  options.blocking_system_pod_disruption_timeout = seconds_of(given, "system_pod_timeout_s", 3600);
}

}  // namespace

Decision decide_utilization(const Json& given) {
  check_keys(given, {"node", "pods", "ignore_daemonsets", "ignore_mirror"});
  const sim::NodeInfo info = info_of(given.at("node"), given.at("pods"));
  sim::UtilizationRules rules;
  rules.ignore_daemonsets = given.value("ignore_daemonsets", false);
  rules.ignore_mirror = given.value("ignore_mirror", false);
  sim::set_gpu_rules(rules, *info.node, info.node->labels.contains(kGpuLabel));
  const std::optional<sim::Utilization> used = sim::utilization(info, rules, kDecisionTime);
  Decision decision;
  decision.tolerance = {{"utilization", 0.01}, {"cpu", 0.005}};
  decision.got["error"] = !used.has_value();
  decision.got["utilization"] = used ? Json(used->highest) : Json();
  decision.got["cpu"] = used ? Json(used->cpu) : Json();
  return decision;
}

Decision decide_eligibility(const Json& given) {
  check_keys(given, {"nodes", "pods", "utilization_threshold", "gpu_utilization_threshold",
                     "scale_down_unready_enabled", "ignore_daemonsets"});
  DecisionWorld world;
  sim::NodeGroupOptions& defaults = world.options.group_defaults;
  defaults.scale_down_utilization_threshold = given.at("utilization_threshold");
  defaults.scale_down_gpu_utilization_threshold =
      given.value("gpu_utilization_threshold", defaults.scale_down_utilization_threshold);
  defaults.ignore_daemonsets_utilization = given.value("ignore_daemonsets", false);
  world.options.scale_down_unready_enabled = given.value("scale_down_unready_enabled", true);
  PodReader reader;
  const sim::Snapshot snapshot = snapshot_of(given.at("nodes"), reader.read_all(given.at("pods")));
  world.rpc.add_group({"ng", 1, 10, 1, nullptr});
  std::vector<sim::NodePtr> candidates;
  for (const sim::Slot slot : snapshot.order()) {
    candidates.push_back(snapshot.info(slot).node);
    world.rpc.add_node("ng", candidates.back());
  }
  sim::EligibilityChecker checker(world.options, world.provider, snapshot);
  sim::RecentlyUnremovable none;
  const sim::Eligibility result =
      world.run(checker.check(LoopId(1), candidates, none, {kTimeZero, kDecisionTime}));
  Json unremovable = Json::object();
  for (const sim::UnremovableNode& node : result.ineligible) {
    unremovable[node.node->name] = node.reason;
  }
  Decision decision;
  decision.got["eligible"] = Json::array();
  for (const sim::NodePtr& node : result.eligible) decision.got["eligible"].push_back(node->name);
  decision.got["unremovable"] = std::move(unremovable);
  return decision;
}

Decision decide_drainability(const Json& given) {
  check_keys(given, {"pods", "pdbs", "options", "controllers_exist"});
  sim::AutoscalerOptions options;
  set_drain_options(given.value("options", Json::object()), options);
  const sim::NodeInfo info = info_of(Json{{"name", "node"}}, given.at("pods"));
  sim::ClusterView view;
  if (given.value("controllers_exist", true)) announce_owners(view, info.pods, kReplicas);
  sim::PdbTracker pdbs;
  pdbs.reset(pdbs_of(given.value("pdbs", Json::array())));
  const sim::PodsToMove move = sim::pods_to_move(info, {options, kDecisionTime, &pdbs, &view});
  Decision decision;
  decision.got["pods_to_move"] = names_of(move.pods);
  decision.got["daemonset_pods"] = names_of(move.daemon_pods);
  decision.got["on_completion_pods"] = names_of(move.on_completion);
  decision.got["blocking"] = nullptr;
  if (move.blocking != nullptr) {
    decision.got["blocking"] = Json{{"pod", move.blocking->name}, {"reason", move.reason}};
  }
  return decision;
}

Decision decide_simulate_removal(const Json& given) {
  check_keys(given, {"nodes", "pods", "candidate", "destinations", "pdbs"});
  const sim::AutoscalerOptions options;
  PodReader reader;
  const std::vector<sim::PodPtr> pods = reader.read_all(given.at("pods"));
  sim::Snapshot snapshot = snapshot_of(given.at("nodes"), pods);
  sim::ClusterView view;
  announce_owners(view, pods, kReplicas);
  sim::PdbTracker pdbs;
  pdbs.reset(pdbs_of(given.value("pdbs", Json::array())));
  const Json& list = given.at("destinations");
  const std::set<std::string> destinations(list.begin(), list.end());
  sim::RemovalSimulator simulator;
  const sim::RemovalSimulator::Outcome verdict = simulator.simulate(
      snapshot, given.at("candidate"),
      [&](sim::Slot, const sim::NodeInfo& info) { return destinations.contains(info.node->name); },
      {options, kDecisionTime, &pdbs, &view});
  Decision decision;
  decision.unordered = {"pods_to_move"};
  const auto* const removable = std::get_if<sim::NodeToBeRemoved>(&verdict);
  decision.got["removable"] = removable != nullptr;
  decision.got["pods_to_move"] = removable == nullptr ? Json() : names_of(removable->pods);
  decision.got["reason"] =
      removable == nullptr ? Json(std::get<sim::UnremovableNode>(verdict).reason) : Json();
  return decision;
}

}  // namespace casim::oracle
