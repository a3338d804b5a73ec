#include "sim/paths/cluster_api/cluster_api_path.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

#include "sim/paths/cluster_api/cluster_api_machines.h"
#include "src/provider/machine_tags.h"
#include "src/provider/placeholder.h"

namespace casim::sim {
namespace {

// [client-go] of the autoscaler's Cluster API provider: kube-client-qps 5, burst 10.
constexpr double kAutoscalerQps = 5;
constexpr int kAutoscalerBurst = 10;

}  // namespace

ClusterApiPath::ClusterApiPath(Ports ports, ClusterApiPathConfig config, const std::string& cluster,
                               const std::string& image_id,
                               std::vector<provider::GroupConfig> groups)
    : ports_(ports),
      config_(std::move(config)),
      groups_(std::move(groups)),
      state_(ports.kernel, ports.random, config_.controllers),
      provider_kube_(ports.kernel, ports.random, "cluster_api.provider",
                     {.qps = kAutoscalerQps,
                      .burst = kAutoscalerBurst,
                      .call = config_.controllers.kube_call}),
      machines_(state_),
      sets_(state_, [this](std::uint32_t set) { return plan(set); }),
      deployments_(state_),
      infra_({.state = state_,
              .api = ports.api,
              .template_of = [this](std::uint32_t set) { return template_of(set); },
              .slot_of =
                  [this](const std::string& token) {
                    const auto found = slots_.find(token);
                    return found == slots_.end() ? SlotId() : found->second;
                  }},
             {.cluster = cluster, .image_id = image_id, .client_token = config_.client_token}) {
  if (config_.controllers.health_check.enabled) {
    health_check_ = std::make_unique<MachineHealthCheck>(state_);
  }
  state_.machines.subscribe(
      [this](std::uint32_t key, const MachineObject* before, const MachineObject* after) {
        waits_.note(key);
        if (before != nullptr || after == nullptr) return;
        by_token_[after->token] = key;
        waits_.note(kAnyNewMachine);
      });
  state_.fill();
  for (const provider::GroupConfig& group : groups_) create_deployment(group);
}

std::unique_ptr<provider::Machines> ClusterApiPath::make_machines() {
  return std::make_unique<ClusterApiMachines>(*this);
}

// There for long: deployment and set have the same number as the group.
void ClusterApiPath::create_deployment(const provider::GroupConfig& group) {
  MachineDeploymentObject deployment;
  deployment.first = {.has_finalizer = true, .is_pause_known = true};
  deployment.is_labelled = true;
  deployment.order = config_.controllers.delete_order;
  deployment.summary.wanted = 0;
  MachineSetObject set;
  set.deployment = state_.deployments.create(deployment);
  set.first = deployment.first;
  set.is_labelled = true;
  set.order = deployment.order;
  set.summary.wanted = 0;
  state_.sets.create(set);
  waiting_[group.id];
}

void ClusterApiPath::adopt(const ec2::Instance& instance) {
  const std::string group = provider::tag_of(instance, provider::kGroupTag);
  const auto of = std::ranges::find(groups_, group, &provider::GroupConfig::id);
  assert(of != groups_.end());
  const auto set = static_cast<std::uint32_t>(of - groups_.begin());
  InfraMachineObject infra;
  infra.set = set;
  infra.machine = state_.machines.next_key();
  infra.created = instance.launch_time;
  infra.is_provisioned = true;
  infra.instance_id = instance.id;
  infra.provider_id = provider::make_provider_id(instance.zone, instance.id);
  infra.zone = instance.zone;
  MachineObject machine;
  machine.set = set;
  machine.infra = state_.infra.create(infra);
  machine.name = fmt::format("machine-{:08}", *infra.machine);
  machine.token = provider::slot_token_of(instance);
  machine.created = instance.launch_time;
  machine.is_pause_known = true;
  machine.provider_id = infra.provider_id;
  machine.instance_id = instance.id;
  machine.conditions = {.are_set = true,
                        .is_bootstrapped = true,
                        .is_infra_ready = true,
                        .infra_ready_since = instance.launch_time,
                        .node = NodeSeen::kReady,
                        .deleting = 0};
  machine.status.is_bootstrapped = true;
  machine.status.is_provisioned = true;
  machine.status.observed_generation = 1;
  state_.machines.create(machine);
  slots_.emplace(machine.token, SlotId());
  on_node(infra.provider_id, true);
  // Its set and deployment have wanted it, and known of it, for long.
  const auto count_in = [](auto& owner) {
    ++owner.replicas;
    ++owner.counts.replicas;
    ++owner.counts.ready;
    ++owner.counts.available;
    ++owner.summary.wanted;
    ++owner.summary.machines;
  };
  state_.sets.modify(set, count_in);
  state_.deployments.modify(set, count_in);
}

void ClusterApiPath::start() {
  state_.watch();
  resync_later();
  if (config_.second_writer) write_second_later();
}

void ClusterApiPath::stop() {
  ports_.kernel.cancel(resync_);
  ports_.kernel.cancel(second_writer_);
  machines_.loop().crash();
  sets_.loop().crash();
  deployments_.loop().crash();
  infra_.loop().crash();
  if (health_check_) health_check_->loop().crash();
}

void ClusterApiPath::resync_later() {
  if (config_.controllers.sync_period == Duration{}) return;
  resync_ = ports_.kernel.after(config_.controllers.sync_period, Phase::kWorld, [this] {
    for (std::uint32_t key = 0; key < state_.deployments.next_key(); ++key) deployments_.add(key);
    for (std::uint32_t key = 0; key < state_.sets.next_key(); ++key) sets_.add(key);
    for (std::uint32_t key = 0; key < state_.machines.next_key(); ++key) {
      const MachineObject* machine = state_.machines.seen(key).object;
      if (machine == nullptr) continue;
      machines_.add(key);
      infra_.loop().add(machine->infra);
    }
    resync_later();
  });
}

void ClusterApiPath::write_second_later() {
  second_writer_ = ports_.kernel.after(config_.second_writer->period, Phase::kWorld, [this] {
    for (std::uint32_t key = 0; key < state_.deployments.next_key(); ++key) {
      const int wanted = config_.second_writer->replicas;
      if (state_.deployments.newest(key)->replicas == wanted) continue;
      state_.deployments.modify(key, [&](MachineDeploymentObject& d) { d.replicas = wanted; });
    }
    write_second_later();
  });
}

void ClusterApiPath::on_node(const std::string& provider_id, bool is_ready) {
  const auto known = nodes_.find(provider_id);
  const WorkloadNode* newest = known == nodes_.end() ? nullptr : state_.nodes.newest(known->second);
  if (newest != nullptr && newest->is_ready == is_ready) return;
  if (newest != nullptr) {
    state_.nodes.modify(known->second, [&](WorkloadNode& n) {
      n.is_ready = is_ready;
      n.changed = state_.stamp();
    });
    return;
  }
  WorkloadNode node;
  node.provider_id = provider_id;
  node.is_ready = is_ready;
  node.changed = state_.stamp();
  nodes_[provider_id] = state_.nodes.create(node);
}

void ClusterApiPath::on_node_gone(const std::string& provider_id) {
  const auto known = nodes_.find(provider_id);
  if (known == nodes_.end()) return;
  state_.nodes.erase(known->second);
  nodes_.erase(known);
}

void ClusterApiPath::scale(const std::string& group, int change) {
  const auto of = std::ranges::find(groups_, group, &provider::GroupConfig::id);
  const auto key = static_cast<std::uint32_t>(of - groups_.begin());
  state_.deployments.modify(
      key, [&](MachineDeploymentObject& d) { d.replicas = std::max(d.replicas + change, 0); });
}

void ClusterApiPath::order(const std::string& group, const provider::LaunchItem& item) {
  slots_[item.token] = item.slot;
  waiting_.at(group).push_back(item);
}

bool ClusterApiPath::withdraw(const std::string& group, const std::string& token) {
  std::deque<provider::LaunchItem>& line = waiting_.at(group);
  const auto found = std::ranges::find(line, token, &provider::LaunchItem::token);
  if (found == line.end()) return false;
  line.erase(found);
  return true;
}

std::optional<std::uint32_t> ClusterApiPath::find(const std::string& token) const {
  const auto found = by_token_.find(token);
  if (found == by_token_.end()) return std::nullopt;
  if (state_.machines.newest(found->second) == nullptr) return std::nullopt;
  return found->second;
}

// Sets of a deployment share its number but for those of a rollout, which nothing asks for here.
const std::string& ClusterApiPath::group_of(const MachineObject& machine) const {
  return groups_.at(machine.set).id;
}

MachineSetController::MachinePlan ClusterApiPath::plan(std::uint32_t set) {
  std::deque<provider::LaunchItem>& line = waiting_.at(groups_.at(set).id);
  if (line.empty()) return {.token = fmt::format("cluster-api-{}", unordered_++), .zone = ""};
  const provider::LaunchItem item = line.front();
  line.pop_front();
  return {.token = item.token, .zone = item.zone};
}

InfraTemplate ClusterApiPath::template_of(std::uint32_t set) const {
  const provider::GroupConfig& group = groups_.at(set);
  return {.group = group.id,
          .type = group.instance_types.front(),
          .zone = group.zones.front(),
          .lifecycle = group.lifecycle};
}

}  // namespace casim::sim
