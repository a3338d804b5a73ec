#include "sim/workloads/deployment_plan.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace casim::sim {

namespace {

std::int64_t available_of(const DeploymentSet& set) {
  return static_cast<std::int64_t>(set.state.status.available);
}

// One sync: works on its copy of what it found, and writes down what it does to it.
class Syncing {
 public:
  Syncing(DeploymentView view, WallTime now)
      : view_(std::move(view)), now_(now), posts_(fenceposts(view_.strategy, view_.replicas)) {}

  DeploymentPlan run() {
    if (is_scaling_event()) {
      scale();
      sync_status();
    } else if (view_.strategy.recreate) {
      recreate();
    } else {
      roll();
    }
    return std::move(plan_);
  }

 private:
  using Sets = std::vector<DeploymentSet*>;

  // --- its ReplicaSets
  DeploymentSet* new_set() {
    for (DeploymentSet& set : view_.sets) {
      if (set.revision == view_.revision) return &set;
    }
    return nullptr;
  }

  // In order of creation.
  Sets old_sets() {
    Sets old;
    for (DeploymentSet& set : view_.sets) {
      if (set.revision != view_.revision) old.push_back(&set);
    }
    return old;
  }

  static Sets active(Sets sets) {
    std::erase_if(sets, [](const DeploymentSet* set) { return set->replicas() == 0; });
    return sets;
  }

  Sets all_sets() {
    Sets all = old_sets();
    if (DeploymentSet* fresh = new_set()) all.push_back(fresh);
    return all;
  }

  static std::int64_t count(const Sets& sets) {
    std::int64_t sum = 0;
    for (const DeploymentSet* set : sets) sum += set->replicas();
    return sum;
  }

  std::int64_t max_replicas() const { return view_.replicas + posts_.surge; }

  // Brings the newest set's number up to date, and makes it where that is asked for.
  void find_new_set(bool create);
  void create_new_set(std::int64_t number);
  bool resize(DeploymentSet& set, std::int64_t replicas);
  std::int64_t new_set_size(const DeploymentSet& set);

  bool is_scaling_event();
  void scale();
  void scale_in_proportion();
  std::int64_t share_of(const DeploymentSet& set) const;
  void roll();
  bool scale_new_set();
  bool scale_old_sets();
  std::int64_t drop_unhealthy(const Sets& old, std::int64_t most);
  std::int64_t drop_old(const Sets& old);
  void recreate();
  bool has_old_pods();
  void clean_up();

  // --- its status
  DeploymentStatus counted_status();
  void sync_status();
  void sync_rollout_status();
  void requeue_stuck(const DeploymentStatus& status);

