#include "sim/kubelet/node_life.h"

#include <algorithm>
#include <cassert>
#include <iterator>

#include <fmt/format.h>

#include "src/ec2/region.h"

namespace casim::sim {

namespace {

struct ImageBoot {
  std::string_view image;
  double median;
  double sigma;
};

constexpr ImageBoot kImages[] = {
    {"al2023", 24, 0.25},       {"al2_tuned", 14, 0.25},  {"al2_untuned", 30, 0.3},
    {"bottlerocket", 12, 0.25}, {"custom_slow", 60, 0.5}, {"hardened", 300, 0.3},
    {"windows", 180, 0.4},
};

// Unique, and not the provider id: the autoscaler's provider tells a joined node by that.
std::string node_name(const std::string& group, const ec2::Instance& instance) {
  return group + "-" + instance.id.substr(2);
}

}  // namespace

std::optional<Distribution> boot_of_image(std::string_view image) {
  const auto found = std::find_if(std::begin(kImages), std::end(kImages),
                                  [&](const ImageBoot& boot) { return boot.image == image; });
  if (found == std::end(kImages)) return std::nullopt;
  return Distribution::lognormal(found->median, found->sigma);
}

std::vector<std::string> node_images() {
  std::vector<std::string> names;
  for (const ImageBoot& boot : kImages) names.emplace_back(boot.image);
  return names;
}

NodeLife::NodeLife(Kernel& kernel, ApiServer& api, NodeHeartbeats& heartbeats, const Random& random,
                   PodRunner& pods, std::map<std::string, NodeBlueprint> groups,
                   NodeLifeConfig config)
    : kernel_(kernel),
      api_(api),
      heartbeats_(heartbeats),
      random_(random),
      pods_(pods),
      groups_(std::move(groups)),
      config_(std::move(config)) {}

void NodeLife::on_running(const ec2::Instance& instance) {
  const std::string* group = group_of(instance);
  if (group == nullptr) return;
  Machine& machine = machines_[instance.id];
  machine.group = *group;
  const double luck = random_.uniform("node.never_registers", hash_bytes(instance.id), 0);
  if (luck < config_.never_registers) return;
  const Duration boot = draw(config_.boot, "node.boot", instance.id) +
                        draw(config_.register_after, "node.register", instance.id);
  machine.next = kernel_.after(boot, Phase::kWorld, [this, instance] { join(instance); });
}

void NodeLife::join(const ec2::Instance& instance) {
  Machine& machine = machines_.at(instance.id);
  const auto held = held_until_.find(machine.group);
  if (held != held_until_.end() && held->second > kernel_.now()) {
    machine.next = kernel_.at(held->second, Phase::kWorld, [this, instance] { join(instance); });
    return;
  }
  machine.node = register_node(instance, false);
  begin_heartbeat(instance, machine.node, false);
  machine.next = kernel_.after(draw(config_.ready_after, "node.ready", instance.id), Phase::kWorld,
                               [this, id = instance.id] { become_ready(id); });
}

void NodeLife::become_ready(const std::string& instance_id) {
  Machine& machine = machines_.at(instance_id);
  set_ready(machine.node, true);
  const std::optional<StartupTaint>& startup = groups_.at(machine.group).startup_taint;
  if (!startup) return;
  const Duration later = draw(startup->removed_after, "node.startup_taint", instance_id);
  machine.next = kernel_.after(later, Phase::kWorld, [this, node = machine.node, &startup] {
    api_.edit_node(node, [&](Node& next) { std::erase(next.taints, startup->taint); });
  });
}

NodeId NodeLife::add_initial_node(const ec2::Instance& instance) {
  const std::string* group = group_of(instance);
  assert(group != nullptr);
  Machine& machine = machines_[instance.id];
  assert(!machine.node.is_valid());
  machine.group = *group;
  machine.node = register_node(instance, true);
  begin_heartbeat(instance, machine.node, true);
  return machine.node;
}

// Of an initial node it began at some time before the run.
void NodeLife::begin_heartbeat(const ec2::Instance& instance, NodeId node, bool is_initial) {
  instances_[node.value()] = instance.id;
  Duration ago{};
  if (is_initial) {
    const double luck = random_.uniform("node.heartbeat", hash_bytes(instance.id), 0);
    ago = from_seconds(luck * to_seconds(config_.status_period));
  }
  const TimePoint first = kernel_.now() - ago;
  heartbeats_.set(node, Heartbeat({first, config_.lease_period}, {first, config_.status_period}));
}

NodeId NodeLife::register_node(const ec2::Instance& instance, bool ready) {
  const std::string& group = machines_.at(instance.id).group;
  const NodeBlueprint& blueprint = groups_.at(group);
  NewNode fresh;
  fresh.instance = instance.id;
  fresh.group = group;
  Node& node = fresh.node;
  node.name = node_name(group, instance);
  node.provider_id = fmt::format("aws:///{}/{}", instance.zone, instance.id);
  node.labels = blueprint.labels;
  node.labels["kubernetes.io/hostname"] = node.name;
  node.labels["node.kubernetes.io/instance-type"] = instance.type;
  node.labels["topology.kubernetes.io/zone"] = instance.zone;
  node.labels["topology.kubernetes.io/region"] = ec2::region_of(instance.zone);
  node.taints = blueprint.taints;
  if (!ready && blueprint.startup_taint) node.taints.push_back(blueprint.startup_taint->taint);
  node.capacity = blueprint.capacity;
  node.allocatable = blueprint.allocatable;
  node.ready = ready;
  return api_.create_node(std::move(fresh));
}

void NodeLife::on_terminating(const ec2::Instance& instance) {
  const auto found = machines_.find(instance.id);
  if (found != machines_.end()) stop(found->second);
}

void NodeLife::on_terminated(const ec2::Instance& instance) {
  const auto found = machines_.find(instance.id);
  if (found == machines_.end()) return;
  stop(found->second);
  instances_.erase(found->second.node.value());
  machines_.erase(found);
}

void NodeLife::stop(Machine& machine) {
  if (machine.is_off) return;
  machine.is_off = true;
  kernel_.cancel(machine.next);
  if (!machine.node.is_valid()) return;
  pods_.stop_node(machine.node);
  heartbeats_.edit(machine.node, [this](Heartbeat& beats) { beats.stop(kernel_.now()); });
}

void NodeLife::crash(NodeId node) {
  if (Machine* machine = machine_of(node)) stop(*machine);
}

void NodeLife::set_ready(NodeId node, bool ready) {
  const Machine* machine = machine_of(node);
  if (machine == nullptr || machine->is_off) return;
  api_.set_node_ready(node, ready);
  heartbeats_.edit(node, [this](Heartbeat& beats) { beats.post(kernel_.now()); });
}

void NodeLife::hold_join(const std::string& group, TimePoint until) {
  TimePoint& held = held_until_[group];
  held = std::max(held, until);
}

NodeLife::Machine* NodeLife::machine_of(NodeId node) {
  const auto found = instances_.find(node.value());
  return found == instances_.end() ? nullptr : &machines_.at(found->second);
}

NodeId NodeLife::node_of(const std::string& instance_id) const {
  const auto found = machines_.find(instance_id);
  return found == machines_.end() ? NodeId() : found->second.node;
}

const std::string* NodeLife::group_of(const ec2::Instance& instance) const {
  const auto tag = std::find_if(
      instance.tags.begin(), instance.tags.end(),
      [this](const ec2::Tag& candidate) { return candidate.key == config_.group_tag; });
  if (tag == instance.tags.end() || !groups_.contains(tag->value)) return nullptr;
  return &tag->value;
}

Duration NodeLife::draw(const Distribution& delay, std::string_view purpose,
                        const std::string& instance_id) const {
  return delay.duration(random_.uniform(purpose, hash_bytes(instance_id), 0));
}

}  // namespace casim::sim
