// What the Job controller knows of the pods of one Job: who is active, who has ended and is not
// counted yet, which indexes are to be done again and when. Knows no API and no clock of its own.
// Source: algorithm 6.2 [k8s:pkg/controller/job/job_controller.go, backoff_utils.go,
// indexed_job_utils.go].
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "sim/workloads/job_spec.h"

namespace casim::sim {

// An end of a pod that the status does not count yet: the pod still has its finalizer.
struct JobPodEnd {
  PodId pod;
  std::uint64_t index = 0;  // of the Job, from 0
  bool has_succeeded = false;
  WallTime at{};  // whole seconds
  bool is_in_record = false;
};

// Failures in a row, and when the last one was.
struct JobBackoff {
  std::uint64_t failures = 0;  // since the last success
  WallTime last{};             // whole seconds

  // How long no pod may be made yet.
  Duration remaining(WallTime now) const;
};

class JobPods {
 public:
  explicit JobPods(const PodBlueprint& pods) : first_index_(pods.first_index) {}

  // What a pod's event was to the Job.
  struct Seen {
    bool is_new = false;
    bool is_marked = false;  // for deletion, just now
    bool has_ended = false;  // just now
    bool is_other = false;   // Ready or not
  };

  Seen on_changed(const Pod& pod, const PodLife& life, const JobSpec& spec, WallTime now);
  Seen on_removed(const Pod& pod, const PodLife& life, const JobSpec& spec, WallTime now);

  std::uint64_t active() const { return active_; }

  std::uint64_t ready() const { return ready_; }

  std::uint64_t terminating() const { return terminating_; }

  std::vector<PodId> active_pods() const;  // oldest first

  // Ends that are not counted yet.
  std::vector<JobPodEnd>& ends() { return ends_; }

  // The Job lets go of an active pod: what becomes of it is none of its affair.
  void release(PodId pod);
  // It was deleted by the Job's end; the event will come.
  void on_deleted(PodId pod, const PodLife& life, const JobSpec& spec, WallTime now);
  // The Job has failed: who is about to end counts as failed, whatever its policy.
  void count_terminating(WallTime now);

  // The next pods to make, at most so many; with back-off per index only those whose time has come.
  // `fresh`: how many indexes may have been begun in all.
  struct Pick {
    std::vector<NewPod> pods;
    std::optional<Duration> wait;  // until one may be made, where none may yet
  };

  Pick pick(const PodBlueprint& pods, const JobSpec& spec, std::uint64_t count, std::uint64_t fresh,
            WallTime now);
  // It was refused, or never asked for.
  void put_back(const NewPod& pod);

  std::uint64_t failed_indexes() const { return failed_indexes_; }

 private:
  struct Known {
    std::uint64_t index = 0;
    bool is_active = true;
    bool is_ready = false;
    bool is_terminating = false;  // marked, and not ended yet
    bool is_mark_seen = false;
    bool is_released = false;  // without its finalizer
    bool is_ended = false;
    bool has_failed = false;  // and was noted
  };

  // An index whose pod is gone, to be done by another.
  struct Again {
    PodId replaces;
    std::uint32_t incarnation = 0;
    JobBackoff backoff;  // of this index
  };

  Known& known(PodId pod, const PodLife& life, Seen& seen);
  void leave_active(Known& pod);
  void mark(Known& pod, PodId id, const PodLife& life, const JobSpec& spec, WallTime at);
  void end(Known& mine, const Pod& pod, const PodLife& life, const JobSpec& spec, WallTime at);
  void note_later_end(const Known& mine, PodId pod, WallTime at);
  void fail(Known& pod, PodId id, const PodLife& life, const JobSpec& spec, WallTime at);
  void do_again(std::uint64_t index, PodId pod, const PodLife& life, JobBackoff backoff);

  std::uint64_t first_index_;
  std::uint64_t active_ = 0;
  std::uint64_t ready_ = 0;
  std::uint64_t terminating_ = 0;
  std::uint64_t failed_indexes_ = 0;
  std::uint64_t next_ = 0;       // the first index that was never begun
  std::map<PodId, Known> pods_;  // that are there; most Jobs of a load have one
  std::vector<JobPodEnd> ends_;
  std::map<std::uint64_t, Again> again_;                   // by index
  std::map<std::uint64_t, std::uint64_t> again_failures_;  // so far, of indexes done again
};

}  // namespace casim::sim
