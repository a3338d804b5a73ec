#include "sim/workloads/job_controller.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace casim::sim {
namespace {

using std::chrono::seconds;

constexpr int kJobWorkers = 5;  // --concurrent-job-syncs
// DefaultJobApiBackOff; its limiter has no bucket.
constexpr QueueBackoff kQueueBackoff{seconds(1), seconds(60), 0, 0};

}  // namespace

JobController::State::State(Key number, Job job)
    : key(number),
      uid(std::move(job.owner.uid)),
      pods(std::move(job.pods)),
      spec(job.spec),
      known(pods) {}

JobController::JobController(ApiServer& api, JobClients clients, WorkloadObserver& observer)
    : api_(api),
      control_(api, std::move(clients.jobs)),
      ttl_(api.add_client(std::move(clients.ttl))),
      garbage_(api.add_client(std::move(clients.garbage))),
      observer_(observer),
      queue_(api.kernel(), kJobWorkers, [this](Key key) { sync(key); }, kQueueBackoff) {}

// --- what is wanted

void JobController::create(Job job) {
  assert(job.pods.spec->owner_uid == job.owner.uid);
  const Key key = static_cast<Key>(jobs_.size());
  const bool is_new = by_uid_.try_emplace(job.owner.uid, key).second;
  assert(is_new);
  static_cast<void>(is_new);
  api_.put_owner(job.owner);
  State& state = *jobs_.emplace_back(std::make_unique<State>(key, std::move(job)));
  observer_.on_status({state.pods.workload, state.pods.first_index}, workload_status(state));
  if (is_listed_) queue_.add(key);
}

void JobController::release_next(const std::string& uid) {
  State* job = state_of(uid);
  assert(job != nullptr);
  assert(job->spec.released);
  const WorkloadStatus before = workload_status(*job);
  ++*job->spec.released;
  tell(*job, before);
  if (is_listed_) queue_.add(job->key);
}

void JobController::set_parallelism(const std::string& uid, std::uint64_t parallelism) {
  State* job = state_of(uid);
  if (job == nullptr) return;
  const WorkloadStatus before = workload_status(*job);
  job->spec.parallelism = parallelism;
  tell(*job, before);
  if (is_listed_) queue_.add(job->key);
}

void JobController::suspend(const std::string& uid, bool is_suspended) {
  State* job = state_of(uid);
  if (job == nullptr) return;
  job->spec.is_suspended = is_suspended;
  if (is_listed_) queue_.add(job->key);
}

void JobController::remove(const std::string& uid) {
  State* job = state_of(uid);
  if (job == nullptr) return;
  const WorkloadStatus before = workload_status(*job);
  job->is_finished = true;
  tell(*job, before);
  for (const PodId pod : job->known.active_pods()) {
    garbage_.delete_pod(pod, PodEnd::kDeleted, job->pods.spec->grace, [](const Result<void>&) {});
  }
  for (const PodId pod : job->ended_pods) garbage_.remove_pod(pod, [](const Result<void>&) {});
  drop(*job);
}

// --- what is seen

void JobController::on_listed() {
  is_listed_ = true;
  for (const auto& job : jobs_) {
    if (job) queue_.add(job->key);
  }
}

void JobController::on_pod_changed(const Pod& pod) {
  State* job = state_of(pod);
  if (job == nullptr || job->is_finished) return;
  on_seen(*job, job->known.on_changed(pod, control_.life(pod.id), job->spec, now()));
  if (job->spec.ttl_s && (pod.succeeded || pod.failed)) job->ended_pods.push_back(pod.id);
}

void JobController::on_pod_removed(const Pod& last) {
  State* job = state_of(last);
  if (job == nullptr || job->is_finished) return;
  on_seen(*job, job->known.on_removed(last, control_.life(last.id), job->spec, now()));
}

// Events that change nothing give a try to a Job that waits; to others they only cost.
void JobController::on_seen(State& job, const JobPods::Seen& seen) {
  if (seen.is_new) job.expected.creation_observed();
  if (seen.is_marked) job.expected.deletion_observed();
  if (!is_listed_) return;
  const bool is_news = seen.is_new || seen.is_marked || seen.has_ended || seen.is_other;
  if (is_news || job.is_waiting) queue_.add_after(job.key, kJobBatch);
}

// It looks at the Job once more before it deletes it.
void JobController::expire(const std::string& uid) {
  ttl_.touch([this, uid](const Result<void>&) {
    ttl_.touch([this, uid](const Result<void>& deleted) {
      if (deleted) remove(uid);
    });
  });
}

void JobController::end(const SyncPtr& sync, bool ok) { queue_.end(sync->key, ok); }

// Its own write is an event, too.
void JobController::write_status(State& job, std::function<void()> apply,
                                 std::function<void(bool ok)> done) {
  control_.client().write(
      job.uid, job.writes++,
      [this, key = job.key, apply = std::move(apply)]() -> Result<void> {
        if (!jobs_[key]) return failure(ErrorCode::kNotFound, "the Job is gone");
        apply();
        if (!jobs_[key]->is_finished) queue_.add_after(key, kJobBatch);
        return {};
      },
      [done = std::move(done)](const Result<void>& written) { done(written.has_value()); });
}

void JobController::drop(State& job) {
  const Key key = job.key;
  const std::string uid = job.uid;
  api_.remove_owner(uid);
  by_uid_.erase(uid);
  jobs_[key].reset();
  if (job_observer_ != nullptr) job_observer_->on_gone(uid);
}

// Of a work queue all or nothing is served.
WorkloadStatus JobController::workload_status(const State& job) {
  WorkloadStatus status{job.pods.workload, job.pods.first_index};
  if (job.is_finished) {
    status.wanted = status.served = job.status.succeeded;
  } else if (!job.spec.completions) {
    status.wanted = job.spec.parallelism;
  } else {
    status.wanted = job.spec.released.value_or(*job.spec.completions);
    status.served = job.status.succeeded;
  }
  return status;
}

void JobController::tell(State& job, const WorkloadStatus& before) {
  observer_.on_status(before, workload_status(job));
}

JobController::State* JobController::state_of(const std::string& uid) const {
  const auto found = by_uid_.find(uid);
  return found == by_uid_.end() ? nullptr : jobs_[found->second].get();
}

JobController::State* JobController::state_of(const Pod& pod) const {
  return state_of(pod.spec->owner_uid);
}

}  // namespace casim::sim
