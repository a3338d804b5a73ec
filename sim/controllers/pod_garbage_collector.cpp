#include "sim/controllers/pod_garbage_collector.h"

#include <algorithm>

#include "sim/cluster/node_condition.h"

namespace casim::sim {
namespace {

constexpr Duration kPeriod = std::chrono::seconds(20);      // gcCheckPeriod
constexpr Duration kQuarantine = std::chrono::seconds(40);  // quarantineTime
constexpr std::string_view kOutOfService = "node.kubernetes.io/out-of-service";

}  // namespace

PodGarbageCollector::PodGarbageCollector(Kernel& kernel, ApiServer& api, ApiClientConfig client,
                                         PodGarbageCollectorConfig config)
    : kernel_(kernel),
      api_(api),
      client_(api.add_client(std::move(client))),
      config_(config),
      passes_(kernel, config.start, kPeriod, [this] { return pass(); }) {}

void PodGarbageCollector::on_watch(const WatchEvent& event) {
  if (const auto* changed = std::get_if<PodChanged>(&event)) {
    on_pod(changed->pod);
  } else if (const auto* ended = std::get_if<PodRemoved>(&event)) {
    if (!finished_.empty()) finished_.erase({ended->last.creation_timestamp, ended->last.id});
  } else if (const auto* node = std::get_if<NodeChanged>(&event)) {
    on_node(*node->node);
  } else if (const auto* gone = std::get_if<NodeRemoved>(&event)) {
    out_of_service_.erase(gone->last->id);
    if (!api_.cluster().pods_on(gone->last->id).empty()) {
      orphaned_[gone->last->name].insert(gone->last->id);
    }
  }
  if (has_work()) passes_.wake();
}

void PodGarbageCollector::on_pod(const Pod& pod) {
  if (pod.succeeded || pod.failed) finished_.emplace(pod.creation_timestamp, pod.id);
  // Bound by somebody who did not know yet that the node is gone.
  if (pod.node.is_valid() && !api_.cluster().node(pod.node)) {
    orphaned_[pod.node_name].insert(pod.node);
  }
}

void PodGarbageCollector::on_node(const Node& node) {
  if (node.has_taint(kOutOfService)) {
    out_of_service_.insert(node.id);
  } else if (!out_of_service_.empty()) {
    out_of_service_.erase(node.id);
  }
}

bool PodGarbageCollector::has_work() const {
  const bool has_too_many =
      config_.terminated_pod_gc_threshold > 0 &&
      finished_.size() > static_cast<std::size_t>(config_.terminated_pod_gc_threshold);
  return has_too_many || !orphaned_.empty() || !quarantine_.empty() || !out_of_service_.empty();
}

bool PodGarbageCollector::pass() {
  collect_terminated();
  collect_terminating();
  collect_orphaned();
  return has_work();
}

void PodGarbageCollector::collect_terminated() {
  if (config_.terminated_pod_gc_threshold == 0) return;
  const auto threshold = static_cast<std::size_t>(config_.terminated_pod_gc_threshold);
  if (finished_.size() <= threshold) return;
  std::size_t surplus = finished_.size() - threshold;
  for (const auto& [age, pod] : finished_) {
    if (surplus-- == 0) break;
    remove(pod);
  }
}

void PodGarbageCollector::collect_terminating() {
  for (const NodeId id : out_of_service_) {
    const NodePtr& node = api_.cluster().node(id);
    if (!node || ready_status(*node) == ReadyStatus::kTrue) continue;
    for (const PodId pod : api_.cluster().pods_on(id)) {
      if (api_.cluster().pod(pod).deletion_timestamp) remove(pod);
    }
  }
}

void PodGarbageCollector::collect_orphaned() {
  const Cluster& cluster = api_.cluster();
  std::erase_if(orphaned_, [&](const auto& entry) {
    return std::ranges::all_of(entry.second,
                               [&](NodeId id) { return cluster.pods_on(id).empty(); });
  });
  const std::vector<std::string> over = end_quarantines();
  for (const auto& [name, ids] : orphaned_) {
    if (!cluster.find_node(name).is_valid()) {
      quarantine_.try_emplace(name, kernel_.now() + kQuarantine);
    }
  }
  for (const std::string& name : over) {
    const auto found = orphaned_.find(name);
    if (found == orphaned_.end() || cluster.find_node(name).is_valid()) continue;
    for (const NodeId id : found->second) {
      for (const PodId pod : cluster.pods_on(id)) remove(pod);
    }
  }
}

std::vector<std::string> PodGarbageCollector::end_quarantines() {
  std::vector<std::string> over;
  for (const auto& [name, until] : quarantine_) {
    if (until <= kernel_.now()) over.push_back(name);
  }
  for (const std::string& name : over) quarantine_.erase(name);
  return over;
}

void PodGarbageCollector::remove(PodId pod) {
  client_.touch();  // phase Failed, condition DisruptionTarget
  client_.remove_pod(pod, [](const Result<void>&) {});
}

}  // namespace casim::sim