  DeploymentView view_;
  WallTime now_;
  Fenceposts posts_;
  DeploymentPlan plan_;
};

void Syncing::find_new_set(bool create) {
  std::int64_t number = 0;
  for (const DeploymentSet* old : old_sets()) number = std::max(number, old->number);
  ++number;
  DeploymentSet* fresh = new_set();
  if (fresh == nullptr) {
    if (create) create_new_set(number);
    return;
  }
  if (fresh->number < number) {
    fresh->number = number;
    plan_.writes.push_back(UpdateSet{*fresh, false});
    return;
  }
  bool needs_update = view_.number != fresh->number;
  view_.number = fresh->number;
  if (view_.progress_deadline && !view_.status.progress) {
    set_progress(view_.status, ProgressReason::kFoundNewReplicaSet, now_);
    needs_update = true;
  }
  if (needs_update) plan_.writes.push_back(WriteStatus{view_.status, view_.number});
}

void Syncing::create_new_set(std::int64_t number) {
  DeploymentSet set;
  set.revision = view_.revision;
  set.uid = view_.uid + "/" + view_.revision;
  set.number = number;
  set.desired = view_.replicas;
  set.max_replicas = max_replicas();
  set.state.replicas = static_cast<std::uint64_t>(new_set_size(set));
  view_.sets.push_back(set);
  plan_.writes.push_back(CreateSet{std::move(set)});
  view_.number = number;
  if (view_.progress_deadline) {
    set_progress(view_.status, ProgressReason::kNewReplicaSetCreated, now_);
  }
  plan_.writes.push_back(WriteStatus{view_.status, number});
}

// As large as surge lets it be beside the others.
std::int64_t Syncing::new_set_size(const DeploymentSet& set) {
  if (view_.strategy.recreate) return view_.replicas;
  const std::int64_t pods = count(all_sets());
  if (pods >= max_replicas()) return set.replicas();
  return set.replicas() + std::min(max_replicas() - pods, view_.replicas - set.replicas());
}

// True: its size has changed. What is noted on it is brought up to date in any case.
bool Syncing::resize(DeploymentSet& set, std::int64_t replicas) {
  const bool is_scaled = set.replicas() != replicas;
  if (!is_scaled && set.desired == view_.replicas && set.max_replicas == max_replicas()) {
    return false;
  }
  set.state.replicas = static_cast<std::uint64_t>(replicas);
  set.desired = view_.replicas;
  set.max_replicas = max_replicas();
  plan_.writes.push_back(UpdateSet{set, is_scaled});
  return is_scaled;
}

// --- a change of size

bool Syncing::is_scaling_event() {
  find_new_set(false);
  return std::ranges::any_of(active(all_sets()), [this](const DeploymentSet* set) {
    return set->desired != view_.replicas;
  });
}

void Syncing::scale() {
  find_new_set(false);
  DeploymentSet* fresh = new_set();
  const Sets running = active(all_sets());
  if (running.size() <= 1) {
    DeploymentSet* only = running.empty() ? fresh : running.front();
    if (only == nullptr && !view_.sets.empty()) only = &view_.sets.back();
    if (only != nullptr && only->replicas() != view_.replicas) resize(*only, view_.replicas);
    return;
  }
  const bool is_saturated = fresh != nullptr && fresh->replicas() == view_.replicas &&
                            fresh->desired == view_.replicas &&
                            available_of(*fresh) == view_.replicas;
  if (is_saturated) {
    for (DeploymentSet* old : active(old_sets())) resize(*old, 0);
  } else if (!view_.strategy.recreate) {
    scale_in_proportion();
  }
}

void Syncing::scale_in_proportion() {
  Sets sets = active(all_sets());
  const std::int64_t allowed = view_.replicas > 0 ? max_replicas() : 0;
  const std::int64_t to_add = allowed - count(sets);
  // The largest first; of equal ones the newer when it grows, the older when it shrinks.
  if (to_add > 0) std::ranges::reverse(sets);
  if (to_add != 0) std::ranges::stable_sort(sets, std::greater{}, &DeploymentSet::replicas);
  std::int64_t added = 0;
  std::vector<std::int64_t> sizes;
  for (const DeploymentSet* set : sets) {
    std::int64_t share = 0;
    if (to_add != added) {
      const std::int64_t left = to_add - added;
      share = to_add > 0 ? std::min(share_of(*set), left) : std::max(share_of(*set), left);
    }
    added += share;
    sizes.push_back(set->replicas() + share);
  }
  sizes[0] = std::max<std::int64_t>(0, sizes[0] + to_add - added);
  for (std::size_t i = 0; i < sets.size(); ++i) resize(*sets[i], sizes[i]);
}

std::int64_t Syncing::share_of(const DeploymentSet& set) const {
  if (view_.replicas == 0) return -set.replicas();
  const std::int64_t before = set.max_replicas != 0 ? set.max_replicas : view_.status.replicas;
  if (before == 0) return 0;
  const double size =
      static_cast<double>(set.replicas() * max_replicas()) / static_cast<double>(before);
  return static_cast<std::int64_t>(std::floor(size + 0.5)) - set.replicas();
}

// --- a rollout

void Syncing::roll() {
  find_new_set(true);
  if (!scale_new_set() && !scale_old_sets() &&
      is_complete(view_.status, view_.replicas, view_.generation))
    clean_up();
  sync_rollout_status();
}

bool Syncing::scale_new_set() {
  DeploymentSet& fresh = *new_set();
  if (fresh.replicas() == view_.replicas) return false;
  if (fresh.replicas() > view_.replicas) return resize(fresh, view_.replicas);
  const std::int64_t size = new_set_size(fresh);
  return size != fresh.replicas() && resize(fresh, size);
}

bool Syncing::scale_old_sets() {
  const Sets old = active(old_sets());
  if (old.empty()) return false;
  const DeploymentSet& fresh = *new_set();
  const std::int64_t least_available = view_.replicas - posts_.unavailable;
  const std::int64_t most =
      count(all_sets()) - least_available - (fresh.replicas() - available_of(fresh));
  if (most <= 0) return false;
  const std::int64_t unhealthy = drop_unhealthy(old, most);
  return drop_old(old) + unhealthy > 0;
}

std::int64_t Syncing::drop_unhealthy(const Sets& old, std::int64_t most) {
  std::int64_t dropped = 0;
  for (DeploymentSet* set : old) {
    if (dropped >= most) break;
    const std::int64_t unhealthy = set->replicas() - available_of(*set);
    const std::int64_t drop = std::min(most - dropped, unhealthy);
    if (set->replicas() == 0 || drop <= 0) continue;
    resize(*set, set->replicas() - drop);
    dropped += drop;
  }
  return dropped;
}

std::int64_t Syncing::drop_old(const Sets& old) {
  std::int64_t available = available_of(*new_set());
  for (const DeploymentSet* set : old) available += available_of(*set);
  const std::int64_t most = available - (view_.replicas - posts_.unavailable);
  std::int64_t dropped = 0;
  for (DeploymentSet* set : old) {
    if (dropped >= most) break;
    const std::int64_t drop = std::min(set->replicas(), most - dropped);
    if (drop == 0) continue;
    resize(*set, set->replicas() - drop);
    dropped += drop;
  }
  return dropped;
}

void Syncing::recreate() {
  find_new_set(false);
  bool is_scaled_down = false;
  for (DeploymentSet* old : active(old_sets())) is_scaled_down |= resize(*old, 0);
  if (!is_scaled_down && !has_old_pods()) {
    if (new_set() == nullptr) find_new_set(true);
    resize(*new_set(), view_.replicas);
    if (is_complete(view_.status, view_.replicas, view_.generation)) clean_up();
  }
  sync_rollout_status();
}

bool Syncing::has_old_pods() {
  return std::ranges::any_of(old_sets(), [](const DeploymentSet* old) {
    return old->state.status.replicas > 0 || old->pods > 0;
  });
}

void Syncing::clean_up() {
  Sets old = old_sets();
  if (old.size() <= view_.revision_history_limit) return;
  std::ranges::sort(old, {}, &DeploymentSet::number);
  old.resize(old.size() - view_.revision_history_limit);
  std::vector<std::string> gone;
  for (const DeploymentSet* set : old) {
    const bool is_idle = set->replicas() == 0 && set->state.status.replicas == 0 &&
                         set->state.status.observed_generation >= set->state.generation;
    if (is_idle && set->pods == 0) gone.push_back(set->uid);
  }
  for (const std::string& uid : gone) {
    plan_.writes.push_back(RemoveSet{uid});
    std::erase_if(view_.sets, [&uid](const DeploymentSet& set) { return set.uid == uid; });
  }
}

// --- the status

DeploymentStatus Syncing::counted_status() {
  DeploymentStatus status;
  status.observed_generation = view_.generation;
  for (const DeploymentSet* set : all_sets()) {
    const ReplicaSetStatus& of = set->state.status;
    status.replicas += static_cast<std::int64_t>(of.replicas);
    status.ready += static_cast<std::int64_t>(of.ready);
    status.available += static_cast<std::int64_t>(of.available);
    status.terminating += static_cast<std::int64_t>(of.terminating);
    status.replica_failure |= of.failed;
  }
  if (const DeploymentSet* fresh = new_set()) {
    status.updated = static_cast<std::int64_t>(fresh->state.status.replicas);
  }
  status.unavailable = std::max<std::int64_t>(0, count(all_sets()) - status.available);
  status.is_available = status.available >= view_.replicas - posts_.unavailable;
  status.progress = view_.status.progress;
  return status;
}

void Syncing::sync_status() {
  const DeploymentStatus status = counted_status();
  if (status != view_.status) plan_.writes.push_back(WriteStatus{status, view_.number});
}

void Syncing::sync_rollout_status() {
  DeploymentStatus status = counted_status();
  if (!view_.progress_deadline) status.progress.reset();
  const auto& current = view_.status.progress;
  const bool was_complete = status.replicas == status.updated && current &&
                            current->reason == ProgressReason::kNewReplicaSetAvailable;
  if (view_.progress_deadline && !was_complete) {
    if (is_complete(status, view_.replicas, view_.generation)) {
      set_progress(status, ProgressReason::kNewReplicaSetAvailable, now_);
    } else if (has_progressed(view_.status, status)) {
      status.progress = {ProgressReason::kReplicaSetUpdated, cut_to_second(now_)};
    } else if (has_timed_out(status, *view_.progress_deadline, now_)) {
      set_progress(status, ProgressReason::kProgressDeadlineExceeded, now_);
    }
  }
  if (status == view_.status) return requeue_stuck(status);
  plan_.writes.push_back(WriteStatus{status, view_.number});
}

void Syncing::requeue_stuck(const DeploymentStatus& status) {
  const auto& progress = view_.status.progress;
  if (!view_.progress_deadline || !progress ||
      is_complete(status, view_.replicas, view_.generation) ||
      progress->reason == ProgressReason::kProgressDeadlineExceeded) {
    return;
  }
  constexpr Duration kSecond = std::chrono::seconds(1);
  const Duration left = progress->last_update + *view_.progress_deadline - now_;
  if (left < kSecond) {
    plan_.again_soon = true;
  } else {
    plan_.again = left + kSecond;
  }
}

}  // namespace

DeploymentPlan plan_deployment(DeploymentView view, WallTime now) {
  return Syncing(std::move(view), now).run();
}

}  // namespace casim::sim
