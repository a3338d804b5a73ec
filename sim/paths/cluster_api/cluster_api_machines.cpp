#include "sim/paths/cluster_api/cluster_api_machines.h"

#include <set>
#include <utility>

#include "sim/paths/cluster_api/cluster_api_path.h"
#include "src/async/run_all.h"
#include "src/provider/failure.h"

namespace casim::sim {
namespace {

// Whether a slot is still wanted is asked, not told. assumed: as often as the autoscaler loops.
constexpr Duration kWantedCheck = std::chrono::seconds(10);

provider::MachineState state_of(const MachineObject& machine) {
  if (machine.is_deleted) return provider::MachineState::kTerminating;
  return machine.status.is_provisioned ? provider::MachineState::kRunning
                                       : provider::MachineState::kPending;
}

}  // namespace

Awaitable<void> ClusterApiMachines::launch(const provider::GroupConfig& group,
                                           std::vector<provider::LaunchItem> items,
                                           provider::LaunchSink& sink) {
  std::vector<provider::LaunchItem> fresh;
  for (const provider::LaunchItem& item : items) {
    if (!path_.is_ordered(item.token)) fresh.push_back(item);
  }
  if (!fresh.empty()) {
    co_await path_.request(fresh.front().slot.value());
    for (const provider::LaunchItem& item : fresh) path_.order(group.id, item);
    path_.scale(group.id, static_cast<int>(fresh.size()));
  }
  std::vector<Awaitable<void>> tasks;
  for (provider::LaunchItem& item : items) tasks.push_back(wait_for(group, std::move(item), sink));
  co_await run_all(std::move(tasks));
}

Awaitable<void> ClusterApiMachines::wait_for(const provider::GroupConfig& group,
                                             provider::LaunchItem item,
                                             provider::LaunchSink& sink) {
  while (true) {
    const bool is_answered = co_await answer(group, item, sink);
    if (is_answered) co_return;
    const std::uint32_t key = path_.find(item.token).value_or(ClusterApiPath::kAnyNewMachine);
    co_await path_.waits().wait(key, path_.clock(), kWantedCheck);
  }
}

Awaitable<bool> ClusterApiMachines::answer(const provider::GroupConfig& group,
                                           const provider::LaunchItem& item,
                                           provider::LaunchSink& sink) {
  const std::optional<std::uint32_t> key = path_.find(item.token);
  const MachineObject* seen = key ? path_.state().machines.seen(*key).object : nullptr;
  if (!sink.is_wanted(item.slot)) {
    provider::SlotFailure why = provider::make_failure("Cancelled", "the slot is not wanted");
    co_await give_up(group, item, sink, std::move(why));
    co_return true;
  }
  if (seen == nullptr) co_return false;
  if (seen->status.has_failed && path_.config().failed_phase_terminal) {
    // Of whatever kind: this path cannot tell a lack of capacity from a bad template.
    provider::SlotFailure why = provider::make_failure("ProvisioningFailed", seen->name);
    co_await give_up(group, item, sink, std::move(why));
    co_return true;
  }
  if (path_.config().report_ice_as_out_of_resources) {
    const InfraMachineObject* infra = path_.state().infra.seen(seen->infra).object;
    const bool is_short = infra != nullptr && provider::error_class_of(infra->failure) ==
                                                  provider::SlotFailure::kOutOfResources;
    if (is_short && infra->instance_id.empty()) {
      provider::SlotFailure why = provider::make_failure(infra->failure, seen->name);
      co_await give_up(group, item, sink, std::move(why));
      co_return true;
    }
  }
  if (seen->instance_id.empty() || seen->is_deleted) co_return false;
  sink.on_answer({.slot = item.slot,
                  .instance_id = seen->instance_id,
                  .provider_id = seen->provider_id,
                  .refused = std::nullopt});
  co_return true;
}

Awaitable<void> ClusterApiMachines::give_up(const provider::GroupConfig& group,
                                            const provider::LaunchItem& item,
                                            provider::LaunchSink& sink, provider::SlotFailure why) {
  if (const std::optional<std::uint32_t> key = path_.find(item.token)) {
    co_await remove_machine(*key);
  } else if (path_.withdraw(group.id, item.token)) {
    co_await path_.request(item.slot.value());
    path_.scale(group.id, -1);
  }
  sink.on_answer(
      {.slot = item.slot, .instance_id = "", .provider_id = "", .refused = std::move(why)});
}

// The mark, then the number: a set that hears of the second first deletes whichever comes first.
Awaitable<void> ClusterApiMachines::remove_machine(std::uint32_t key) {
  const MachineObject* newest = path_.state().machines.newest(key);
  if (newest == nullptr || newest->is_deleted || newest->is_marked) co_return;
  const std::string group = path_.group_of(*newest);
  co_await path_.request(key);
  path_.state().machines.modify(key, [](MachineObject& m) { m.is_marked = true; });
  co_await path_.request(key);
  path_.scale(group, -1);
}

Awaitable<Result<std::vector<provider::Machine>>> ClusterApiMachines::list() {
  co_await path_.request(0);
  std::vector<provider::Machine> machines;
  const MachineStore& all = path_.state().machines;
  for (std::uint32_t key = 0; key < all.next_key(); ++key) {
    const MachineObject* seen = all.seen(key).object;
    if (seen == nullptr || seen->instance_id.empty()) continue;
    provider::Machine machine;
    machine.instance_id = seen->instance_id;
    machine.provider_id = seen->provider_id;
    machine.token = seen->token;
    machine.group = path_.group_of(*seen);
    machine.state = state_of(*seen);
    machines.push_back(std::move(machine));
  }
  co_return machines;
}

Awaitable<Result<void>> ClusterApiMachines::remove(std::vector<std::string> instance_ids) {
  const std::set<std::string> ids(instance_ids.begin(), instance_ids.end());
  const MachineStore& all = path_.state().machines;
  for (std::uint32_t key = 0; key < all.next_key(); ++key) {
    const MachineObject* newest = all.newest(key);
    if (newest == nullptr || !ids.contains(newest->instance_id)) continue;
    co_await remove_machine(key);
  }
  co_return Result<void>();
}

}  // namespace casim::sim
