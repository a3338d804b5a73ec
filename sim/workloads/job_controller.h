// The Job controller: each started completion of a Job has one pod, until one of its pods has
// succeeded; with the last success the Job goes (ttlSecondsAfterFinished 0). A pod that is marked
// for deletion counts as failed at its mark, one that is lost when it is gone (podReplacementPolicy
// TerminatingOrFailed, algorithm 6.2), and is replaced by one of the same index and the next
// incarnation after a back-off of 10 s, doubling with each failure of that index up to 10 min, as
// with backoffLimitPerIndex. Not modelled yet: the second by which pod events are handled late,
// delays that end on whole seconds, batches, backoffLimit.
#pragma once

#include <cstdint>
#include <string>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "sim/workloads/pod_control.h"
#include "sim/workloads/workload_controller.h"

namespace casim::sim {

struct Job {
  Owner owner;  // the API object; its uid is the spec's owner_uid
  PodBlueprint pods;
  std::uint64_t completions = 1;
};

class JobController final : public WorkloadController {
 public:
  // All outlive the controller. The client of that configuration becomes its own.
  JobController(ApiServer& api, ApiClientConfig client, WorkloadObserver& observer);

  // Puts the API object; no pod yet. Requires: a new uid.
  void create(Job job);
  // The next of the Job's completions begins. Requires: one is left.
  void start_next(const std::string& uid);

  OwnerKind kind() const override { return OwnerKind::kJob; }

  void on_pod_changed(const Pod& pod) override;
  void on_pod_removed(const Pod& last) override;

 private:
  struct Progress {
    PodBlueprint pods;
    std::uint64_t completions = 0;
    std::uint64_t started = 0;
    std::uint64_t succeeded = 0;
  };

  // Looked up, never walked.
  using Jobs = boost::unordered_flat_map<std::string, Progress>;

  static WorkloadStatus status_of(const Progress& job);
  void fail(const Pod& pod);
  void succeed(Jobs::iterator job);

  ApiServer& api_;
  PodControl control_;
  WorkloadObserver& observer_;
  Jobs jobs_;                                      // unfinished ones, by uid
  boost::unordered_flat_set<PodId::rep> counted_;  // and not gone yet
};

}  // namespace casim::sim
