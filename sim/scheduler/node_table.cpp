#include "sim/scheduler/node_table.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace casim::sim {

namespace {

const std::string kZoneLabel = "topology.kubernetes.io/zone";
const std::string kRegionLabel = "topology.kubernetes.io/region";

std::string label(const Node& node, const std::string& key) {
  const auto found = node.labels.find(key);
  return found == node.labels.end() ? std::string() : found->second;
}

std::string zone_key(const Node& node) {
  return label(node, kRegionLabel) + ":" + label(node, kZoneLabel);
}

}  // namespace

std::int64_t nonzero_cpu(const Resources& requests) {
  return requests.cpu.value() > 0 ? requests.cpu.value() : 100;
}

std::int64_t nonzero_memory(const Resources& requests) {
  return requests.memory.value() > 0 ? requests.memory.value() : std::int64_t{200} << 20;
}

NodeRoom& NodeTable::info(NodeId node) {
  assert(node.is_valid());
  if (node.value() >= infos_.size()) infos_.resize(node.value() + 1);
  return infos_[node.value()];
}

void NodeTable::log(NodeId node, bool object) {
  // Caches that are this far behind start anew anyway.
  if (changes_.size() > 2 * infos_.size() + 1024) {
    const std::size_t half = changes_.size() / 2;
    changes_.erase(changes_.begin(), changes_.begin() + static_cast<std::ptrdiff_t>(half));
    first_change_ += half;
  }
  changes_.push_back({node, object});
}

void NodeTable::put(NodePtr node) {
  const NodeId id = node->id;
  NodeRoom& at = info(id);
  const bool is_new = !at.node;
  const bool moves = is_new || zone_key(*at.node) != zone_key(*node);
  if (!is_new && !at.node->images.empty()) --image_nodes_;
  if (!is_new && moves) leave_zone(at);
  at.node = std::move(node);
  if (!at.node->images.empty()) ++image_nodes_;
  if (moves) enter_zone(at);
  if (is_new) {
    ++count_;
    names_.insert_or_assign(at.node->name, id);
  }
  log(id, true);
}

void NodeTable::remove(NodeId id) {
  NodeRoom& at = info(id);
  if (!at.node) return;
  if (!at.node->images.empty()) --image_nodes_;
  const auto named = names_.find(at.node->name);
  if (named != names_.end() && named->second == id) names_.erase(named);
  leave_zone(at);
  at.node.reset();
  --count_;
  log(id, true);
}

void NodeTable::enter_zone(NodeRoom& at) {
  const std::string key = zone_key(*at.node);
  auto zone =
      std::find_if(zones_.begin(), zones_.end(), [&](const Zone& one) { return one.key == key; });
  if (zone == zones_.end()) zone = zones_.insert(zones_.end(), Zone{key, {}});
  zone->nodes.push_back(at.node->id);
  if (zones_.size() == 1 && !order_is_stale_) {
    at.position = static_cast<std::uint32_t>(order_.size());
    order_.push_back(at.node->id);
  } else {
    order_is_stale_ = true;
  }
  const std::string name = label(*at.node, kZoneLabel);
  if (!name.empty()) {
    const auto fresh = static_cast<std::uint32_t>(zone_counts_.size());
    const auto [known, is_new] = zone_ids_.emplace(name, fresh);
    if (is_new) zone_counts_.emplace_back();
    at.zone = known->second;
  }
  for (const auto& [group, count] : at.groups) count_zone(at, group, count);
}

void NodeTable::leave_zone(NodeRoom& at) {
  for (const auto& [group, count] : at.groups) count_zone(at, group, -count);
  at.zone = kNoZone;
  const std::string key = zone_key(*at.node);
  const auto zone =
      std::find_if(zones_.begin(), zones_.end(), [&](const Zone& one) { return one.key == key; });
  std::erase(zone->nodes, at.node->id);
  if (zone->nodes.empty()) zones_.erase(zone);
  order_is_stale_ = true;
}

const std::vector<NodeId>& NodeTable::order() {
  if (!order_is_stale_) return order_;
  order_.clear();
  for (std::size_t row = 0; order_.size() < count_; ++row) {
    for (const Zone& zone : zones_) {
      if (row < zone.nodes.size()) order_.push_back(zone.nodes[row]);
    }
  }
  for (std::size_t i = 0; i < order_.size(); ++i) {
    infos_[order_[i].value()].position = static_cast<std::uint32_t>(i);
  }
  order_is_stale_ = false;
  ++order_version_;
  return order_;
}

void NodeTable::add_pod(NodeId node, PodId pod, const PodSpecPtr& spec) {
  NodeRoom& at = info(node);
  at.pods.push_back({pod, spec, false});
  at.requested += spec->requests;
  at.nonzero_cpu += nonzero_cpu(spec->requests);
  at.nonzero_memory += nonzero_memory(spec->requests);
  count_group(at, spec, 1);
  log(node, false);
}

void NodeTable::remove_pod(NodeId node, PodId pod) {
  NodeRoom& at = info(node);
  const auto found = std::find_if(at.pods.begin(), at.pods.end(),
                                  [&](const PodOnNode& one) { return one.id == pod; });
  assert(found != at.pods.end());
  const PodOnNode gone = std::move(*found);
  at.pods.erase(found);
  at.requested -= gone.spec->requests;
  at.nonzero_cpu -= nonzero_cpu(gone.spec->requests);
  at.nonzero_memory -= nonzero_memory(gone.spec->requests);
  if (!gone.is_terminating) count_group(at, gone.spec, -1);
  log(node, false);
}

void NodeTable::mark_terminating(NodeId node, PodId pod) {
  NodeRoom& at = info(node);
  for (PodOnNode& one : at.pods) {
    if (one.id != pod || one.is_terminating) continue;
    one.is_terminating = true;
    count_group(at, one.spec, -1);
    log(node, false);
  }
}

NodeId NodeTable::find(const std::string& name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? NodeId() : found->second;
}

LabelGroup NodeTable::group_of(const PodSpecPtr& spec) {
  const auto known = group_of_spec_.find(spec.get());
  if (known != group_of_spec_.end()) return known->second.second;
  const LabelGroup fresh(static_cast<LabelGroup::rep>(group_keys_.size()));
  const auto [at, is_new] = groups_.emplace(GroupKey(spec->namespace_name, spec->labels), fresh);
  if (is_new) group_keys_.push_back(&at->first);
  if (group_of_spec_.size() >= 4096) group_of_spec_.clear();  // only a short-cut
  group_of_spec_.emplace(spec.get(), std::pair(spec, at->second));
  return at->second;
}

void NodeTable::count_zone(const NodeRoom& at, LabelGroup group, std::int32_t by) {
  if (at.zone == kNoZone) return;
  std::vector<std::int64_t>& counts = zone_counts_[at.zone];
  if (group.value() >= counts.size()) counts.resize(group.value() + 1);
  counts[group.value()] += by;
}

void NodeTable::count_group(NodeRoom& at, const PodSpecPtr& spec, std::int32_t by) {
  const LabelGroup group = group_of(spec);
  const auto found = std::find_if(at.groups.begin(), at.groups.end(),
                                  [&](const auto& one) { return one.first == group; });
  if (found == at.groups.end()) {
    at.groups.emplace_back(group, by);
  } else if ((found->second += by) == 0) {
    at.groups.erase(found);
  }
  count_zone(at, group, by);
}

std::int64_t NodeTable::in_zone(LabelGroup group, std::uint32_t zone) const {
  const std::vector<std::int64_t>& counts = zone_counts_[zone];
  return group.value() < counts.size() ? counts[group.value()] : 0;
}

}  // namespace casim::sim
