#include "sim/scheduler/node_table.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <tuple>
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

bool has_affinity_terms(const PodSpec& spec) {
  return !spec.pod_affinity.empty() || !spec.pod_anti_affinity.empty() ||
         !spec.preferred_pod_affinity.empty() || !spec.preferred_pod_anti_affinity.empty();
}

auto fields_of_affinity(const PodSpec& spec) {
  return std::tie(spec.namespace_name, spec.pod_affinity, spec.pod_anti_affinity,
                  spec.preferred_pod_affinity, spec.preferred_pod_anti_affinity);
}

}  // namespace

bool matches(const PodAffinityTerm& term, const std::string& own_namespace,
             const std::string& namespace_name, const Labels& labels) {
  const bool is_in = term.namespaces.empty()
                         ? namespace_name == own_namespace
                         : std::find(term.namespaces.begin(), term.namespaces.end(),
                                     namespace_name) != term.namespaces.end();
  return is_in && matches(term.selector, labels);
}

bool AffinityTerm::matches(const PodSpec& other) const {
  return sim::matches(term, namespace_name, other.namespace_name, other.labels);
}

void add_pod_to(SchedulerNodeInfo& room, const PodOnNode& pod) {
  room.pods.push_back(pod);
  room.requested += pod.spec->requests;
  room.nonzero_cpu += nonzero_cpu(*pod.spec);
  room.nonzero_memory += nonzero_memory(*pod.spec);
}

PodOnNode remove_pod_from(SchedulerNodeInfo& room, PodId pod) {
  const auto found = std::find_if(room.pods.begin(), room.pods.end(),
                                  [&](const PodOnNode& one) { return one.id == pod; });
  assert(found != room.pods.end());
  PodOnNode gone = std::move(*found);
  if (std::next(found) != room.pods.end()) *found = std::move(room.pods.back());
  room.pods.pop_back();
  room.requested -= gone.spec->requests;
  room.nonzero_cpu -= nonzero_cpu(*gone.spec);
  room.nonzero_memory -= nonzero_memory(*gone.spec);
  return gone;
}

std::int64_t nonzero_cpu(const PodSpec& pod) {
  if (pod.scored) return pod.scored->cpu.value();
  return pod.requests.cpu.value() > 0 ? pod.requests.cpu.value() : 100;
}

std::int64_t nonzero_memory(const PodSpec& pod) {
  if (pod.scored) return pod.scored->memory.value();
  return pod.requests.memory.value() > 0 ? pod.requests.memory.value() : std::int64_t{200} << 20;
}

SchedulerNodeInfo& NodeTable::info(NodeId node) {
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

// The pods on a node changed, so the real cache copies it anew.
void NodeTable::log_pods(NodeId node) {
  look_again(infos_[node.value()], node);
  log(node, false);
}

void NodeTable::put(NodePtr node) {
  const NodeId id = node->id;
  SchedulerNodeInfo& at = info(id);
  const bool is_new = !at.node;
  const bool moves = is_new || zone_key(*at.node) != zone_key(*node);
  if (!is_new) count_images(*at.node, -1);
  if (!is_new && moves) leave_zone(at);
  at.node = std::move(node);
  at.allocatable = at.node->allocatable;
  count_images(*at.node, 1);
  if (moves) enter_zone(at);
  is_order_behind_ = is_order_behind_ || (!is_new && moves);
  if (is_new) {
    append_to_order(at);
    ++count_;
    names_.insert_or_assign(at.node->name, id);
  }
  look_again(at, id);
  log(id, true);
}

void NodeTable::remove(NodeId id) {
  SchedulerNodeInfo& at = info(id);
  if (!at.node) return;
  count_images(*at.node, -1);
  const auto named = names_.find(at.node->name);
  if (named != names_.end() && named->second == id) names_.erase(named);
  leave_zone(at);
  order_is_stale_ = true;
  at.node.reset();
  --count_;
  log(id, true);
}

// A name counts once on a node, however often it is listed.
void NodeTable::count_images(const Node& node, int by) {
  for (std::size_t i = 0; i < node.images.size(); ++i) {
    const ContainerImage& image = node.images[i];
    const auto is_same = [&](const ContainerImage& one) { return one.name == image.name; };
    const auto here = node.images.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::any_of(node.images.begin(), here, is_same)) continue;
    Image& known = images_.try_emplace(image.name, Image{image.size.value(), 0}).first->second;
    known.nodes += by;
    if (known.nodes == 0) images_.erase(image.name);
  }
}

void NodeTable::look_again(SchedulerNodeInfo& at, NodeId node) {
  if (at.has_stale_images || (images_.empty() && at.images.empty())) return;
  at.has_stale_images = true;
  stale_images_.push_back(node);
}

void NodeTable::summarize_images() {
  for (const NodeId id : stale_images_) {
    SchedulerNodeInfo& at = info(id);
    at.has_stale_images = false;
    at.images.clear();
    if (!at.node) continue;
    for (const ContainerImage& image : at.node->images) {
      const Image& known = images_.at(image.name);
      at.images.push_back({image.name, known.size, known.nodes});
    }
  }
  stale_images_.clear();
}

void NodeTable::enter_zone(SchedulerNodeInfo& at) {
  const std::string key = zone_key(*at.node);
  auto zone =
      std::find_if(zones_.begin(), zones_.end(), [&](const Zone& one) { return one.key == key; });
  if (zone == zones_.end()) zone = zones_.insert(zones_.end(), Zone{key, {}});
  zone->nodes.push_back(at.node->id);
}

