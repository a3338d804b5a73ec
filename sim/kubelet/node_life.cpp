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

// At most between two attempts of a kubelet to register
// [k8s:pkg/kubelet/kubelet_node_status.go, registerWithAPIServer].
constexpr Duration kRegisterRetry = std::chrono::seconds(7);

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
                   NodeLifeConfig config, const BootConditions& conditions)
    : kernel_(kernel),
      api_(api),
      heartbeats_(heartbeats),
      random_(random),
      pods_(pods),
      groups_(std::move(groups)),
      config_(std::move(config)),
      conditions_(conditions) {}

// --- boot

void NodeLife::on_running(const ec2::Instance& instance) {
  const std::string* group = group_of(instance);
  if (group == nullptr) return;
  Machine& machine = machines_[instance.id];
  if (machine.is_off) return;  // stopped and started again: its node stays as it is (assumed)
  machine.instance = instance;
  machine.group = *group;
  machine.course = conditions_.on_boot(instance, kernel_.now());
  const double luck = random_.uniform("node.never_registers", hash_bytes(instance.id), 0);
  if (luck < config_.never_registers) machine.course.never_joins = true;
  boot(instance.id, machine);
}

void NodeLife::boot(const std::string& name, Machine& machine) {
  if (machine.course.never_joins) return;
  Duration usual = draw(config_.boot, "node.boot", name, machine.boots);
  Duration takes = draw(config_.register_after, "node.register", name, machine.boots);
  ++machine.boots;
  const bool is_metal = machine.instance.type.contains(".metal");
  if (is_metal) usual += draw(config_.metal_extra, "node.boot_metal", name, machine.boots - 1);
  takes +=
      machine.course.factor == 1 ? usual : from_seconds(to_seconds(usual) * machine.course.factor);
  machine.next = kernel_.after(takes + machine.course.delay, Phase::kWorld, [this, name] {
    machines_.at(name).has_kubelet = true;
    join(name);
  });
}

// Its kubelet is there and goes to the API server, for the first time or as before the boot.
void NodeLife::join(const std::string& name) {
  Machine& machine = machines_.at(name);
  kernel_.cancel(machine.next);  // reconnect() may come while it waits to try again
  if (machine.has(NodeTrouble::kSilent)) return;  // reconnect() comes back
  if (!machine.node.is_valid()) {
    const TimePoint from = conditions_.registers_from(machine.instance, kernel_.now());
    if (from == kTimeNever) return;
    if (from > kernel_.now()) {
      machine.next = kernel_.at(from, Phase::kWorld, [this, name] { join(name); });
      return;
    }
    if (api_.outages().is_down(kernel_.now())) return join_again(name, machine);
    machine.node = register_node(machine, false);
  } else {
    api_.set_node_ready(machine.node, false);
  }
  machine.has_joined = true;
  machine.speaks = true;
  start_heartbeat(machine, Duration{});
  const Duration later = draw(config_.ready_after, "node.ready", name, machine.boots - 1);
  machine.next = kernel_.after(later, Phase::kWorld, [this, name] { become_able(name); });
}

// When the API server is up again, and the kubelet tries again.
void NodeLife::join_again(const std::string& name, Machine& machine) {
  const TimePoint up = api_.outages().up_from(kernel_.now());
  if (up == kTimeNever) return;
  const double luck = random_.uniform("node.join_again", hash_bytes(name), machine.boots);
  const Duration later = from_seconds(luck * to_seconds(kRegisterRetry));
  machine.next = kernel_.at(up + later, Phase::kWorld, [this, name] { join(name); });
}

void NodeLife::become_able(const std::string& name) {
  Machine& machine = machines_.at(name);
  machine.is_able = true;
  if (machine.speaks) post_status(machine);
  if (machine.boots > 1) {
    pods_.start_node(machine.node);
    if (!machine.speaks) pods_.cut_off(machine.node);
  }
  await_startup_taint(name, machine);
  await_devices(name, machine);
}

