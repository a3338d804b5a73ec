#include "sim/controllers/disruption/disruption_controller.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace casim::sim {
namespace {

constexpr int kWorkers = 1;
constexpr Duration kDeletionTimeout = std::chrono::minutes(2);  // upstream's DeletionTimeout

}  // namespace

DisruptionController::DisruptionController(ApiServer& api, ApiClientConfig client,
                                           ScaleFinder scale_of)
    : api_(api),
      client_(api.add_client(std::move(client))),
      events_(api.kernel(), client_),
      scale_of_(std::move(scale_of)),
      queue_(api.kernel(), kWorkers, [this](Key key) { sync(key); }) {}

// --- what is seen

void DisruptionController::on_watch(const WatchEvent& event) {
  if (const auto* pod = std::get_if<PodChanged>(&event)) {
    on_pod(pod->pod);
  } else if (const auto* gone = std::get_if<PodRemoved>(&event)) {
    on_pod_gone(gone->last);
  } else if (const auto* budget = std::get_if<PdbChanged>(&event)) {
    on_budget(budget->pdb);
  }
}

void DisruptionController::on_budget(const PodDisruptionBudget& budget) {
  const auto key = static_cast<Key>(budgets_.size());
  const auto [known, is_new] = keys_.try_emplace({budget.namespace_name, budget.name}, key);
  if (is_new) {
    assert(pods_.empty());
    index_.add(key, budget);
    Budget& made = *budgets_.emplace_back(std::make_unique<Budget>());
    made.uid = "budget/" + budget.namespace_name + "/" + budget.name;
  }
  budgets_[known->second]->seen = budget;
  queue_.add(known->second);
}

void DisruptionController::on_pod(const Pod& pod) {
  auto found = pods_.find(pod.id.value());
  if (found == pods_.end()) {
    std::vector<Key> budgets = index_.of(*pod.spec);
    if (budgets.empty()) return;
    found = pods_.emplace(pod.id.value(), SeenPod{}).first;
    found->second.spec = pod.spec;
    found->second.budgets = std::move(budgets);
    for (const Key key : found->second.budgets) budgets_[key]->names[pod.name] = pod.id;
  } else {
    count(found->second, -1);
  }
  SeenPod& seen = found->second;
  seen.is_terminating = pod.deletion_timestamp.has_value();
  seen.is_healthy = pod.ready_since && !seen.is_terminating;
  count(seen, 1);
  wake(pod, seen);
}

void DisruptionController::on_pod_gone(const Pod& pod) {
  const auto found = pods_.find(pod.id.value());
  if (found == pods_.end()) return;
  count(found->second, -1);
  for (const Key key : found->second.budgets) {
    const auto name = budgets_[key]->names.find(pod.name);
    if (name != budgets_[key]->names.end() && name->second == pod.id) {
      budgets_[key]->names.erase(name);
    }
  }
  wake(pod, found->second);
  pods_.erase(found);
}

void DisruptionController::count(const SeenPod& pod, std::int64_t by) {
  for (const Key key : pod.budgets) {
    Budget& of = *budgets_[key];
    of.pods += by;
    if (pod.is_healthy) of.healthy += by;
    const auto owner = of.owners.try_emplace(pod.spec->owner_uid, OwnedPods{pod.spec, 0}).first;
    owner->second.count += by;
    if (owner->second.count == 0) of.owners.erase(owner);
  }
}

// Of several budgets that select a pod one is looked at: upstream the first that walking a Go map
// gives, here they take turns.
void DisruptionController::wake(const Pod& pod, SeenPod& seen) {
  if (seen.budgets.size() > 1) events_.record("pod/" + pod.name);
  queue_.add(seen.budgets[seen.turns++ % seen.budgets.size()]);
}

// --- what it does

void DisruptionController::sync(Key key) {
  Budget& of = *budgets_[key];
  if (of.pods == 0) events_.record(of.uid);
  Finding finding;
  finding.next = of.seen;
  if (!set_wanted(of, finding.next)) {
    events_.record(of.uid);
    finding.next.disruptions_allowed = 0;
    finding.next.sync_failed = true;
    return write(key, std::move(finding));
  }
  set_counts(of, finding);
  if (finding.next == of.seen) return end_sync(key, finding, true);
  write(key, std::move(finding));
}

