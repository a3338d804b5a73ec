// Jobs that a load names by themselves, and those that its CronJobs make: creates them at their
// times, and tells each CronJob what becomes of its own.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/kernel/kernel.h"
#include "sim/load/load_completion.h"
#include "sim/load/workload_table.h"
#include "sim/workloads/cron_job_controller.h"
#include "sim/workloads/job_controller.h"

namespace casim::sim {

class BatchJobs final : private CronJobJobs, private JobObserver {
 public:
  // All outlive it, and the kernel runs no event after it. It observes the Jobs.
  struct Parts {
    ApiServer& api;
    const WorkloadTable& workloads;
    JobController& jobs;
    LoadCompletion& completion;
  };

  BatchJobs(Parts parts, ApiClientConfig cron_client);
  BatchJobs(const BatchJobs&) = delete;
  BatchJobs& operator=(const BatchJobs&) = delete;

  // --- before start()
  void add(WorkloadId workload, const JobSpec& spec, Duration at);
  void add(WorkloadId workload, const JobSpec& spec, CronJobSpec cron);

  // Creates the CronJobs; Jobs come at their times.
  void start();

  bool are_over() const { return to_come_ == 0; }  // CronJobs aside, which never are

 private:
  struct Planned {
    WorkloadId workload;
    JobSpec spec;
    Duration at{};
  };

  struct Cron {
    WorkloadId workload;
    JobSpec spec;
    CronJobSpec cron;
    std::uint64_t made = 0;  // Jobs so far
  };

  void create_job(WorkQueue::Key cron_job, WallTime due) override;
  void delete_job(WorkQueue::Key cron_job, WallTime due) override;
  void on_condition(const std::string& uid, JobCondition condition, JobReason reason) override;

  void create(const std::string& uid, const std::string& name, PodBlueprint pods,
              const JobSpec& spec);
  std::string uid_of(WorkQueue::Key cron_job, WallTime due) const;

  Parts parts_;
  CronJobController cron_jobs_;
  std::vector<Planned> planned_;
  std::vector<Cron> crons_;  // by number of the CronJob
  std::map<std::string, std::pair<WorkQueue::Key, WallTime>>
      made_;  // unfinished, by uid of the Job
  std::size_t to_come_ = 0;
};

}  // namespace casim::sim
