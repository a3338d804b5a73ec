// Nodes and pods of the little world: registration, placing, ends.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "oracle/loops/little_world.h"
#include "sim/cluster/fit.h"

namespace casim::oracle {

using sim::OwnerKind;
using sim::Phase;

namespace {

bool is_replaced(const sim::PodSpec& spec) {
  return spec.owner != OwnerKind::kNone && spec.owner != OwnerKind::kDaemonSet;
}

}  // namespace

void LittleWorld::register_node(const std::shared_ptr<Instance>& instance, const LaunchRule& rule) {
  const GroupGiven& given = *groups_.at(instance->group).given;
  const bool ready = rule.ready_after == Duration{};
  add_node(instance->name, given.node, instance.get(), ready, false);
  if (ready) {
    become_ready(instance);
    return;
  }
  kernel_.after(rule.ready_after, Phase::kWorld, [this, instance] {
    if (find_instance(instance->id()) == instance) become_ready(instance);
  });
}

void LittleWorld::become_ready(const std::shared_ptr<Instance>& instance) {
  set_ready(instance->name, true);
  touch();
  const std::optional<StartupTaintGiven>& taint = groups_.at(instance->group).given->startup_taint;
  if (!taint) return;
  kernel_.after(taint->removed_after, Phase::kWorld, [this, instance] {
    if (find_instance(instance->id()) == instance) remove_startup_taint(instance);
  });
}

void LittleWorld::remove_startup_taint(const std::shared_ptr<Instance>& instance) {
  Node& entry = nodes_.at(instance->name);
  sim::Node node = *entry.node;
  std::erase(node.taints, *entry.startup_taint);
  entry.startup_taint.reset();
  put_node(std::move(node));
  touch();
}

void LittleWorld::differ_from_template(const RegisteredGiven& given, sim::Node& node) {
  for (const std::string& key : given.without_labels) node.labels.erase(key);
  for (const auto& [key, value] : given.labels) node.labels[key] = value;
  if (given.allocatable) node.allocatable = *given.allocatable;
}

void LittleWorld::add_node(const std::string& name, const NodeTemplate& given,
                           const Instance* instance, bool ready, bool initial) {
  const WallTime now = cut_to_second(kernel_.wall(kernel_.now()));
  sim::Node node;
  node.id = sim::NodeId(static_cast<std::uint32_t>(++version_));
  node.name = name;
  if (instance != nullptr) node.provider_id = instance->id();
  node.labels = given.labels;
  node.labels["kubernetes.io/hostname"] = name;
  node.labels["kubernetes.io/os"] = "linux";
  node.labels["kubernetes.io/arch"] = "amd64";
  if (instance != nullptr && given_.pricing) node.labels["group"] = instance->group;
  node.taints = given.taints;
  node.capacity = given.resources;
  node.allocatable = given.resources;
  Node& entry = nodes_[name];
  if (instance != nullptr) {
    const GroupGiven& group = *groups_.at(instance->group).given;
    differ_from_template(group.registered, node);
    if (group.startup_taint && !initial) {
      entry.startup_taint = group.startup_taint->taint;
      node.taints.push_back(*entry.startup_taint);
    }
  }
  if (!ready) {
    node.taints.push_back(
        sim::Taint{std::string(sim::kNotReadyTaint), "", sim::TaintEffect::kNoSchedule});
  }
  node.ready = ready;
  node.last_transition = now;
  node.creation_timestamp = initial ? now - std::chrono::hours(1) : now;
  entry.template_taints = given.taints;
  put_node(std::move(node));
  start_daemons(entry);
}

void LittleWorld::start_daemons(Node& node) {
  for (const WorkloadGiven& given : given_.workloads) {
    const sim::PodSpec& spec = *given.spec;
    if (spec.owner != OwnerKind::kDaemonSet || !selects(spec, node.node->labels)) continue;
    if (!sim::tolerates_all(spec.tolerations, node.template_taints)) continue;
    create_pod(workloads_.at(given.name), node.node->name);
  }
}

void LittleWorld::remove_node(const std::string& name) {
  const auto entry = nodes_.find(name);
  if (entry == nodes_.end()) return;
  const std::vector<sim::PodId> pods = entry->second.pods;
  const sim::NodePtr last = entry->second.node;
  for (const sim::PodId id : pods) end_pod(id, End::kLost);
  nodes_.erase(name);
  show(sim::NodeRemoved{last});
}

sim::PodId LittleWorld::create_pod(Workload& workload, const std::string& node) {
  const sim::PodId id(static_cast<std::uint32_t>(counts_.created++));
  PodState& state = pods_[id];
  state.workload = &workload;
  sim::Pod& pod = state.pod;
  pod.id = id;
  pod.spec = workload.given->spec;
  pod.name = fmt::format("{}-{:05}", workload.given->name, workload.named++);
  pod.created = kernel_.now();
  pod.creation_timestamp = cut_to_second(kernel_.wall(kernel_.now()));
  workload.live.push_back(id);
  const auto place = nodes_.find(node);
  if (place != nodes_.end()) {
    bind(state, place->second);
    return id;
  }
  if (!given_.scheduler_qps) {
    pod.unschedulable = true;
    pod.unschedulable_since = pod.creation_timestamp;
  }
  pending_.push_back(id);
  publish(state);
  return id;
}

void LittleWorld::publish(const PodState& state) { show(sim::PodChanged{state.pod}); }

void LittleWorld::bind(PodState& state, Node& node) {
  sim::Pod& pod = state.pod;
  pod.node = node.node->id;
  pod.node_name = node.node->name;
  pod.unschedulable = false;
  pod.running = true;
  node.used += pod.spec->requests;
  node.pods.push_back(pod.id);
  waits_.push_back(kernel_.now() - pod.created);
  publish(state);
  const Duration run_for = state.workload->given->run_for;
  if (run_for == Duration{}) return;
  kernel_.after(run_for, Phase::kWorld, [this, id = pod.id] {
    if (!pods_.contains(id)) return;
    end_pod(id, End::kCompleted);
    touch();
  });
}

void LittleWorld::bind_pod(sim::PodId id, const std::string& node) {
  const auto pod = pods_.find(id);
  const auto place = nodes_.find(node);
  if (pod == pods_.end() || place == nodes_.end()) return;
  if (!pod->second.pod.node_name.empty()) return;
  std::erase(pending_, id);
  bind(pod->second, place->second);
}

void LittleWorld::mark_unschedulable(sim::PodId id, WallTime since) {
  const auto pod = pods_.find(id);
  if (pod == pods_.end() || !pod->second.pod.node_name.empty()) return;
  pod->second.pod.unschedulable = true;
  pod->second.pod.unschedulable_since = since;
  publish(pod->second);
}

void LittleWorld::end_pod(sim::PodId id, End how) {
  const auto entry = pods_.find(id);
  assert(entry != pods_.end());
  const sim::Pod pod = entry->second.pod;
  Workload& workload = *entry->second.workload;
  if (pod.node_name.empty()) {
    std::erase(pending_, id);
  } else {
    Node& node = nodes_.at(pod.node_name);
    node.used -= pod.spec->requests;
    std::erase(node.pods, id);
  }
  std::erase(workload.live, id);
  pods_.erase(entry);
  show(sim::PodRemoved{pod});
  switch (how) {
    case End::kCompleted:
      ++counts_.completed;
      return;
    case End::kDeleted:
      ++counts_.deleted;
      return;
    case End::kEvicted:
      ++counts_.evicted;
      break;
    case End::kLost:
      ++counts_.lost;
      break;
  }
  if (is_replaced(*pod.spec)) create_pod(workload, "");
}

// After the world's own events of the instant, and again after what the autoscaler did at it: the
// scheduler's phase lies behind the first, and comes before any later event of the second.
void LittleWorld::touch() {
  if (settling_ || given_.scheduler_qps) return;
  settling_ = true;
  kernel_.at(kernel_.now(), Phase::kScheduler, [this] { settle(); });
}

void LittleWorld::remember() {
  for (auto& [id, group] : groups_) {
    PastGroup& now = group.past.emplace_back();
    now.at = kernel_.now();
    now.target = group.target;
    for (const auto& instance : group.instances) now.instances.push_back(*instance);
  }
}

void LittleWorld::settle() {
  settling_ = false;
  if (given_.has_stale_answers()) remember();
  std::vector<sim::PodId> left;
  std::vector<const Workload*> full;  // found no room at this instant
  // While pods of one workload follow each other: what is before their last place has no room. A
  // spread may make room there, though.
  const Workload* last = nullptr;
  Nodes::iterator from;
  const std::vector<sim::PodId> waiting = pending_;
  for (const sim::PodId id : waiting) {
    PodState& state = pods_.at(id);
    if (std::find(full.begin(), full.end(), state.workload) != full.end()) {
      left.push_back(id);
      continue;
    }
    const sim::PodSpec& spec = *state.pod.spec;
    const bool goes_on =
        state.workload == last && spec.topology_spread.empty() && spec.pod_affinity.empty();
    from = place_of(spec, goes_on ? from : nodes_.begin());
    last = state.workload;
    if (from == nodes_.end()) {
      full.push_back(state.workload);
      left.push_back(id);
    } else {
      bind(state, from->second);
    }
  }
  pending_ = std::move(left);
  bool is_new = false;
  for (const sim::PodId id : pending_) {
    PodState& state = pods_.at(id);
    if (!state.announced && state.pod.created == kernel_.now()) is_new = true;
    state.announced = true;
  }
  if (is_new && on_unschedulable) on_unschedulable();
}

}  // namespace casim::oracle
