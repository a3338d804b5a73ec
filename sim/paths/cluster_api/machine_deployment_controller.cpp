#include "sim/paths/cluster_api/machine_deployment_controller.h"

#include <algorithm>

namespace casim::sim {
namespace {

constexpr Duration kStaleCacheRetry = std::chrono::milliseconds(100);

}  // namespace

MachineDeploymentController::MachineDeploymentController(ClusterApiState& state)
    : state_(state),
      loop_(
          state.kernel, state.config.deployment_workers,
          [&] {
            QueueRules rules = state.rules(state.config.min_spacing);
            rules.hold = [this](std::uint32_t key) { return wait_for_caches(key); };
            return rules;
          }(),
          [this](std::uint32_t key) { return round(key); }) {
  state_.deployments.subscribe([this](std::uint32_t key, const MachineDeploymentObject*,
                                      const MachineDeploymentObject*) { loop_.add(key); });
  state_.sets.subscribe(
      [this](std::uint32_t, const MachineSetObject* before, const MachineSetObject* after) {
        const MachineSetObject& known = after != nullptr ? *after : *before;
        if (known.deployment) loop_.add(*known.deployment);
      });
}

Duration MachineDeploymentController::wait_for_caches(std::uint32_t key) {
  const auto found = written_.find(key);
  if (found == written_.end()) return {};
  const bool is_seen = std::ranges::all_of(found->second, [&](const auto& entry) {
    return state_.sets.seen_version(entry.first) >= entry.second;
  });
  if (!is_seen) return kStaleCacheRetry;
  written_.erase(found);
  return {};
}

Awaitable<RoundEnd> MachineDeploymentController::round(std::uint32_t key) {
  const MachineDeploymentObject* seen = state_.deployments.seen(key).object;
  if (seen == nullptr) co_return RoundEnd::done();
  const MachineDeploymentObject before = *seen;
  const bool is_over = co_await first_round(key, before);
  if (is_over) co_return RoundEnd::done();
  if (owned_templates_.emplace(key, before.revision).second) co_await state_.request(key);
  Sets sets;
  for (const std::uint32_t set : state_.sets_of(key)) {
    sets.emplace(set, *state_.sets.seen(set).object);
  }
  const auto newest = std::ranges::find_if(
      sets, [&](const auto& entry) { return entry.second.revision == before.revision; });
  if (newest == sets.end()) {
    co_await create_set(key, before, sets);
  } else {
    co_await scale_sets(key, plan_rolling_update(before, newest->first, sets), sets);
  }
  MachineDeploymentObject deployment = before;
  deployment.is_labelled = true;
  deployment.counts = {};
  deployment.summary = {};
  deployment.summary.wanted = before.replicas;
  for (const auto& [set_key, set] : sets) {
    deployment.counts.replicas += set.counts.replicas;
    deployment.counts.ready += set.counts.ready;
    deployment.counts.available += set.counts.available;
    deployment.summary.machines += set.summary.machines;
    deployment.summary.waiting_for_infra += set.summary.waiting_for_infra;
    deployment.summary.waiting_for_node += set.summary.waiting_for_node;
    deployment.summary.not_ready += set.summary.not_ready;
    deployment.summary.deleting += set.summary.deleting;
    deployment.summary.unhealthy += set.summary.unhealthy;
  }
  co_await write(key, before, std::move(deployment));
  co_return RoundEnd::done();
}

Awaitable<bool> MachineDeploymentController::first_round(
    std::uint32_t key, const MachineDeploymentObject& deployment) {
  if (deployment.first.has_finalizer && deployment.first.is_pause_known) co_return false;
  co_await state_.request(key);
  const bool had_finalizer = deployment.first.has_finalizer;
  state_.deployments.modify(key, [&](MachineDeploymentObject& d) {
    if (had_finalizer) d.first.is_pause_known = true;
    d.first.has_finalizer = true;
  });
  co_return true;
}

Awaitable<void> MachineDeploymentController::create_set(std::uint32_t key,
                                                        const MachineDeploymentObject& deployment,
                                                        const Sets& sets) {
  int machines = 0;
  for (const auto& [set_key, set] : sets) machines += std::max(set.replicas, set.counts.replicas);
  const int room = deployment.replicas + deployment.max_surge - machines;
  MachineSetObject set;
  set.deployment = key;
  set.revision = deployment.revision;
  set.order = deployment.order;
  set.replicas = std::clamp(room, 0, deployment.replicas);
  co_await state_.request(key);
  const std::uint32_t created = state_.sets.create(set);
  written_[key][created] = state_.sets.version(created);
}

Awaitable<void> MachineDeploymentController::scale_sets(
    std::uint32_t key, const std::map<std::uint32_t, int>& replicas, const Sets& sets) {
  for (const auto& [set_key, set] : sets) {
    const auto planned = replicas.find(set_key);
    if (planned == replicas.end()) {
      const std::uint64_t version = state_.sets.seen_version(set_key);
      if (std::exchange(synced_[set_key], version) != version) co_await state_.request(key);
      continue;
    }
    co_await state_.request(key);
    const int wanted = planned->second;
    state_.sets.modify(set_key, [&](MachineSetObject& s) { s.replicas = wanted; });
    written_[key][set_key] = state_.sets.version(set_key);
  }
}

Awaitable<void> MachineDeploymentController::write(std::uint32_t key,
                                                   const MachineDeploymentObject& before,
                                                   MachineDeploymentObject deployment) {
  if (deployment.summary != before.summary) {
    co_await state_.request(key);
    state_.deployments.modify(key,
                              [&](MachineDeploymentObject& d) { d.summary = deployment.summary; });
  }
  if (deployment.is_labelled != before.is_labelled) {
    co_await state_.request(key);
    state_.deployments.modify(key, [](MachineDeploymentObject& d) { d.is_labelled = true; });
  }
  if (deployment.counts == before.counts) co_return;
  co_await state_.request(key);
  state_.deployments.modify(key, [&](MachineDeploymentObject& d) { d.counts = deployment.counts; });
}

}  // namespace casim::sim
