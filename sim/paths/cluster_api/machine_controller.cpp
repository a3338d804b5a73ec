#include "sim/paths/cluster_api/machine_controller.h"

#include <utility>

namespace casim::sim {
namespace {

// How far a deletion is, as its condition says.
constexpr int kDraining = 1;
constexpr int kWaitingForInfra = 2;
constexpr int kCompleted = 3;

}  // namespace

MachineController::MachineController(ClusterApiState& state)
    : state_(state),
      loop_(state.kernel, state.config.machine_workers, state.rules(state.config.min_spacing),
            [this](std::uint32_t key) { return round(key); }) {
  subscribe();
}

void MachineController::subscribe() {
  state_.machines.subscribe(
      [this](std::uint32_t key, const MachineObject* before, const MachineObject* after) {
        loop_.add(key);
        if (before != nullptr || after == nullptr) return;
        const double u = state_.random.uniform("cluster_api.bootstrap", key, 0);
        loop_.add_after(key, state_.config.bootstrap_secret.duration(u));
      });
  state_.infra.subscribe(
      [this](std::uint32_t, const InfraMachineObject* before, const InfraMachineObject* after) {
        const InfraMachineObject& known = after != nullptr ? *after : *before;
        if (known.machine) loop_.add(*known.machine);
      });
  state_.sets.subscribe([this](std::uint32_t set, const MachineSetObject*,
                               const MachineSetObject*) { add_all_of(set); });
  state_.deployments.subscribe(
      [this](std::uint32_t key, const MachineDeploymentObject*, const MachineDeploymentObject*) {
        for (const std::uint32_t set : state_.sets_of(key)) add_all_of(set);
      });
  state_.nodes.subscribe(
      [this](std::uint32_t, const WorkloadNode* before, const WorkloadNode* after) {
        const std::string& id = after != nullptr ? after->provider_id : before->provider_id;
        for (std::uint32_t key = 0; key < state_.machines.next_key(); ++key) {
          const MachineObject* machine = state_.machines.seen(key).object;
          if (machine != nullptr && machine->provider_id == id) loop_.add(key);
        }
      });
}

void MachineController::add_all_of(std::uint32_t set) {
  for (const std::uint32_t machine : state_.machines_of(set)) loop_.add(machine);
}

bool MachineController::is_bootstrapped(std::uint32_t key, const MachineObject& machine) const {
  const double u = state_.random.uniform("cluster_api.bootstrap", key, 0);
  const Duration takes = state_.config.bootstrap_secret.duration(u);
  return state_.kernel.wall(state_.kernel.now()) >= machine.created + takes;
}

Awaitable<RoundEnd> MachineController::round(std::uint32_t key) {
  const MachineObject* seen = state_.machines.seen(key).object;
  if (seen == nullptr) co_return RoundEnd::done();
  const MachineObject before = *seen;
  if (!before.is_pause_known) {
    co_await state_.request(key);
    state_.machines.modify(key, [](MachineObject& m) { m.is_pause_known = true; });
    co_return RoundEnd::done();
  }
  MachineObject machine = before;
  machine.conditions.are_set = true;
  if (is_bootstrapped(key, machine)) machine.status.is_bootstrapped = true;
  machine.conditions.is_bootstrapped = machine.status.is_bootstrapped;
  RoundEnd end = co_await look_at_infra(key, machine);
  const bool has_node_gone = co_await look_at_node(key, machine);
  if (has_node_gone) end = RoundEnd::again();
  if (machine.is_deleted) co_await take_down(key, machine);
  if (end.kind != RoundEnd::Kind::kAgain) machine.status.observed_generation = machine.generation;
  co_await write(key, before, std::move(machine));
  co_return end;
}

Awaitable<RoundEnd> MachineController::look_at_infra(std::uint32_t key, MachineObject& machine) {
  const InfraMachineObject* seen = state_.infra.seen(machine.infra).object;
  if (seen == nullptr) {
    if (machine.is_deleted) co_return RoundEnd::done();
    // It went missing after it had been there.
    if (machine.status.is_provisioned) co_return RoundEnd::again();
    co_return RoundEnd::later(state_.config.missing_ref_retry);
  }
  const InfraMachineObject infra = *seen;
  if (!infra.machine) {
    co_await state_.request(key);
    state_.infra.modify(machine.infra, [&](InfraMachineObject& i) { i.machine = key; });
  }
  if (infra.has_failed) machine.status.has_failed = true;
  const bool was_ready = machine.conditions.is_infra_ready;
  machine.conditions.is_infra_ready = infra.is_provisioned;
  if (was_ready != infra.is_provisioned) machine.conditions.infra_ready_since = state_.stamp();
  if (infra.is_deleted || (!infra.is_provisioned && !machine.status.is_provisioned)) {
    co_return RoundEnd::done();
  }
  if (infra.provider_id.empty()) {
    loop_.defer(key, state_.config.defer_no_provider_id);
    co_return RoundEnd::done();
  }
  machine.provider_id = infra.provider_id;
  machine.instance_id = infra.instance_id;
  machine.status.is_provisioned = true;
  co_return RoundEnd::done();
}

// True: the node that it had is gone.
Awaitable<bool> MachineController::look_at_node(std::uint32_t key, MachineObject& machine) {
  if (machine.provider_id.empty()) co_return false;
  const std::optional<std::uint32_t> node = state_.node_of(machine.provider_id);
  if (!node) {
    machine.conditions.node = NodeSeen::kNone;
    co_return machine.status.node.has_value() && !machine.is_deleted;
  }
  machine.status.node = node;
  const WorkloadNode seen = *state_.nodes.seen(*node).object;
  if (!seen.is_labelled) {
    co_await state_.request(key);
    state_.nodes.modify(*node, [](WorkloadNode& n) { n.is_labelled = true; });
  }
  machine.conditions.node = seen.is_ready ? NodeSeen::kReady : NodeSeen::kNotReady;
  co_return false;
}

Awaitable<void> MachineController::drain(std::uint32_t key, MachineObject& machine) {
  machine.conditions.deleting = kDraining;
  co_await write_conditions(key, machine.conditions);
  co_await state_.request(key);  // the rest of its status
  const std::optional<std::uint32_t> node = state_.node_of(machine.provider_id);
  if (!node || state_.nodes.seen(*node).object->is_cordoned) co_return;
  co_await state_.request(key);
  state_.nodes.modify(*node, [](WorkloadNode& n) { n.is_cordoned = true; });
}

// The autoscaler has drained the node before, and pods that nothing evicts hold up nothing here.
Awaitable<void> MachineController::take_down(std::uint32_t key, MachineObject& machine) {
  const InfraMachineObject* infra = state_.infra.seen(machine.infra).object;
  if (infra != nullptr) {
    const bool is_first = !infra->is_deleted;
    if (is_first && machine.status.node) co_await drain(key, machine);
    machine.conditions.deleting = kWaitingForInfra;
    if (!is_first) co_return;
    co_await state_.request(key);
    state_.infra.modify(machine.infra, [](InfraMachineObject& i) { i.is_deleted = true; });
    co_return;
  }
  if (machine.status.node && state_.nodes.newest(*machine.status.node) != nullptr) {
    co_await state_.request(key);
    state_.nodes.erase(*machine.status.node);
  }
  machine.conditions.deleting = kCompleted;
}

Awaitable<void> MachineController::write_conditions(std::uint32_t key,
                                                    const MachineConditions& conditions) {
  co_await state_.request(key);
  state_.machines.modify(key, [&](MachineObject& m) { m.conditions = conditions; });
}

Awaitable<void> MachineController::write(std::uint32_t key, const MachineObject& before,
                                         MachineObject machine) {
  // Whoever hears of the conditions finds the rest of the status with them, as the recordings show.
  if (machine.conditions != before.conditions) {
    co_await state_.request(key);
    state_.machines.modify(key, [&](MachineObject& m) {
      m.conditions = machine.conditions;
      m.status = machine.status;
    });
  }
  if (machine.conditions.deleting == kCompleted) {
    co_await state_.request(key);
    state_.machines.erase(key);  // its finalizer was the last one
    co_return;
  }
  if (machine.provider_id != before.provider_id) {
    co_await state_.request(key);
    state_.machines.modify(key, [&](MachineObject& m) {
      m.provider_id = machine.provider_id;
      m.instance_id = machine.instance_id;
      ++m.generation;
    });
  }
  if (machine.status == before.status) co_return;
  co_await state_.request(key);
  state_.machines.modify(key, [&](MachineObject& m) { m.status = machine.status; });
}

}  // namespace casim::sim