void NodeLife::await_startup_taint(const std::string& name, Machine& machine) {
  const auto group = groups_.find(machine.group);
  if (group == groups_.end() || !group->second.startup_taint) return;
  const StartupTaint& startup = *group->second.startup_taint;
  const Duration later = draw(startup.removed_after, "node.startup_taint", name, machine.boots - 1);
  machine.next = kernel_.after(later, Phase::kWorld, [this, node = machine.node, &startup] {
    api_.edit_node(node, [&](Node& next) { std::erase(next.taints, startup.taint); });
  });
}

// Its device plugins have registered with the kubelet.
void NodeLife::await_devices(const std::string& name, const Machine& machine) {
  const auto group = groups_.find(machine.group);
  if (group == groups_.end() || !group->second.devices_after || machine.boots > 1) return;
  const Duration later = draw(*group->second.devices_after, "node.devices", name, 0);
  const NodeBlueprint& blueprint = group->second;
  Resources offered = blueprint.allocatable;
  Labels labels;
  if (blueprint.registered) {
    differ_from_template(*blueprint.registered, machine.instance.zone, labels, offered);
  }
  kernel_.after(later, Phase::kWorld, [this, node = machine.node, &blueprint, offered] {
    api_.edit_node(node, [&](Node& next) {
      next.capacity.extended = blueprint.capacity.extended;
      next.allocatable.extended = offered.extended;
    });
  });
}

NodeId NodeLife::register_node(const Machine& machine, bool ready) {
  const ec2::Instance& instance = machine.instance;
  const NodeBlueprint& blueprint = groups_.at(machine.group);
  NewNode fresh;
  fresh.instance = instance.id;
  fresh.group = machine.group;
  Node& node = fresh.node;
  node.name = node_name(machine.group, instance);
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
  if (blueprint.registered) {
    differ_from_template(*blueprint.registered, instance.zone, node.labels, node.allocatable);
  }
  if (!ready && blueprint.devices_after) {
    node.capacity.extended.clear();
    node.allocatable.extended.clear();
  }
  node.ready = ready;
  return api_.create_node(std::move(fresh));
}

// --- initial state

NodeId NodeLife::add_initial_node(const ec2::Instance& instance) {
  const std::string* group = group_of(instance);
  assert(group != nullptr);
  Machine& machine = machines_[instance.id];
  assert(!machine.node.is_valid());
  machine.instance = instance;
  machine.group = *group;
  machine.node = register_node(machine, true);
  start_initial(instance.id, machine);
  return machine.node;
}

NodeId NodeLife::add_static_node(Node node) {
  const std::string name = node.name;
  Machine& machine = machines_[name];
  assert(!machine.node.is_valid());
  const auto zone = node.labels.find("topology.kubernetes.io/zone");
  if (zone != node.labels.end()) machine.instance.zone = zone->second;
  machine.node = api_.create_node({.node = std::move(node), .instance = "", .group = ""});
  start_initial(name, machine);
  return machine.node;
}

// Its signs of life began at some time before the run.
void NodeLife::start_initial(const std::string& name, Machine& machine) {
  machine.boots = 1;
  machine.has_kubelet = machine.has_joined = machine.is_able = machine.speaks = true;
  const double luck = random_.uniform("node.heartbeat", hash_bytes(name), 0);
  start_heartbeat(machine, from_seconds(luck * to_seconds(config_.status_period)));
}

// --- signs of life

void NodeLife::start_heartbeat(Machine& machine, Duration ago) {
  const TimePoint first = kernel_.now() - ago;
  heartbeats_.set(machine.node,
                  Heartbeat({first, config_.lease_period}, {first, config_.status_period}));
}

void NodeLife::post_status(const Machine& machine) {
  api_.set_node_ready(machine.node, machine.is_able && !machine.has(NodeTrouble::kNotReady));
  heartbeats_.edit(machine.node, [this](Heartbeat& beats) { beats.post(kernel_.now()); });
}

void NodeLife::fall_silent(Machine& machine) {
  machine.speaks = false;
  if (!machine.node.is_valid()) return;
  heartbeats_.edit(machine.node, [this](Heartbeat& beats) { beats.stop(kernel_.now()); });
}

// --- the machine's end

