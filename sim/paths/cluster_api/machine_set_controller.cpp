#include "sim/paths/cluster_api/machine_set_controller.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "sim/paths/cluster_api/deletion_order.h"

namespace casim::sim {
namespace {

constexpr Duration kStaleSetRetry = std::chrono::milliseconds(100);
constexpr Duration kCountersRetry = std::chrono::seconds(15);

bool is_ready(const MachineObject& machine) {
  const MachineConditions& c = machine.conditions;
  return c.is_bootstrapped && c.is_infra_ready && c.node == NodeSeen::kReady && c.deleting == 0 &&
         !machine.is_deleted && machine.health != MachineHealth::kUnhealthy;
}

template <class Versions, class Store>
bool are_seen(const Versions& versions, const Store& store) {
  return std::ranges::all_of(
      versions, [&](const auto& entry) { return store.seen_version(entry.first) >= entry.second; });
}

}  // namespace

ReplicaCounts count_replicas(const std::map<std::uint32_t, MachineObject>& machines) {
  ReplicaCounts counts;
  counts.replicas = static_cast<int>(machines.size());
  for (const auto& [key, machine] : machines) counts.ready += is_ready(machine) ? 1 : 0;
  counts.available = counts.ready;
  return counts;
}

MachinesSummary summary_of(const std::map<std::uint32_t, MachineObject>& machines, int wanted) {
  MachinesSummary summary;
  summary.wanted = wanted;
  summary.machines = static_cast<int>(machines.size());
  for (const auto& [key, machine] : machines) {
    const MachineConditions& c = machine.conditions;
    if (!c.is_infra_ready) ++summary.waiting_for_infra;
    if (c.is_infra_ready && c.node == NodeSeen::kNone) ++summary.waiting_for_node;
    if (c.node == NodeSeen::kNotReady) ++summary.not_ready;
    if (machine.is_deleted) ++summary.deleting;
    if (machine.health == MachineHealth::kUnhealthy) ++summary.unhealthy;
  }
  return summary;
}

MachineSetController::MachineSetController(ClusterApiState& state, PlanMachine plan)
    : state_(state),
      plan_(std::move(plan)),
      loop_(
          state.kernel, state.config.set_workers,
          [&] {
            QueueRules rules = state.rules(state.config.min_spacing);
            rules.hold = [this](std::uint32_t key) { return wait_for_caches(key); };
            return rules;
          }(),
          [this](std::uint32_t key) { return round(key); }) {
  subscribe();
}

void MachineSetController::subscribe() {
  state_.sets.subscribe([this](std::uint32_t key, const MachineSetObject*,
                               const MachineSetObject*) { loop_.add(key); });
  state_.machines.subscribe(
      [this](std::uint32_t, const MachineObject* before, const MachineObject* after) {
        loop_.add(after != nullptr ? after->set : before->set);
      });
  state_.deployments.subscribe(
      [this](std::uint32_t key, const MachineDeploymentObject*, const MachineDeploymentObject*) {
        for (const std::uint32_t set : state_.sets_of(key)) loop_.add(set);
      });
}

Duration MachineSetController::wait_for_caches(std::uint32_t key) {
  const auto found = written_.find(key);
  if (found == written_.end()) return {};
  const bool is_seen = are_seen(found->second.machines, state_.machines) &&
                       are_seen(found->second.infra, state_.infra);
  if (!is_seen) return kStaleSetRetry;
  written_.erase(found);
  return {};
}

MachineSetController::Machines MachineSetController::machines_of(std::uint32_t key) const {
  Machines machines;
  for (const std::uint32_t machine : state_.machines_of(key)) {
    machines.emplace(machine, *state_.machines.seen(machine).object);
  }
  return machines;
}

Awaitable<RoundEnd> MachineSetController::round(std::uint32_t key) {
  const MachineSetObject* seen = state_.sets.seen(key).object;
  if (seen == nullptr) co_return RoundEnd::done();
  const MachineSetObject before = *seen;
  const bool is_over = co_await first_round(key, before);
  if (is_over) co_return RoundEnd::done();
  if (owned_templates_.insert(key).second) co_await state_.request(key);
  const Machines machines = machines_of(key);
  co_await delete_unhealthy(key, before, machines);
  co_await sync_machines(machines);
  RoundEnd end = co_await sync_replicas(key, before, machines);
  MachineSetObject set = before;
  set.is_labelled = true;
  set.counts = count_replicas(machines);
  set.summary = summary_of(machines, set.replicas);
  const bool is_ready = set.counts.ready == set.replicas;
  co_await write(key, before, std::move(set));
  if (is_ready) co_return end;
  if (end.kind == RoundEnd::Kind::kAfter) end.after = std::min(end.after, kCountersRetry);
  co_return end.kind == RoundEnd::Kind::kDone ? RoundEnd::later(kCountersRetry) : end;
}

Awaitable<bool> MachineSetController::first_round(std::uint32_t key, const MachineSetObject& set) {
  if (set.first.has_finalizer && set.first.is_pause_known) co_return false;
  co_await state_.request(key);
  const bool had_finalizer = set.first.has_finalizer;
  state_.sets.modify(key, [&](MachineSetObject& s) {
    if (had_finalizer) s.first.is_pause_known = true;
    s.first.has_finalizer = true;
  });
  co_return true;
}

// From the newest on; of a deployment so many at a time.
Awaitable<void> MachineSetController::delete_unhealthy(std::uint32_t key,
                                                       const MachineSetObject& set,
                                                       const Machines& machines) {
  int most = std::numeric_limits<int>::max();
  if (set.deployment) {
    const MachineDeploymentObject* owner = state_.deployments.seen(*set.deployment).object;
    if (owner != nullptr && owner->revision != set.revision) co_return;
    most = state_.config.health_check.max_in_flight.value_or(most);
  }
  std::vector<std::uint32_t> unhealthy;
  for (const auto& [machine_key, machine] : machines) {
    if (machine.is_deleted && machine.is_remediated) --most;
    const bool is_meant = machine.needs_remediation && !machine.is_deleted;
    if (is_meant) unhealthy.push_back(machine_key);
  }
  std::ranges::sort(unhealthy, [&](std::uint32_t a, std::uint32_t b) {
    const WallTime of_a = machines.at(a).created;
    const WallTime of_b = machines.at(b).created;
    return of_a != of_b ? of_a > of_b : machines.at(a).name < machines.at(b).name;
  });
  if (static_cast<int>(unhealthy.size()) > most) {
    unhealthy.resize(static_cast<std::size_t>(std::max(most, 0)));
  }
  for (const std::uint32_t machine : unhealthy) {
    co_await state_.request(key);
    state_.machines.modify(machine, [](MachineObject& m) { m.is_remediated = true; });
  }
  for (const std::uint32_t machine : unhealthy) {
    co_await state_.request(key);
    state_.machines.modify(machine, [](MachineObject& m) {
      m.is_deleted = true;
      ++m.generation;
    });
  }
}

// An empty patch of each Machine that is being deleted, which is an event all the same: so set and
// Machine run once a second until it is gone. Of the others one where they have changed, which is
// none.
Awaitable<void> MachineSetController::sync_machines(const Machines& machines) {
  for (const auto& [key, machine] : machines) {
    if (machine.is_deleted) {
      co_await state_.request(key);
      state_.machines.modify(key, [](MachineObject&) {});
      continue;
    }
    const std::uint64_t version = state_.machines.seen_version(key);
    if (std::exchange(synced_machines_[key], version) != version) co_await state_.request(key);
    const std::uint64_t infra = state_.infra.seen_version(machine.infra);
    if (std::exchange(synced_infra_[machine.infra], infra) != infra) co_await state_.request(key);
  }
}

Awaitable<RoundEnd> MachineSetController::sync_replicas(std::uint32_t key,
                                                        const MachineSetObject& set,
                                                        const Machines& machines) {
  const int missing = set.replicas - static_cast<int>(machines.size());
  if (missing > 0 && preflight_ && !preflight_()) {
    co_return RoundEnd::later(state_.config.preflight_retry);
  }
  for (int i = 0; i < missing; ++i) co_await create_machine(key);
  if (missing >= 0) co_return RoundEnd::done();
  std::vector<MachineCandidate> candidates;
  for (const auto& [machine_key, machine] : machines) candidates.push_back({machine_key, machine});
  const WallTime now = state_.kernel.wall(state_.kernel.now());
  const std::vector<std::uint32_t> picked =
      pick_for_deletion(std::move(candidates), -missing, set.order, now);
  for (const std::uint32_t machine : picked) {
    if (!machines.at(machine).is_deleted) co_await delete_machine(key, machine);
  }
  co_return RoundEnd::done();
}

Awaitable<void> MachineSetController::create_machine(std::uint32_t key) {
  MachinePlan plan;
  if (plan_) plan = plan_(key);
  co_await state_.request(key);
  InfraMachineObject infra;
  infra.set = key;
  infra.created = state_.stamp();
  infra.zone = plan.zone;
  MachineObject machine;
  machine.set = key;
  machine.infra = state_.infra.create(infra);
  co_await state_.request(key);
  machine.created = state_.stamp();
  machine.token = plan.token;
  machine.name = fmt::format("machine-{:08}", state_.machines.next_key());
  const std::uint32_t created = state_.machines.create(machine);
  Written& written = written_[key];
  written.machines[created] = state_.machines.version(created);
  written.infra[machine.infra] = state_.infra.version(machine.infra);
}

Awaitable<void> MachineSetController::delete_machine(std::uint32_t key, std::uint32_t machine) {
  co_await state_.request(key);
  const bool is_there = state_.machines.modify(machine, [](MachineObject& m) {
    m.is_deleted = true;
    ++m.generation;
  });
  if (is_there) written_[key].machines[machine] = state_.machines.version(machine);
}

Awaitable<void> MachineSetController::write(std::uint32_t key, const MachineSetObject& before,
                                            MachineSetObject set) {
  if (set.summary != before.summary) {
    co_await state_.request(key);
    state_.sets.modify(key, [&](MachineSetObject& s) { s.summary = set.summary; });
  }
  if (set.is_labelled != before.is_labelled) {
    co_await state_.request(key);
    state_.sets.modify(key, [](MachineSetObject& s) { s.is_labelled = true; });
  }
  if (set.counts == before.counts) co_return;
  co_await state_.request(key);
  state_.sets.modify(key, [&](MachineSetObject& s) { s.counts = set.counts; });
}

}  // namespace casim::sim
