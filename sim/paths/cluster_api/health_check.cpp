#include "sim/paths/cluster_api/health_check.h"

#include <algorithm>

namespace casim::sim {
namespace {

constexpr ReconcileLoop::Key kCheck = 0;
constexpr Duration kMore = std::chrono::seconds(1);  // past the limit, to be sure

bool is_seen_change(const MachineObject* before, const MachineObject* after) {
  if (before == nullptr || after == nullptr) return true;
  return before->conditions != after->conditions || before->health != after->health ||
         before->is_marked != after->is_marked ||
         before->needs_remediation != after->needs_remediation ||
         before->is_remediated != after->is_remediated;
}

}  // namespace

MachineHealthCheck::MachineHealthCheck(ClusterApiState& state)
    : state_(state),
      loop_(state.kernel, state.config.health_check.workers,
            state.rules(state.config.health_check.spacing),
            [this](ReconcileLoop::Key) { return round(); }) {
  state_.machines.subscribe(
      [this](std::uint32_t, const MachineObject* before, const MachineObject* after) {
        if (is_seen_change(before, after)) loop_.add(kCheck);
      });
  // A node is found by the Machine that refers to it, so a new one is not heard of.
  state_.nodes.subscribe([this](std::uint32_t node, const WorkloadNode*, const WorkloadNode*) {
    for (std::uint32_t key = 0; key < state_.machines.next_key(); ++key) {
      const MachineObject* machine = state_.machines.seen(key).object;
      if (machine != nullptr && machine->status.node == node) loop_.add(kCheck);
    }
  });
  state_.kernel.at(state_.kernel.now() + state_.config.watch_delay.duration(0.5), Phase::kWorld,
                   [this] { loop_.add(kCheck); });
}

Awaitable<RoundEnd> MachineHealthCheck::round() {
  if (!is_pause_known_) {
    co_await state_.request(kCheck);
    is_pause_known_ = true;
    loop_.add(kCheck);  // its own event
    co_return RoundEnd::done();
  }
  std::vector<std::uint32_t> healthy;
  std::vector<std::uint32_t> unhealthy;
  std::optional<Duration> look_again;
  int machines = 0;
  for (std::uint32_t key = 0; key < state_.machines.next_key(); ++key) {
    const MachineObject* machine = state_.machines.seen(key).object;
    if (machine == nullptr) continue;
    ++machines;
    const Verdict verdict = judge(*machine);
    if (verdict.is_unhealthy) unhealthy.push_back(key);
    if (verdict.is_healthy) healthy.push_back(key);
    if (verdict.look_again) {
      look_again = std::min(look_again.value_or(*verdict.look_again), *verdict.look_again);
    }
  }
  // Those that have not started count against the limit, too.
  const std::optional<int>& limit = state_.config.health_check.at_most_unhealthy;
  const bool may_act = !limit || machines - static_cast<int>(healthy.size()) <= *limit;
  for (const std::uint32_t key : unhealthy) {
    co_await mark(key, MachineHealth::kUnhealthy, may_act);
  }
  for (const std::uint32_t key : healthy) co_await mark(key, MachineHealth::kHealthy, false);
  co_return may_act&& look_again ? RoundEnd::later(*look_again) : RoundEnd::done();
}

MachineHealthCheck::Verdict MachineHealthCheck::judge(const MachineObject& machine) const {
  const WallTime now = state_.kernel.wall(state_.kernel.now());
  if (!machine.status.node) return judge_start(machine, now);
  const WorkloadNode* node = state_.nodes.seen(*machine.status.node).object;
  if (node == nullptr) return {.is_unhealthy = true, .is_healthy = false, .look_again = {}};
  const Duration limit = state_.config.health_check.unhealthy_after;
  if (limit > Duration{} && !node->is_ready) {
    const Duration is_so = now - node->changed;
    if (is_so > limit) return {.is_unhealthy = true, .is_healthy = false, .look_again = {}};
    return {.is_unhealthy = false, .is_healthy = false, .look_again = limit - is_so + kMore};
  }
  return {.is_unhealthy = false, .is_healthy = !machine.is_deleted, .look_again = {}};
}

// From its creation, and anew from when the infrastructure was there.
MachineHealthCheck::Verdict MachineHealthCheck::judge_start(const MachineObject& machine,
                                                            WallTime now) const {
  const Duration limit = state_.config.health_check.node_startup_timeout;
  if (limit == Duration{}) return {};
  WallTime since = machine.created;
  if (machine.conditions.is_infra_ready) {
    since = std::max(since, machine.conditions.infra_ready_since);
  }
  const Duration waited = now - since;
  if (waited > limit) return {.is_unhealthy = true, .is_healthy = false, .look_again = {}};
  return {.is_unhealthy = false, .is_healthy = false, .look_again = limit - waited + kMore};
}

Awaitable<void> MachineHealthCheck::mark(std::uint32_t machine, MachineHealth health,
                                         bool needs_remediation) {
  const MachineObject* seen = state_.machines.seen(machine).object;
  if (seen == nullptr) co_return;
  if (seen->health == health && seen->needs_remediation == needs_remediation) co_return;
  co_await state_.request(kCheck);
  state_.machines.modify(machine, [&](MachineObject& m) {
    m.health = health;
    m.needs_remediation = needs_remediation;
  });
}

}  // namespace casim::sim
