#include "sim/paths/crossplane/crossplane_machines.h"

#include <algorithm>
#include <set>
#include <utility>

#include "sim/paths/crossplane/crossplane_path.h"
#include "src/async/run_all.h"
#include "src/provider/failure.h"
#include "src/provider/placeholder.h"

namespace casim::sim {
namespace {

// Whether a slot is still wanted is asked, not told. assumed: as often as the autoscaler loops.
constexpr Duration kWantedCheck = std::chrono::seconds(10);

// EC2 has terminated it, whoever asked for that, and its Request asks in vain for another one by
// the same token.
bool is_dead(const XMachine& machine) {
  return machine.error == ec2::name_of(ec2::ErrorCode::kIdempotentInstanceTerminated);
}

provider::MachineState state_of(const XMachine& machine) {
  if (machine.is_deleted) return provider::MachineState::kTerminating;
  if (machine.state == "pending") return provider::MachineState::kPending;
  return provider::MachineState::kRunning;
}

provider::LaunchAnswer refused(SlotId slot, provider::SlotFailure why) {
  return {.slot = slot, .instance_id = "", .provider_id = "", .refused = std::move(why)};
}

}  // namespace

Awaitable<void> CrossplaneMachines::launch(const provider::GroupConfig& group,
                                           std::vector<provider::LaunchItem> items,
                                           provider::LaunchSink& sink) {
  std::vector<Awaitable<void>> tasks;
  for (provider::LaunchItem& item : items) {
    tasks.push_back(launch_one(group, std::move(item), sink));
  }
  co_await run_all(std::move(tasks));
}

Awaitable<std::uint32_t> CrossplaneMachines::order(const provider::GroupConfig& group,
                                                   const provider::LaunchItem& item) {
  if (const auto known = path_.find(item.token)) co_return *known;
  co_await path_.request(item.slot.value());
  XMachine machine;
  machine.slot = item.slot;
  machine.token = item.token;
  machine.group = group.id;
  machine.type = group.instance_types.front();
  machine.zone = item.zone.empty() ? group.zones.front() : item.zone;
  machine.lifecycle = group.lifecycle;
  co_return path_.order(std::move(machine));
}

Awaitable<void> CrossplaneMachines::launch_one(const provider::GroupConfig& group,
                                               provider::LaunchItem item,
                                               provider::LaunchSink& sink) {
  const std::uint32_t key = co_await order(group, item);
  while (true) {
    const XMachine* seen = path_.machines().seen(key).object;
    if (seen != nullptr && !seen->instance_id.empty() && !seen->is_deleted) {
      sink.on_answer({.slot = item.slot,
                      .instance_id = seen->instance_id,
                      .provider_id = provider::make_provider_id(seen->zone, seen->instance_id),
                      .refused = std::nullopt});
      co_return;
    }
    const bool is_lost = path_.machines().newest(key) == nullptr;
    const bool has_error = path_.config().report_errors && seen != nullptr && !seen->error.empty();
    const bool is_wanted = sink.is_wanted(item.slot);
    if (is_lost || has_error || !is_wanted) {
      const std::string code = has_error ? seen->error : is_lost ? "Vanished" : "Cancelled";
      co_await path_.request(item.slot.value());
      path_.remove(key);
      sink.on_answer(refused(item.slot, provider::make_failure(code, "xMachine " + item.token)));
      co_return;
    }
    co_await path_.waits().wait(key, path_.clock(), kWantedCheck);
  }
}

// Nobody will ask for the end of a dead one, so that comes here.
Awaitable<Result<std::vector<provider::Machine>>> CrossplaneMachines::list() {
  co_await path_.request(0);
  std::vector<provider::Machine> machines;
  std::vector<std::uint32_t> dead;
  for (std::uint32_t key = 0; key < path_.machines().next_key(); ++key) {
    const XMachine* seen = path_.machines().seen(key).object;
    if (seen == nullptr || seen->instance_id.empty()) continue;
    provider::Machine machine;
    machine.instance_id = seen->instance_id;
    machine.provider_id = provider::make_provider_id(seen->zone, seen->instance_id);
    machine.token = seen->token;
    machine.group = seen->group;
    machine.state = state_of(*seen);
    if (path_.config().report_errors && is_dead(*seen)) {
      machine.state = provider::MachineState::kGone;
      dead.push_back(key);
    }
    machines.push_back(std::move(machine));
  }
  for (const std::uint32_t key : dead) {
    co_await path_.request(key);
    path_.remove(key);
  }
  co_return machines;
}

// One write each. What no xMachine names is nobody's business here: an instance that a second
// create has made stays.
Awaitable<Result<void>> CrossplaneMachines::remove(std::vector<std::string> instance_ids) {
  const std::set<std::string> ids(instance_ids.begin(), instance_ids.end());
  for (std::uint32_t key = 0; key < path_.machines().next_key(); ++key) {
    const XMachine* newest = path_.machines().newest(key);
    if (newest == nullptr || newest->is_deleted || !ids.contains(newest->instance_id)) continue;
    co_await path_.request(key);
    path_.remove(key);
  }
  co_return Result<void>();
}

}  // namespace casim::sim
