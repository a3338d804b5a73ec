// Families filter_schedulable, hinting, young_pods and equivalence.
#include <algorithm>

#include "oracle/decisions/decision.h"
#include "oracle/decisions/decision_objects.h"
#include "sim/autoscaler/cluster/pod_list.h"
#include "sim/autoscaler/core/filter_schedulable.h"
#include "sim/autoscaler/scaleup/equivalence.h"
#include "sim/autoscaler/simulator/hinting.h"

namespace casim::oracle {
namespace {

// "all", "none" or names.
sim::HintingSimulator::Acceptable acceptable_of(const Json& given) {
  if (given == "all") return [](sim::Slot, const sim::NodeInfo&) { return true; };
  if (given == "none") return [](sim::Slot, const sim::NodeInfo&) { return false; };
  if (!given.is_array()) throw std::runtime_error("unknown nodes " + given.dump());
  const std::set<std::string> names(given.begin(), given.end());
  return [names](sim::Slot, const sim::NodeInfo& info) { return names.contains(info.node->name); };
}

}  // namespace

Decision decide_filter_schedulable(const Json& given) {
  check_keys(given, {"nodes", "scheduled_pods", "pending_pods", "node_filter"});
  PodReader reader;
  const std::vector<sim::PodPtr> placed = reader.read_all(given.at("scheduled_pods"));
  sim::Snapshot snapshot = snapshot_of(given.at("nodes"), placed);
  const std::vector<sim::PodPtr> pending = reader.read_all(given.at("pending_pods"));
  const sim::AutoscalerOptions options;
  sim::PodListProcessor processor(options);
  const std::vector<sim::PodPtr> left = processor.without_schedulable(
      snapshot, pending, acceptable_of(given.value("node_filter", Json("all"))));
  std::vector<sim::PodPtr> packed = pending;
  std::erase_if(packed, [&](const sim::PodPtr& pod) {
    return std::find(left.begin(), left.end(), pod) != left.end();
  });
  Decision decision;
  decision.got["packed"] = names_of(packed);
  decision.got["left"] = names_of(left);
  decision.unordered = {"packed", "left"};
  return decision;
}

Decision decide_hinting(const Json& given) {
  check_keys(given,
             {"nodes", "scheduled_pods", "pods", "hints", "acceptable_nodes", "break_on_failure"});
  PodReader reader;
  const std::vector<sim::PodPtr> placed = reader.read_all(given.at("scheduled_pods"));
  sim::Snapshot snapshot = snapshot_of(given.at("nodes"), placed);
  const std::vector<sim::PodPtr> pods = reader.read_all(given.at("pods"));
  sim::HintingSimulator simulator;
  const Json hints = given.value("hints", Json::object());
  for (const sim::PodPtr& pod : pods) {
    if (!hints.contains(pod->name)) continue;
    auto node = std::make_shared<sim::Node>();
    node->name = hints.at(pod->name);
    simulator.remember(pod->id, std::move(node));
  }
  const auto acceptable = acceptable_of(given.value("acceptable_nodes", Json("all")));
  Json placements = Json::object();
  for (const auto& [pod, slot] :
       simulator.place(snapshot, pods, acceptable, given.value("break_on_failure", false))) {
    placements[pods[pod]->name] = snapshot.info(slot).node->name;
  }
  Decision decision;
  decision.got["placements"] = std::move(placements);
  return decision;
}

Decision decide_young_pods(const Json& given) {
  check_keys(given, {"new_pod_scale_up_delay_s", "pods"});
  sim::AutoscalerOptions options;
  options.new_pod_scale_up_delay = seconds_of(given, "new_pod_scale_up_delay_s");
  PodReader reader;
  Decision decision;
  decision.got["kept"] =
      names_of(sim::without_young(reader.read_all(given.at("pods")), kDecisionTime, options));
  return decision;
}

Decision decide_equivalence(const Json& given) {
  check_keys(given, {"pods"});
  PodReader reader;
  Json groups = Json::array();
  bool all_singletons = true;
  for (const sim::PodGroup& group : sim::build_pod_groups(reader.read_all(given.at("pods")))) {
    groups.push_back(names_of(group.pods));
    if (group.pods.size() != 1) all_singletons = false;
  }
  Decision decision;
  decision.got["all_singletons"] = all_singletons;
  decision.got["group_count"] = groups.size();
  decision.got["groups"] = std::move(groups);
  return decision;
}

}  // namespace casim::oracle
