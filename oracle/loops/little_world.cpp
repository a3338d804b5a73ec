#include "oracle/loops/little_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace casim::oracle {

using sim::OwnerKind;
using sim::Phase;

LittleWorld::LittleWorld(const LittleCase& given, sim::Kernel& kernel)
    : given_(given), kernel_(kernel) {
  for (const GroupGiven& group : given.groups) groups_[group.id].given = &group;
  for (const WorkloadGiven& workload : given.workloads) {
    workloads_[workload.name].given = &workload;
  }
}

void LittleWorld::start() {
  announce_owners();
  for (const StaticNode& node : given_.static_nodes) {
    add_node(node.name, node.node, nullptr, true, true);
  }
  for (const GroupGiven& given : given_.groups) {
    Group& g = groups_.at(given.id);
    for (int i = 0; i < given.initial; ++i) {
      auto instance = std::make_shared<Instance>();
      instance->name = fmt::format("{}-{:04}", given.id, g.named++);
      instance->group = given.id;
      instance->state = InstanceState::kRunning;
      g.instances.push_back(instance);
      instances_[instance->id()] = instance;
      ++g.target;
      add_node(instance->name, given.node, instance.get(), true, true);
    }
  }
  remember();
  for (const EventGiven& event : given_.events) {
    kernel_.at(event.at, Phase::kWorld, [this, &event] { apply(event); });
  }
}

void LittleWorld::show(const sim::WatchEvent& event) {
  for (sim::Watcher* const watcher : watchers_) watcher->on_watch(event);
}

void LittleWorld::announce_owners() {
  for (const WorkloadGiven& workload : given_.workloads) {
    const sim::PodSpec& spec = *workload.spec;
    if (spec.owner != OwnerKind::kNone) {
      sim::Owner owner{spec.owner, spec.owner_uid, workload.name, spec.namespace_name, 10,
                       10,         nullptr};
      if (spec.owner == OwnerKind::kDaemonSet) owner.daemon_spec = workload.spec;
      show(sim::OwnerChanged{owner});
    }
    if (!workload.pdb_disruptions_allowed) continue;
    sim::PodDisruptionBudget pdb;
    pdb.name = workload.name;
    pdb.namespace_name = spec.namespace_name;
    for (const auto& [key, value] : spec.labels) {
      pdb.selector.push_back({key, sim::LabelRequirement::Operator::kIn, {value}});
    }
    pdb.disruptions_allowed = *workload.pdb_disruptions_allowed;
    show(sim::PdbChanged{pdb});
  }
}

void LittleWorld::apply(const EventGiven& event) {
  switch (event.type) {
    case EventType::kPods:
      create_pods(event);
      break;
    case EventType::kDelete:
      delete_pods(event);
      break;
    case EventType::kReady:
      set_ready(event.node, true);
      break;
    case EventType::kUnready:
      set_ready(event.node, false);
      break;
    case EventType::kVanish:
      vanish(event.node);
      break;
  }
  touch();
}

void LittleWorld::create_pods(const EventGiven& event) {
  for (int i = 0; i < event.count; ++i) create_pod(workloads_.at(event.workload), event.node);
}

// `alternate`: the second of the list, which is then rotated so that the next pick starts after it.
void LittleWorld::delete_pods(const EventGiven& event) {
  std::vector<sim::PodId> list = workloads_.at(event.workload).live;
  for (int i = 0; i < event.count && !list.empty(); ++i) {
    std::size_t index = 0;
    if (event.pick == Pick::kNewest) index = list.size() - 1;
    if (event.pick == Pick::kAlternate && list.size() > 1) index = 1;
    const sim::PodId id = list[index];
    const auto place = list.begin() + static_cast<std::ptrdiff_t>(index);
    if (event.pick == Pick::kAlternate) {
      std::rotate(list.begin(), place, list.end());
      list.erase(list.begin());
    } else {
      list.erase(place);
    }
    end_pod(id, End::kDeleted);
  }
}

