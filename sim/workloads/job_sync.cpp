#include <algorithm>
#include <memory>
#include <utility>

#include "sim/workloads/job_controller.h"
#include "sim/workloads/slow_start.h"

// One sync of a Job, from what it sees to what it writes: each step is begun by the answers to the
// one before. [k8s:pkg/controller/job/job_controller.go, syncJob]
namespace casim::sim {
namespace {

using std::chrono::seconds;

constexpr std::uint64_t kMostJobPodsPerSync = 500;  // MaxPodCreateDeletePerSync
constexpr std::size_t kMostEndsPerSync = 500;       // MaxUncountedPods

// Who goes first of a surplus: [k8s:pkg/controller/controller_utils.go] ActivePods.
bool goes_first(const Pod& a, const Pod& b) {
  if (a.node.is_valid() != b.node.is_valid()) return !a.node.is_valid();
  if (a.running != b.running) return !a.running;
  if (a.ready_since.has_value() != b.ready_since.has_value()) return !a.ready_since;
  if (a.ready_since && a.ready_since != b.ready_since) return *a.ready_since > *b.ready_since;
  if (a.restarts != b.restarts) return a.restarts > b.restarts;
  return a.creation_timestamp > b.creation_timestamp;
}

}  // namespace

void JobController::sync(Key key) {
  if (!jobs_[key] || jobs_[key]->is_finished) return queue_.end(key, true);
  State& job = *jobs_[key];
  const auto sync = std::make_shared<Sync>();
  sync->key = key;
  look(job, *sync);
  if (const auto ending = job.ending) {
    sync->ending = ending;
  } else if (const auto reason = failure_of(job, *sync)) {
    sync->ending = Ending{false, *reason};
  }
  if (sync->ending) return end_all(sync);
  if (!sync->is_settled) return on_managed(sync);
  manage(sync);
}

void JobController::look(State& job, Sync& sync) {
  note_backoff(job);
  job.is_waiting = false;
  sync.is_settled = job.expected.are_met(api_.kernel().now());
  sync.next = job.status;
  sync.next.active = job.known.active();
  sync.next.ready = job.known.ready();
  sync.next.terminating = job.known.terminating();
  sync.next.failed_indexes = job.known.failed_indexes();
  sync.succeeded = job.status.succeeded;
  sync.failed = job.status.failed;
  for (const JobPodEnd& end : job.known.ends()) {
    ++(end.has_succeeded ? sync.succeeded : sync.failed);
  }
  if (!job.status.started && !job.spec.is_suspended) sync.next.started = now();
}

// A success undoes what failed before it.
void JobController::note_backoff(State& job) {
  std::optional<WallTime> success;
  for (const JobPodEnd& end : job.known.ends()) {
    if (end.has_succeeded && !end.is_in_record)
      success = std::max(success.value_or(end.at), end.at);
  }
  if (success) job.backoff = {};
  for (JobPodEnd& end : job.known.ends()) {
    if (std::exchange(end.is_in_record, true) || end.has_succeeded) continue;
    if (success && end.at <= *success) continue;
    ++job.backoff.failures;
    job.backoff.last = std::max(job.backoff.last, end.at);
  }
}

std::optional<JobReason> JobController::failure_of(State& job, const Sync& sync) {
  const JobSpec& spec = job.spec;
  if (sync.failed > spec.most_failures()) return JobReason::kBackoffLimitExceeded;
  if (spec.active_deadline_s && !spec.is_suspended) {
    const Duration left = *sync.next.started + seconds(*spec.active_deadline_s) - now();
    if (left <= Duration{}) return JobReason::kDeadlineExceeded;
    queue_.add_after(job.key, left);
  }
  const std::uint64_t failed = job.known.failed_indexes();
  if (spec.max_failed_indexes && failed > *spec.max_failed_indexes) {
    return JobReason::kMaxFailedIndexesExceeded;
  }
  if (failed > 0 && failed + sync.succeeded >= *spec.completions) return JobReason::kFailedIndexes;
  return std::nullopt;
}

void JobController::end_all(const SyncPtr& sync) {
  auto pods = std::make_shared<std::vector<PodId>>(state(sync).known.active_pods());
  const std::uint64_t count = pods->size();
  all_at_once(
      count,
      [this, sync, pods](const SlowStartAnswer& answer) {
        const PodId pod = pods->back();
        pods->pop_back();
        control_.remove(pod, [this, sync, pod, answer](bool) {
          if (jobs_[sync->key]) {
            State& job = state(sync);
            job.known.on_deleted(pod, control_.life(pod), job.spec, now());
          }
          answer(true);
        });
      },
      [this, sync, count](SlowStartResult) {
        if (!jobs_[sync->key]) return queue_.end(sync->key, true);
        sync->next.terminating += count;
        sync->next.active = sync->next.ready = 0;
        if (!sync->is_settled) sync->ending.reset();
        count_ends(sync);
      });
}

void JobController::manage(const SyncPtr& sync) {
  State& job = state(sync);
  const std::uint64_t active = sync->next.active;
  const std::uint64_t want = job.spec.is_suspended ? 0 : wanted(job, *sync);
  if (active > want) {
    const std::uint64_t surplus = active - want;
    return delete_surplus(sync,
                          job.spec.is_suspended ? surplus : std::min(surplus, kMostJobPodsPerSync));
  }
  const std::uint64_t there = active + (job.spec.replaces_failed_only ? sync->next.terminating : 0);
  if (want > there) return make(sync, std::min(want - there, kMostJobPodsPerSync));
  on_managed(sync);
}

std::uint64_t JobController::wanted(const State& job, const Sync& sync) const {
  if (!job.spec.completions) {
    return sync.succeeded > 0 ? sync.next.active : job.spec.parallelism;
  }
  const std::uint64_t begun = job.spec.released.value_or(*job.spec.completions);
  return std::min(job.spec.parallelism, begun - std::min(begun, sync.succeeded));
}

void JobController::make(const SyncPtr& sync, std::uint64_t missing) {
  State& job = state(sync);
  std::optional<Duration> wait;
  JobPods::Pick pick;
  if (!job.spec.backoff_limit_per_index) wait = job.backoff.remaining(now());
  if (!wait || *wait == Duration{}) {
    const std::uint64_t all = job.spec.completions.value_or(UINT64_MAX);
    pick = job.known.pick(job.pods, job.spec, missing, job.spec.released.value_or(all), now());
    wait = pick.pods.empty() ? pick.wait : std::nullopt;
  }
  if (wait) {
    // enqueueSyncJobWithDelay; the status tells of no active pod while it waits.
    queue_.add_after(job.key, std::max(*wait, kJobBatch));
    job.is_waiting = true;
    sync->next.active = 0;
  }
  if (pick.pods.empty()) return on_managed(sync);
  make_pods(sync, std::move(pick.pods));
}

void JobController::make_pods(const SyncPtr& sync, std::vector<NewPod> pods) {
  const auto made = std::make_shared<std::vector<NewPod>>(std::move(pods));
  const std::uint64_t count = made->size();
  state(sync).expected.expect_creations(api_.kernel().now(), count);
  const auto next = std::make_shared<std::size_t>(0);
  slow_start(
      count,
      [this, sync, made, next](SlowStartAnswer answer) {
        const std::size_t place = (*next)++;
        control_.create((*made)[place],
                        [this, sync, made, place, answer = std::move(answer)](bool ok) {
                          if (!ok && jobs_[sync->key]) state(sync).known.put_back((*made)[place]);
                          answer(ok);
                        });
      },
      [this, sync, made, next, count](SlowStartResult result) {
        if (!jobs_[sync->key]) return queue_.end(sync->key, true);
        State& job = state(sync);
        for (std::size_t i = *next; i < count; ++i) job.known.put_back((*made)[i]);
        for (std::uint64_t i = result.succeeded; i < count; ++i) job.expected.creation_observed();
        sync->next.active += result.succeeded;
        sync->ok = result.ok;
        on_managed(sync);
      });
}

std::vector<PodId> JobController::surplus_of(const State& job, std::uint64_t count) const {
  std::vector<const Pod*> pods;
  for (const PodId id : job.known.active_pods()) {
    if (const Pod* pod = api_.cluster().find_pod(id)) pods.push_back(pod);
  }
  std::ranges::stable_sort(pods, [](const Pod* a, const Pod* b) { return goes_first(*a, *b); });
  std::vector<PodId> chosen;
  for (const Pod* pod : pods) {
    if (chosen.size() < count) chosen.push_back(pod->id);
  }
  return chosen;
}

// First their finalizers, so that they do not count as failures.
void JobController::delete_surplus(const SyncPtr& sync, std::uint64_t surplus) {
  State& job = state(sync);
  const auto pods = std::make_shared<std::vector<PodId>>(surplus_of(job, surplus));
  const std::uint64_t count = pods->size();
  job.expected.expect_deletions(api_.kernel().now(), count);
  const auto next = std::make_shared<std::size_t>(0);
  all_at_once(
      count,
      [this, sync, pods, next](const SlowStartAnswer& answer) {
        const PodId pod = (*pods)[(*next)++];
        control_.client().touch([this, sync, pod, answer](const Result<void>& patched) {
          if (!jobs_[sync->key] || !patched) return answer(false);
          state(sync).known.release(pod);
          queue_.add_after(sync->key, kJobBatch);
          control_.remove(pod, [this, sync, answer](bool ok) {
            if (!ok && jobs_[sync->key]) state(sync).expected.deletion_observed();
            answer(true);
          });
        });
      },
      [this, sync, count](SlowStartResult) {
        if (!jobs_[sync->key]) return queue_.end(sync->key, true);
        sync->next.active -= count;
        sync->next.ready -= std::min(sync->next.ready, count);
        sync->next.terminating += count;
        on_managed(sync);
      });
}

void JobController::on_managed(const SyncPtr& sync) {
  State& job = state(sync);
  const bool has_enough =
      job.spec.completions ? sync->succeeded >= *job.spec.completions : sync->succeeded > 0;
  if (has_enough && sync->next.active == 0) {
    sync->ending = Ending{true, JobReason::kCompletionsReached};
  } else if (sync->is_settled && job.spec.is_suspended != job.status.is_suspended) {
    sync->next.is_suspended = job.spec.is_suspended;
    control_.events().record(job.uid);
    if (!job.spec.is_suspended) sync->next.started = now();
  }
  count_ends(sync);
}

void JobController::take_ends(State& job, Sync& sync) {
  if (sync.ending && !sync.ending->has_succeeded) job.known.count_terminating(now());
  std::vector<JobPodEnd> left;
  for (const JobPodEnd& end : job.known.ends()) {
    const bool is_seen = end.is_in_record || sync.ending;
    if (is_seen && sync.ends.size() < kMostEndsPerSync) {
      sync.ends.push_back(end);
    } else {
      sync.has_all_ends = sync.has_all_ends && !is_seen;
      left.push_back(end);
    }
  }
  job.known.ends() = std::move(left);
}

void JobController::count_ends(const SyncPtr& sync) {
  State& job = state(sync);
  take_ends(job, *sync);
  const bool is_ending = sync->ending && !job.ending;
  const Status& old = job.status;
  const Status& next = sync->next;
  const bool needs_write = is_ending || !sync->ends.empty() || next.active != old.active ||
                           next.ready != old.ready || next.terminating != old.terminating ||
                           next.failed_indexes != old.failed_indexes ||
                           next.is_suspended != old.is_suspended;
  if (!needs_write) return conclude(sync);
  write_status(
      job,
      [this, sync, is_ending] {
        State& mine = state(sync);
        if (sync->next.started) sync->next.started = cut_to_second(*sync->next.started);
        mine.status = sync->next;
        if (!is_ending) return;
        mine.ending = sync->ending;
        if (job_observer_ == nullptr) return;
        job_observer_->on_condition(mine.uid,
                                    mine.ending->has_succeeded ? JobCondition::kSuccessCriteriaMet
                                                               : JobCondition::kFailureTarget,
                                    mine.ending->reason);
      },
      [this, sync](bool ok) {
        if (!jobs_[sync->key]) return queue_.end(sync->key, true);
        if (ok) return remove_finalizers(sync);
        std::vector<JobPodEnd>& ends = state(sync).known.ends();
        ends.insert(ends.begin(), sync->ends.begin(), sync->ends.end());
        end(sync, false);
      });
}

void JobController::remove_finalizers(const SyncPtr& sync) {
  all_at_once(
      sync->ends.size(),
      [this, sync](const SlowStartAnswer& answer) {
        control_.client().touch([this, sync, answer](const Result<void>& patched) {
          queue_.add_after(sync->key, kJobBatch);
          answer(patched.has_value());
        });
      },
      [this, sync](SlowStartResult) {
        if (!jobs_[sync->key]) return queue_.end(sync->key, true);
        conclude(sync);
      });
}

void JobController::conclude(const SyncPtr& sync) {
  State& job = state(sync);
  const bool is_done = job.ending && sync->ending && sync->has_all_ends &&
                       job.known.ends().empty() && sync->next.terminating == 0;
  // An Indexed Job tells its successes by index, with the first write.
  const bool counts_now = std::ranges::any_of(
      sync->ends, [&](const JobPodEnd& end) { return !end.has_succeeded || !job.spec.is_indexed; });
  const auto count = [this, sync, is_done] {
    State& mine = state(sync);
    const WorkloadStatus before = workload_status(mine);
    for (const JobPodEnd& end : sync->ends) {
      ++(end.has_succeeded ? mine.status.succeeded : mine.status.failed);
    }
    mine.is_finished = is_done;
    tell(mine, before);
  };
  if (!is_done && !counts_now) {
    count();
    return end(sync, sync->ok);
  }
  write_status(job, count, [this, sync, is_done](bool ok) {
    if (!jobs_[sync->key]) return queue_.end(sync->key, true);
    end(sync, ok && sync->ok);
    if (ok && is_done) finish(state(sync));
  });
}

void JobController::finish(State& job) {
  control_.events().record(job.uid);
  if (job_observer_ != nullptr) {
    job_observer_->on_condition(
        job.uid, job.ending->has_succeeded ? JobCondition::kComplete : JobCondition::kFailed,
        job.ending->reason);
  }
  if (!job.spec.ttl_s) return drop(job);
  const Duration left = cut_to_second(now()) + seconds(*job.spec.ttl_s) - now();
  api_.kernel().after(std::max(left, Duration{}), Phase::kWorld,
                      [this, uid = job.uid] { expire(uid); });
}

}  // namespace casim::sim