// False: unknown.
bool DisruptionController::set_wanted(const Budget& of, PodDisruptionBudget& next) {
  const bool is_count = next.min_available && !next.min_available->is_percent;
  std::int64_t expected = of.pods;
  std::int64_t desired = 0;
  if (next.max_unavailable || (next.min_available && !is_count)) {
    const std::optional<std::int64_t> scale = scale_of(of);
    if (!scale) return false;
    expected = *scale;
  }
  if (next.max_unavailable) {
    desired = std::max<std::int64_t>(0, expected - next.max_unavailable->rounded_up(expected));
  } else if (next.min_available) {
    desired = next.min_available->rounded_up(expected);
  } else {
    expected = 0;
  }
  next.expected_pods = static_cast<int>(expected);
  next.desired_healthy = static_cast<int>(desired);
  return true;
}

// Of all controllers of its pods together. Pods without one are left out.
std::optional<std::int64_t> DisruptionController::scale_of(const Budget& of) {
  std::map<std::string, std::int64_t> scales;
  for (const auto& [uid, pods] : of.owners) {
    if (uid.empty()) continue;
    const std::optional<ControllerScale> scale = scale_of_(*pods.spec);
    if (!scale) return std::nullopt;
    scales[scale->uid] = scale->replicas;
  }
  if (of.owners.contains("")) events_.record(of.uid);
  std::int64_t sum = 0;
  for (const auto& [uid, replicas] : scales) sum += replicas;
  return sum;
}

void DisruptionController::set_counts(const Budget& of, Finding& finding) {
  PodDisruptionBudget& next = finding.next;
  std::int64_t healthy = of.healthy;
  next.disrupted_pods.clear();
  for (const auto& [name, since] : of.seen.disrupted_pods) {
    const auto id = of.names.find(name);
    if (id == of.names.end()) continue;
    const SeenPod& pod = pods_.at(id->second.value());
    if (pod.is_terminating) continue;
    const WallTime expected = since + kDeletionTimeout;
    if (expected < now()) {
      events_.record("pod/" + name);
      continue;
    }
    next.disrupted_pods.emplace(name, since);
    finding.recheck = std::min(finding.recheck.value_or(expected), expected);
    if (pod.is_healthy && expected > now()) --healthy;
  }
  next.current_healthy = static_cast<int>(healthy);
  const int allowed = next.current_healthy - next.desired_healthy;
  next.disruptions_allowed = next.expected_pods <= 0 ? 0 : std::max(0, allowed);
  next.observed_generation = next.generation;
  next.sync_failed = false;
}

void DisruptionController::write(Key key, Finding finding) {
  Budget& of = *budgets_[key];
  const auto found = std::make_shared<const Finding>(std::move(finding));
  client_.write(
      of.uid, of.writes++,
      [this, found]() -> Result<void> {
        const PodDisruptionBudget& next = found->next;
        const PodDisruptionBudget& newest =
            api_.cluster().pdbs().at({next.namespace_name, next.name});
        if (newest.resource_version != next.resource_version) {
          return failure(ErrorCode::kConflict, "the budget has changed since it was read");
        }
        if (newest != next) api_.put_pdb(next);
        return {};
      },
      [this, key, found](const Result<void>& written) {
        end_sync(key, *found, written.has_value());
      });
}

void DisruptionController::end_sync(Key key, const Finding& finding, bool ok) {
  if (ok && finding.recheck) recheck_at(key, *finding.recheck);
  queue_.end(key, ok);
}

// The earliest of several counts.
void DisruptionController::recheck_at(Key key, WallTime at) {
  Budget& of = *budgets_[key];
  const TimePoint when = api_.kernel().now() + std::max(Duration{}, at - now());
  if (of.recheck_at <= when) return;
  api_.kernel().cancel(of.recheck);
  of.recheck_at = when;
  of.recheck = api_.kernel().at(when, Phase::kWorld, [this, key] {
    budgets_[key]->recheck_at = kTimeNever;
    queue_.add_rate_limited(key);
  });
}

}  // namespace casim::sim
