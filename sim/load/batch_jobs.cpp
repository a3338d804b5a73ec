#include "sim/load/batch_jobs.h"

#include <algorithm>

#include "sim/cluster/own_labels.h"

namespace casim::sim {

BatchJobs::BatchJobs(Parts parts, ApiClientConfig cron_client)
    : parts_(parts), cron_jobs_(parts.api, std::move(cron_client), *this) {
  parts_.jobs.observe(*this);
}

void BatchJobs::add(WorkloadId workload, const JobSpec& spec, Duration at) {
  if (parts_.workloads.can_fit(workload, 0)) parts_.completion.expect(1);
  planned_.push_back({workload, spec, at});
  ++to_come_;
}

void BatchJobs::add(WorkloadId workload, const JobSpec& spec, CronJobSpec cron) {
  crons_.push_back({workload, spec, std::move(cron)});
}

void BatchJobs::start() {
  for (std::size_t i = 0; i < planned_.size(); ++i) {
    parts_.api.kernel().at(kTimeZero + planned_[i].at, Phase::kWorld, [this, i] {
      const Planned& job = planned_[i];
      PodBlueprint pods = parts_.workloads.blueprint(job.workload, 0);
      const std::string uid = pods.spec->owner_uid;
      create(uid, parts_.workloads.name_of(job.workload), std::move(pods), job.spec);
      --to_come_;
      if (parts_.workloads.can_fit(job.workload, 0)) parts_.completion.note_arrival();
    });
  }
  for (const Cron& cron : crons_) {
    cron_jobs_.create("cronjob/" + parts_.workloads.name_of(cron.workload), cron.cron);
  }
  cron_jobs_.start();
}

void BatchJobs::create(const std::string& uid, const std::string& name, PodBlueprint pods,
                       const JobSpec& spec) {
  Job job;
  job.owner.kind = OwnerKind::kJob;
  job.owner.uid = uid;
  job.owner.name = name;
  job.owner.namespace_name = pods.spec->namespace_name;
  job.owner.replicas = static_cast<int>(spec.completions.value_or(spec.parallelism));
  PodSpec labelled = *pods.spec;
  set_label(labelled, kJobNameLabel, name);
  set_label(labelled, kJobUidLabel, uid);
  job.pods = std::move(pods);
  job.pods.spec = std::make_shared<const PodSpec>(std::move(labelled));
  job.spec = spec;
  parts_.jobs.create(std::move(job));
}

// Named by the minute of its due time, as upstream names it.
std::string BatchJobs::uid_of(WorkQueue::Key cron_job, WallTime due) const {
  const auto minute = std::chrono::floor<std::chrono::minutes>(due).time_since_epoch().count();
  return "job/" + parts_.workloads.name_of(crons_[cron_job].workload) + "-" +
         std::to_string(minute);
}

void BatchJobs::create_job(WorkQueue::Key cron_job, WallTime due) {
  Cron& cron = crons_[cron_job];
  const std::string uid = uid_of(cron_job, due);
  const std::uint64_t pods_each = cron.spec.completions.value_or(cron.spec.parallelism);
  PodBlueprint pods = parts_.workloads.blueprint(cron.workload, cron.made++ * pods_each);
  PodSpec spec = *pods.spec;
  spec.owner_uid = uid;
  pods.spec = std::make_shared<const PodSpec>(std::move(spec));
  made_[uid] = {cron_job, due};
  create(uid, uid.substr(uid.find('/') + 1), std::move(pods), cron.spec);
}

void BatchJobs::delete_job(WorkQueue::Key cron_job, WallTime due) {
  const std::string uid = uid_of(cron_job, due);
  made_.erase(uid);
  parts_.jobs.remove(uid);  // unless it has finished: then it is gone already
}

void BatchJobs::on_condition(const std::string& uid, JobCondition condition, JobReason) {
  if (condition != JobCondition::kComplete && condition != JobCondition::kFailed) return;
  const auto found = made_.find(uid);
  if (found == made_.end()) return;
  const auto [cron_job, due] = found->second;
  made_.erase(found);
  cron_jobs_.on_job_finished(cron_job, due, condition == JobCondition::kComplete);
}

}  // namespace casim::sim
