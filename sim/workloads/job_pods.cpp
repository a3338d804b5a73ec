#include "sim/workloads/job_pods.h"

#include <algorithm>
#include <utility>

namespace casim::sim {
namespace {

// [k8s:pkg/controller/job/job_controller.go] DefaultJobPodFailureBackOff, MaxJobPodFailureBackOff.
constexpr Duration kBackoff = std::chrono::seconds(10);
constexpr Duration kBackoffMax = std::chrono::minutes(10);

}  // namespace

const char* name_of(JobCondition condition) {
  switch (condition) {
    case JobCondition::kSuccessCriteriaMet:
      return "SuccessCriteriaMet";
    case JobCondition::kComplete:
      return "Complete";
    case JobCondition::kFailureTarget:
      return "FailureTarget";
    case JobCondition::kFailed:
      return "Failed";
  }
  return "";
}

const char* name_of(JobReason reason) {
  switch (reason) {
    case JobReason::kCompletionsReached:
      return "CompletionsReached";
    case JobReason::kBackoffLimitExceeded:
      return "BackoffLimitExceeded";
    case JobReason::kDeadlineExceeded:
      return "DeadlineExceeded";
    case JobReason::kMaxFailedIndexesExceeded:
      return "MaxFailedIndexesExceeded";
    case JobReason::kFailedIndexes:
      return "FailedIndexes";
  }
  return "";
}

Duration JobBackoff::remaining(WallTime now) const {
  if (failures == 0) return {};
  Duration delay = kBackoff;
  for (std::uint64_t i = 1; i < failures && delay < kBackoffMax; ++i) delay *= 2;
  return std::max(Duration{}, std::min(delay, kBackoffMax) - (now - last));
}

JobPods::Known& JobPods::known(PodId pod, const PodLife& life, Seen& seen) {
  const auto [found, is_new] = pods_.try_emplace(pod);
  if (is_new) {
    seen.is_new = true;
    found->second.index = life.index - first_index_;
    next_ = std::max(next_, found->second.index + 1);
    ++active_;
  }
  return found->second;
}

void JobPods::leave_active(Known& pod) {
  if (!pod.is_active) return;
  pod.is_active = false;
  --active_;
  if (pod.is_ready) --ready_;
}

JobPods::Seen JobPods::on_changed(const Pod& pod, const PodLife& life, const JobSpec& spec,
                                  WallTime now) {
  Seen seen;
  Known& mine = known(pod.id, life, seen);
  if (mine.is_ended) return seen;
  const WallTime at = cut_to_second(now);
  if (pod.deletion_timestamp) {
    seen.is_marked = !std::exchange(mine.is_mark_seen, true);
    mark(mine, pod.id, life, spec, at);
  }
  if (pod.succeeded || pod.failed) {
    end(mine, pod, life, spec, at);
    seen.has_ended = true;
  } else if (mine.is_active && pod.ready_since.has_value() != mine.is_ready) {
    seen.is_other = true;
    mine.is_ready = pod.ready_since.has_value();
    ready_ += mine.is_ready ? 1 : -1;
  }
  return seen;
}

void JobPods::mark(Known& pod, PodId id, const PodLife& life, const JobSpec& spec, WallTime at) {
  if (!pod.is_active) return;
  leave_active(pod);
  pod.is_terminating = true;
  ++terminating_;
  if (pod.is_released) {
    do_again(pod.index, id, life, {});
  } else if (!spec.replaces_failed_only) {
    fail(pod, id, life, spec, at);
  }
}

void JobPods::on_deleted(PodId pod, const PodLife& life, const JobSpec& spec, WallTime now) {
  const auto found = pods_.find(pod);
  if (found != pods_.end()) mark(found->second, pod, life, spec, cut_to_second(now));
}

JobPods::Seen JobPods::on_removed(const Pod& pod, const PodLife& life, const JobSpec& spec,
                                  WallTime now) {
  Seen seen;
  Known& mine = known(pod.id, life, seen);
  if (!mine.is_ended) {
    seen.is_marked = !mine.is_mark_seen && life.end != PodEnd::kCompleted;
    seen.has_ended = true;
    end(mine, pod, life, spec, cut_to_second(now));
  }
  pods_.erase(pod.id);
  return seen;
}

// It will not run any more.
void JobPods::end(Known& mine, const Pod& pod, const PodLife& life, const JobSpec& spec,
                  WallTime at) {
  mine.is_ended = true;
  if (mine.is_terminating) --terminating_;
  const bool was_active = mine.is_active;
  leave_active(mine);
  const bool has_completed = life.phase == PodPhase::kEnded && life.end == PodEnd::kCompleted;
  if (was_active && (pod.succeeded || (has_completed && !pod.failed))) {
    ends_.push_back({pod.id, mine.index, true, at});
    again_failures_.erase(mine.index);
  } else if (was_active && mine.is_released) {
    do_again(mine.index, pod.id, life, {});
  } else if (was_active || (spec.replaces_failed_only && !mine.is_released)) {
    fail(mine, pod.id, life, spec, at);
  } else {
    note_later_end(mine, pod.id, at);
  }
}

// A failure that counts from its mark has, until it is looked at, the time of its real end.
void JobPods::note_later_end(const Known& mine, PodId pod, WallTime at) {
  for (JobPodEnd& end : ends_) {
    if (end.pod == pod && !end.is_in_record) end.at = at;
  }
  const auto again = again_.find(mine.index);
  if (again != again_.end() && again->second.replaces == pod &&
      again->second.backoff.failures > 0) {
    again->second.backoff.last = at;
  }
}

void JobPods::fail(Known& mine, PodId id, const PodLife& life, const JobSpec& spec, WallTime at) {
  if (mine.has_failed) return;
  mine.has_failed = true;
  ends_.push_back({id, mine.index, false, at});
  std::uint64_t before = 0;
  if (const auto found = again_failures_.find(mine.index); found != again_failures_.end()) {
    before = found->second;
    again_failures_.erase(found);
  }
  if (spec.backoff_limit_per_index && before >= *spec.backoff_limit_per_index) {
    ++failed_indexes_;
    return;
  }
  do_again(mine.index, id, life, {before + 1, at});
}

void JobPods::do_again(std::uint64_t index, PodId pod, const PodLife& life, JobBackoff backoff) {
  again_[index] = {pod, life.incarnation + 1, backoff};
}

void JobPods::count_terminating(WallTime now) {
  for (auto& [id, pod] : pods_) {
    if (!pod.is_terminating || pod.is_ended || pod.is_released || pod.has_failed) continue;
    pod.has_failed = true;
    ends_.push_back({id, pod.index, false, cut_to_second(now)});
  }
}

std::vector<PodId> JobPods::active_pods() const {
  std::vector<PodId> out;
  for (const auto& [id, pod] : pods_) {
    if (pod.is_active) out.push_back(id);
  }
  return out;
}

void JobPods::release(PodId pod) {
  if (const auto found = pods_.find(pod); found != pods_.end()) {
    found->second.is_released = true;
  }
}

JobPods::Pick JobPods::pick(const PodBlueprint& pods, const JobSpec& spec, std::uint64_t count,
                            std::uint64_t fresh, WallTime now) {
  Pick pick;
  std::uint64_t looked_at = 0;
  for (auto again = again_.begin(); again != again_.end() && looked_at < count; ++looked_at) {
    const Again& one = again->second;
    const Duration wait = spec.backoff_limit_per_index ? one.backoff.remaining(now) : Duration{};
    if (wait > Duration{}) {
      pick.wait = std::min(pick.wait.value_or(wait), wait);
      ++again;
      continue;
    }
    NewPod& pod = pick.pods.emplace_back(pods.pod(again->first));
    pod.replaces = one.replaces;
    pod.incarnation = one.incarnation;
    if (one.backoff.failures > 0) again_failures_[again->first] = one.backoff.failures;
    again = again_.erase(again);
  }
  for (; looked_at < count && next_ < fresh; ++looked_at) {
    pick.pods.push_back(pods.pod(next_++));
  }
  return pick;
}

void JobPods::put_back(const NewPod& pod) {
  const std::uint64_t index = pod.index - first_index_;
  Again& again = again_[index];
  again.replaces = pod.replaces;
  again.incarnation = pod.incarnation;
  if (const auto found = again_failures_.find(index); found != again_failures_.end()) {
    again.backoff.failures = found->second;  // its wait is over
    again_failures_.erase(found);
  }
}

}  // namespace casim::sim