void NodeTable::append_to_order(SchedulerNodeInfo& at) {
  if (zones_.size() == 1 && !order_is_stale_ && !is_order_behind_) {
    at.position = static_cast<std::uint32_t>(order_.size());
    order_.push_back(at.node->id);
  } else {
    order_is_stale_ = true;
  }
}

void NodeTable::leave_zone(SchedulerNodeInfo& at) {
  const std::string key = zone_key(*at.node);
  const auto zone =
      std::find_if(zones_.begin(), zones_.end(), [&](const Zone& one) { return one.key == key; });
  std::erase(zone->nodes, at.node->id);
  if (zone->nodes.empty()) zones_.erase(zone);
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
  is_order_behind_ = false;
  ++order_version_;
  return order_;
}

void NodeTable::add_pod(NodeId node, PodId pod, const PodSpecPtr& spec, PodState state) {
  SchedulerNodeInfo& at = info(node);
  add_pod_to(at, {pod, spec, state});
  count_groups(at, spec, state.is_terminating ? 0 : 1, 1);
  ++priorities_[spec->priority];
  log_pods(node);
}

void NodeTable::remove_pod(NodeId node, PodId pod) {
  SchedulerNodeInfo& at = info(node);
  const PodOnNode gone = remove_pod_from(at, pod);
  count_groups(at, gone.spec, gone.state.is_terminating ? 0 : -1, -1);
  const auto priority = priorities_.find(gone.spec->priority);
  if (--priority->second == 0) priorities_.erase(priority);
  log_pods(node);
}

void NodeTable::update_pod(NodeId node, PodId pod, PodState state) {
  SchedulerNodeInfo& at = info(node);
  look_again(at, node);
  for (PodOnNode& one : at.pods) {
    if (one.id != pod || one.state == state) continue;
    const int live = (one.state.is_terminating ? 1 : 0) - (state.is_terminating ? 1 : 0);
    one.state = state;
    if (live == 0) continue;
    count_groups(at, one.spec, live, 0);
    log(node, false);
  }
}

void NodeTable::nominate(NodeId node, PodId pod, const PodSpecPtr& spec) {
  groups_of(spec);  // whoever weighs it knows its groups
  info(node).nominated.push_back({pod, spec});
  log(node, false);
}

void NodeTable::take_back_nomination(NodeId node, PodId pod) {
  std::erase_if(info(node).nominated, [&](const NominatedPod& one) { return one.id == pod; });
  log(node, false);
}

NodeId NodeTable::find(const std::string& name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? NodeId() : found->second;
}

const NodeTable::Groups& NodeTable::groups_of(const PodSpecPtr& spec) {
  const auto known = groups_of_spec_.find(spec.get());
  if (known != groups_of_spec_.end()) return known->second;
  const LabelGroup fresh(static_cast<LabelGroup::rep>(group_keys_.size()));
  const auto [at, is_new] = groups_.emplace(GroupKey(spec->namespace_name, spec->labels), fresh);
  if (is_new) group_keys_.push_back(&at->first);
  if (groups_of_spec_.size() >= 4096) groups_of_spec_.clear();
  return groups_of_spec_.emplace(spec.get(), Groups{spec, at->second, learn_affinity(spec)})
      .first->second;
}

void NodeTable::count_groups(SchedulerNodeInfo& at, const PodSpecPtr& spec, std::int32_t live,
                             std::int32_t all) {
  const Groups& of = groups_of(spec);
  const LabelGroup labels = of.labels;
  const AffinityGroup affinity = of.affinity;
  auto found = std::find_if(at.groups.begin(), at.groups.end(),
                            [&](const GroupCount& one) { return one.group == labels; });
  if (found == at.groups.end()) found = at.groups.insert(found, {labels, 0, 0});
  found->live += live;
  found->all += all;
  if (found->all == 0) at.groups.erase(found);
  if (all == 0 || !affinity.is_valid()) return;
  const auto pods = std::find_if(at.affinity.begin(), at.affinity.end(),
                                 [&](const auto& one) { return one.first == affinity; });
  if (pods == at.affinity.end()) {
    at.affinity.emplace_back(affinity, all);
  } else if ((pods->second += all) == 0) {
    at.affinity.erase(pods);
  }
}

AffinityGroup NodeTable::learn_affinity(const PodSpecPtr& spec) {
  if (!has_affinity_terms(*spec)) return {};
  const auto same = [&](const PodSpecPtr& one) {
    return fields_of_affinity(*one) == fields_of_affinity(*spec);
  };
  const auto known = std::find_if(affinity_groups_.begin(), affinity_groups_.end(), same);
  const AffinityGroup group(static_cast<AffinityGroup::rep>(known - affinity_groups_.begin()));
  if (known != affinity_groups_.end()) return group;
  affinity_groups_.push_back(spec);
  using Kind = AffinityTerm::Kind;
  const auto add = [&](Kind kind, int weight, const PodAffinityTerm& term) {
    affinity_terms_.push_back({group, kind, weight, term, spec->namespace_name});
  };
  for (const PodAffinityTerm& term : spec->pod_affinity) add(Kind::kRequired, 1, term);
  for (const PodAffinityTerm& term : spec->pod_anti_affinity) add(Kind::kRequiredAnti, 0, term);
  for (const auto& [weight, term] : spec->preferred_pod_affinity) {
    add(Kind::kPreferred, weight, term);
  }
  for (const auto& [weight, term] : spec->preferred_pod_anti_affinity) {
    add(Kind::kPreferred, -weight, term);
  }
  return group;
}

}  // namespace casim::sim