void NodeLife::on_terminating(const ec2::Instance& instance) {
  Machine* machine = find(instance.id);
  if (machine == nullptr) return;
  power_off(*machine);
  machine->is_off = true;
}

void NodeLife::on_terminated(const ec2::Instance& instance) {
  on_terminating(instance);
  machines_.erase(instance.id);
}

void NodeLife::power_off(Machine& machine) {
  kernel_.cancel(machine.next);
  machine.has_kubelet = machine.has_joined = machine.is_able = false;
  if (machine.node.is_valid()) pods_.stop_node(machine.node);
  fall_silent(machine);
}

// --- troubles

void NodeLife::begin(const std::string& name, NodeTrouble trouble) {
  Machine* machine = find(name);
  if (machine == nullptr) return;
  if (machine->troubles[static_cast<std::size_t>(trouble)]++ > 0) return;
  switch (trouble) {
    case NodeTrouble::kDead:
      return power_off(*machine);
    case NodeTrouble::kSilent:
      return cut_off(*machine);
    case NodeTrouble::kNotReady:
      if (machine->speaks) post_status(*machine);
      return;
  }
}

void NodeLife::end(const std::string& name, NodeTrouble trouble) {
  Machine* machine = find(name);
  if (machine == nullptr) return;
  int& times = machine->troubles[static_cast<std::size_t>(trouble)];
  assert(times > 0);
  if (--times > 0) return;
  switch (trouble) {
    case NodeTrouble::kDead:
      return boot(name, *machine);
    case NodeTrouble::kSilent: {
      // The kubelet tries to post its status every 10 s, and to register every 7 s at most.
      const Duration period = machine->has_joined ? config_.lease_period : kRegisterRetry;
      const auto n = static_cast<std::uint64_t>(kernel_.now().time_since_epoch().count());
      const Duration later =
          from_seconds(to_seconds(period) * random_.uniform("node.reconnect", hash_bytes(name), n));
      kernel_.after(later, Phase::kWorld, [this, name] { reconnect(name); });
      return;
    }
    case NodeTrouble::kNotReady:
      if (machine->speaks) post_status(*machine);
      return;
  }
}

void NodeLife::cut_off(Machine& machine) {
  if (!machine.has_joined) return;
  pods_.cut_off(machine.node);
  fall_silent(machine);
}

// Unless it was cut off again meanwhile, or is back already.
void NodeLife::reconnect(const std::string& name) {
  Machine* machine = find(name);
  if (machine == nullptr || machine->has(NodeTrouble::kSilent) || !machine->has_kubelet) return;
  if (!machine->has_joined) return join(name);
  if (machine->speaks) return;
  machine->speaks = true;
  start_heartbeat(*machine, Duration{});
  post_status(*machine);
  pods_.reconnect(machine->node);
}

std::vector<MachineOfNode> NodeLife::machines() const {
  std::vector<MachineOfNode> all;
  for (const auto& [name, machine] : machines_) {
    if (!machine.is_off) all.push_back({name, machine.group, machine.instance.zone, machine.node});
  }
  return all;
}

NodeLife::Machine* NodeLife::find(const std::string& name) {
  const auto found = machines_.find(name);
  return found == machines_.end() || found->second.is_off ? nullptr : &found->second;
}

NodeId NodeLife::node_of(const std::string& instance_id) const {
  const auto found = machines_.find(instance_id);
  return found == machines_.end() ? NodeId() : found->second.node;
}

bool NodeLife::can_act(const std::string& instance_id) const {
  const auto found = machines_.find(instance_id);
  return found != machines_.end() && found->second.is_able && found->second.speaks;
}

const std::string* NodeLife::group_of(const ec2::Instance& instance) const {
  const auto tag = std::find_if(
      instance.tags.begin(), instance.tags.end(),
      [this](const ec2::Tag& candidate) { return candidate.key == config_.group_tag; });
  if (tag == instance.tags.end() || !groups_.contains(tag->value)) return nullptr;
  return &tag->value;
}

Duration NodeLife::draw(const Distribution& delay, std::string_view purpose,
                        const std::string& name, std::uint64_t n) const {
  return delay.duration(random_.uniform(purpose, hash_bytes(name), n));
}

}  // namespace casim::sim
