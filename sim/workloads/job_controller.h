// The Job controller as the real one is: pod events are handled a second late, in one sync; pods
// are made in batches of 1, 2, 4, ... and at most 500 a sync; failed pods hold the whole Job, or
// their index, back; an end is counted when its finalizer is off, and the Job is finished when all
// are and nobody terminates any more. A finished Job goes, unless it has a ttl.
// Source: algorithm 6.2 [k8s:pkg/controller/job/job_controller.go].
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/paths/queue/work_queue.h"
#include "sim/workloads/expectations.h"
#include "sim/workloads/job_pods.h"
#include "sim/workloads/job_spec.h"
#include "sim/workloads/pod_control.h"
#include "sim/workloads/workload_controller.h"

namespace casim::sim {

// Told what becomes of Jobs.
class JobObserver {
 public:
  virtual ~JobObserver() = default;
  virtual void on_condition(const std::string& uid, JobCondition condition, JobReason reason) = 0;

  virtual void on_gone(const std::string&) {}
};

// How late pod events and changes of the status are handled: syncJobBatchPeriod.
inline constexpr Duration kJobBatch = std::chrono::seconds(1);

struct JobClients {
  ApiClientConfig jobs;
  ApiClientConfig ttl;      // of the controller of ttlSecondsAfterFinished
  ApiClientConfig garbage;  // of the garbage collector, which deletes the pods of a deleted Job
};

class JobController final : public WorkloadController {
 public:
  // All outlive the controller.
  JobController(ApiServer& api, JobClients clients, WorkloadObserver& observer);

  void observe(JobObserver& observer) { job_observer_ = &observer; }  // which outlives it

  // Puts the API object. Requires: a new uid.
  void create(Job job);
  // One more of the Job's completions may begin. Requires: JobSpec::released is given.
  void release_next(const std::string& uid);
  void set_parallelism(const std::string& uid, std::uint64_t parallelism);
  void suspend(const std::string& uid, bool is_suspended);
  // The API object is deleted, and its pods with it.
  void remove(const std::string& uid);

  OwnerKind kind() const override { return OwnerKind::kJob; }

  void on_listed() override;
  void on_pod_changed(const Pod& pod) override;
  void on_pod_removed(const Pod& last) override;

 private:
  using Key = WorkQueue::Key;

  // As far as a change of it is written.
  struct Status {
    std::uint64_t active = 0;
    std::uint64_t ready = 0;
    std::uint64_t terminating = 0;
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
    std::uint64_t failed_indexes = 0;
    std::optional<WallTime> started;  // whole seconds
    bool is_suspended = false;        // condition Suspended

    bool operator==(const Status&) const = default;
  };

  struct Ending {
    bool has_succeeded = false;
    JobReason reason = JobReason::kCompletionsReached;
  };

  struct State {
    State(Key number, Job job);

    Key key;
    std::string uid;
    PodBlueprint pods;
    JobSpec spec;
    JobPods known;
    Expectations expected;
    JobBackoff backoff;
    Status status;
    std::optional<Ending> ending;  // SuccessCriteriaMet or FailureTarget stands in the status
    bool is_finished = false;
    bool is_waiting = false;        // for a back-off: any event is a try
    std::vector<PodId> ended_pods;  // whose objects stay, of a Job with a ttl
    std::uint64_t writes = 0;
  };

  // One sync: what it found, and what came of it.
  struct Sync {
    Key key;
    Status next;
    std::uint64_t succeeded = 0;  // with those that are not counted yet
    std::uint64_t failed = 0;
    bool is_settled = false;  // no pod is on its way or being deleted that it does not see
    bool ok = true;
    std::optional<Ending> ending;
    std::vector<JobPodEnd> ends;  // that it counts
    bool has_all_ends = true;
  };

  using SyncPtr = std::shared_ptr<Sync>;

  State* state_of(const std::string& uid) const;
  State* state_of(const Pod& pod) const;

  State& state(const SyncPtr& sync) const { return *jobs_[sync->key]; }

  void on_seen(State& job, const JobPods::Seen& seen);
  void put(State& job, Duration delay);

  void sync(Key key);
  void look(State& job, Sync& sync);
  static void note_backoff(State& job);
  std::optional<JobReason> failure_of(State& job, const Sync& sync);
  void end_all(const SyncPtr& sync);
  void manage(const SyncPtr& sync);
  void make(const SyncPtr& sync, std::uint64_t missing);
  void make_pods(const SyncPtr& sync, std::vector<NewPod> pods);
  void delete_surplus(const SyncPtr& sync, std::uint64_t surplus);
  void on_managed(const SyncPtr& sync);
  // The status with ends that are to be counted, the finalizers, and the status again.
  void count_ends(const SyncPtr& sync);
  void take_ends(State& job, Sync& sync);
  void remove_finalizers(const SyncPtr& sync);
  void conclude(const SyncPtr& sync);
  void finish(State& job);
  void end(const SyncPtr& sync, bool ok);

  void write_status(State& job, std::function<void()> apply, std::function<void(bool ok)> done);
  void expire(const std::string& uid);
  void drop(State& job);
  static WorkloadStatus workload_status(const State& job);
  void tell(State& job, const WorkloadStatus& before);
  std::uint64_t wanted(const State& job, const Sync& sync) const;
  std::vector<PodId> surplus_of(const State& job, std::uint64_t count) const;

  WallTime now() const { return api_.kernel().wall(api_.kernel().now()); }

  ApiServer& api_;
  PodControl control_;
  ApiClient& ttl_;
  ApiClient& garbage_;
  WorkloadObserver& observer_;
  JobObserver* job_observer_ = nullptr;
  WorkQueue queue_;
  std::vector<std::unique_ptr<State>> jobs_;            // by key; null: gone
  boost::unordered_flat_map<std::string, Key> by_uid_;  // looked up, never walked
  bool is_listed_ = false;
};

}  // namespace casim::sim
