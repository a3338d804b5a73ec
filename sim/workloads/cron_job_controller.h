// The CronJob controller: makes a Job 0.1 s after each due time, as far as the concurrency policy
// and the starting deadline let it, and keeps so many of the finished ones. Late or resumed, it
// makes one Job, for the latest time that was missed. It hears of its Jobs from whoever runs them.
// Source: algorithm 6.2 [k8s:pkg/controller/cronjob/cronjob_controllerv2.go, utils.go].
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "sim/apiserver/api_server.h"
#include "sim/paths/queue/work_queue.h"
#include "sim/workloads/controller_events.h"
#include "sim/workloads/cron_schedule.h"

namespace casim::sim {

enum class CronConcurrency : std::uint8_t { kAllow, kForbid, kReplace };

struct CronJobSpec {
  CronSchedule schedule;
  CronConcurrency concurrency = CronConcurrency::kAllow;
  std::optional<std::int64_t> starting_deadline_s;
  bool is_suspended = false;
  std::int32_t successful_history = 3;  // successfulJobsHistoryLimit
  std::int32_t failed_history = 1;      // failedJobsHistoryLimit
};

// The Jobs of CronJobs as the API has them: each is known by its CronJob and its due time, which is
// in its name.
class CronJobJobs {
 public:
  virtual ~CronJobJobs() = default;
  virtual void create_job(WorkQueue::Key cron_job, WallTime due) = 0;
  virtual void delete_job(WorkQueue::Key cron_job, WallTime due) = 0;
};

class CronJobController {
 public:
  using Number = WorkQueue::Key;

  // All outlive the controller. It does nothing before start().
  CronJobController(ApiServer& api, ApiClientConfig client, CronJobJobs& jobs);

  Number create(std::string uid, CronJobSpec spec);
  void change(Number cron_job, CronJobSpec spec);
  // It hears of the CronJobs that there are, and begins.
  void start();

  void on_job_finished(Number cron_job, WallTime due, bool has_succeeded);
  // Deleted by somebody else.
  void on_job_gone(Number cron_job, WallTime due);

  const CronJobSpec& spec(Number cron_job) const { return known_[cron_job].spec; }

 private:
  enum class JobState : std::uint8_t { kRunning, kSucceeded, kFailed };

  struct Job {
    WallTime due{};
    JobState state = JobState::kRunning;
    bool is_active = true;  // in status.active
  };

  struct Known {
    std::string uid;
    CronJobSpec spec;
    WallTime created{};                 // whole seconds
    std::optional<WallTime> last_due;   // status.lastScheduleTime
    std::vector<Job> jobs;              // oldest first
    std::vector<WallTime> to_delete;    // by the sync that runs
    std::optional<WallTime> to_create;  // likewise
    bool is_changed = false;            // its status, by the sync that runs
    std::uint64_t requests = 0;         // so far
  };

  // The steps of a sync, each begun by the answer to the one before.
  void begin(Number number);
  void delete_next(Number number, bool is_cleanup);
  void decide(Number number);
  void create_job(Number number);
  void write_status(Number number);
  void end(Number number, bool is_ok);
  void write(Number number, ApiClient::Done<void> done);

  void collect_history(Known& known, JobState state, std::int32_t limit) const;
  bool settle_finished(Known& known);
  std::optional<WallTime> due_now(const Known& known) const;
  std::optional<Duration> until_next(const Known& known) const;
  std::optional<WallTime> latest_missed(const CronSchedule& schedule, WallTime from) const;
  Job* find(Number number, WallTime due);

  WallTime now() const { return api_.kernel().wall(api_.kernel().now()); }

  ApiServer& api_;
  ApiClient& client_;
  ControllerEvents events_;
  CronJobJobs& jobs_;
  std::deque<Known> known_;  // by number
  WorkQueue queue_;
  bool is_started_ = false;
};

}  // namespace casim::sim
