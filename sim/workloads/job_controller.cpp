#include "sim/workloads/job_controller.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace casim::sim {

namespace {

// [k8s:pkg/controller/job/job_controller.go] DefaultJobPodFailureBackOff, MaxJobPodFailureBackOff.
constexpr Duration kBackoff = std::chrono::seconds(10);
constexpr Duration kBackoffMax = std::chrono::minutes(10);

Duration backoff(std::uint32_t failures) {
  Duration delay = kBackoff;
  for (std::uint32_t i = 1; i < failures && delay < kBackoffMax; ++i) delay *= 2;
  return std::min(delay, kBackoffMax);
}

}  // namespace

JobController::JobController(ApiServer& api, ApiClientConfig client, WorkloadObserver& observer)
    : api_(api), control_(api, std::move(client)), observer_(observer) {}

void JobController::create(Job job) {
  assert(job.pods.spec->owner_uid == job.owner.uid);
  assert(job.completions > 0);
  const auto [made, is_new] = jobs_.try_emplace(job.owner.uid);
  assert(is_new);
  made->second.pods = std::move(job.pods);
  made->second.completions = job.completions;
  api_.put_owner(std::move(job.owner));
}

void JobController::start_next(const std::string& uid) {
  const auto found = jobs_.find(uid);
  assert(found != jobs_.end());
  Progress& job = found->second;
  assert(job.started < job.completions);
  const WorkloadStatus before = status_of(job);
  control_.create(job.pods.pod(job.started++));
  observer_.on_status(before, status_of(job));
}

void JobController::on_pod_changed(const Pod& pod) {
  if (!pod.deletion_timestamp && !pod.succeeded && !pod.failed) return;
  const auto job = jobs_.find(pod.spec->owner_uid);
  if (job == jobs_.end() || !counted_.insert(pod.id.value()).second) return;
  if (pod.succeeded) {
    succeed(job);
  } else {
    fail(pod);
  }
}

void JobController::on_pod_removed(const Pod& last) {
  if (counted_.erase(last.id.value()) > 0) return;
  const auto job = jobs_.find(last.spec->owner_uid);
  if (job == jobs_.end()) return;
  if (control_.life(last.id).end == PodEnd::kCompleted) {
    succeed(job);
  } else {
    fail(last);
  }
}

void JobController::fail(const Pod& pod) {
  NewPod next = control_.replacement_of(pod);
  const Duration delay = backoff(next.incarnation);
  api_.kernel().after(delay, Phase::kWorld, [this, next = std::move(next)]() mutable {
    control_.create(std::move(next));
  });
}

void JobController::succeed(Jobs::iterator job) {
  const WorkloadStatus before = status_of(job->second);
  ++job->second.succeeded;
  observer_.on_status(before, status_of(job->second));
  if (job->second.succeeded < job->second.completions) return;
  api_.remove_owner(job->first);
  jobs_.erase(job);
}

WorkloadStatus JobController::status_of(const Progress& job) {
  return {job.pods.workload, job.pods.first_index, job.started, job.succeeded};
}

}  // namespace casim::sim