void LittleWorld::set_ready(const std::string& name, bool ready) {
  const auto entry = nodes_.find(name);
  if (entry == nodes_.end() || entry->second.node->ready == ready) return;
  sim::Node node = *entry->second.node;
  node.ready = ready;
  node.last_transition = cut_to_second(kernel_.wall(kernel_.now()));
  std::erase_if(node.taints, [](const sim::Taint& t) { return t.key == sim::kNotReadyTaint; });
  if (!ready) {
    node.taints.push_back(
        sim::Taint{std::string(sim::kNotReadyTaint), "", sim::TaintEffect::kNoSchedule});
  }
  put_node(std::move(node));
}

void LittleWorld::vanish(const std::string& name) {
  const std::shared_ptr<Instance> instance = find_instance("casim:///" + name);
  if (instance == nullptr || instance->state != InstanceState::kRunning) return;
  --groups_.at(instance->group).target;
  erase_instance(instance);
}

LittleWorld::Group& LittleWorld::group(const std::string& id) { return groups_.at(id); }

std::shared_ptr<Instance> LittleWorld::find_instance(const std::string& provider_id) const {
  const auto entry = instances_.find(provider_id);
  return entry == instances_.end() ? nullptr : entry->second;
}

const LaunchRule* LittleWorld::rule_of(const Group& group, int n) const {
  for (const LaunchRule& rule : group.given->launches) {
    if (n >= rule.from && (rule.to == 0 || n < rule.to)) return &rule;
  }
  static const LaunchRule kDefault;
  return &kDefault;
}

void LittleWorld::launch(Group& group) {
  auto instance = std::make_shared<Instance>();
  instance->name = fmt::format("{}-{:04}", group.given->id, group.named++);
  instance->group = group.given->id;
  group.instances.push_back(instance);
  instances_[instance->id()] = instance;
  const LaunchRule* const rule = rule_of(group, group.launches++);
  if (rule->outcome == LaunchOutcome::kNever) return;
  // Whoever was deleted meanwhile does nothing any more.
  kernel_.after(rule->after, Phase::kWorld, [this, instance, rule] {
    if (find_instance(instance->id()) != instance) return;
    if (instance->state != InstanceState::kCreating) return;
    if (rule->outcome == LaunchOutcome::kError) {
      instance->state = InstanceState::kFailed;
      instance->error_code = rule->code;
      instance->error_class = rule->error_class;
    } else {
      instance->state = InstanceState::kRunning;
      register_node(instance, *rule);
    }
    touch();
  });
}

void LittleWorld::terminate(const std::shared_ptr<Instance>& instance) {
  if (instance->state != InstanceState::kRunning) {
    erase_instance(instance);
    touch();
    return;
  }
  instance->state = InstanceState::kDeleting;
  const Duration after = groups_.at(instance->group).given->terminate_after;
  kernel_.after(after, Phase::kWorld, [this, instance] {
    if (find_instance(instance->id()) != instance) return;
    erase_instance(instance);
    touch();
  });
}

void LittleWorld::erase_instance(const std::shared_ptr<Instance>& instance) {
  std::erase(groups_.at(instance->group).instances, instance);
  instances_.erase(instance->id());
  remove_node(instance->name);
}

sim::NodePtr LittleWorld::find_node(const std::string& name) const {
  const auto entry = nodes_.find(name);
  return entry == nodes_.end() ? nullptr : entry->second.node;
}

void LittleWorld::put_node(sim::Node node) {
  node.resource_version = ++version_;
  auto shared = std::make_shared<const sim::Node>(std::move(node));
  nodes_.at(shared->name).node = shared;
  show(sim::NodeChanged{shared});
}

const sim::Pod* LittleWorld::find_pod(sim::PodId id) const {
  const auto entry = pods_.find(id);
  return entry == pods_.end() ? nullptr : &entry->second.pod;
}

void LittleWorld::evict(sim::PodId id) {
  end_pod(id, End::kEvicted);
  touch();
}

int LittleWorld::launched() const {
  int sum = 0;
  for (const auto& [id, group] : groups_) sum += group.launches;
  return sum;
}

int LittleWorld::pending() const { return static_cast<int>(pending_.size()); }

int LittleWorld::running() const { return static_cast<int>(pods_.size() - pending_.size()); }

}  // namespace casim::oracle
