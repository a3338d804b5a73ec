// Plays workloads: creates each pod at its time through an API client, and replaces what is
// evicted, preempted or lost by a new pod with `replaces`, the next incarnation and the full run
// time. A ReplicaSet replaces at the deletion mark; a Job after its back-off of 10 s, doubling with
// each failure of the row up to 10 min (algorithm 6.2; whole seconds and the controllers' batches
// are not modelled yet). A pod that somebody deletes on purpose is not replaced.
// Learns of pods through its watch.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "sim/apiserver/api_server.h"
#include "sim/cluster/watch.h"
#include "sim/kernel/kernel.h"
#include "sim/load/burst.h"
#include "sim/load/pod_series.h"
#include "sim/load/trace_series.h"

namespace casim::sim {

struct LoadConfig {
  Duration watch_delay{};
  Duration job_backoff = std::chrono::seconds(10);
  Duration job_backoff_max = std::chrono::minutes(10);
};

// Pods that no node can ever hold. They are created all the same, and pend.
struct NeverFits {
  WorkloadId workload;
  std::string reason;
  std::uint64_t pods = 0;
  std::string first;  // name of the first of them
};

class Load final : public Watcher {
 public:
  // Why no node can ever hold such a pod; empty: one can.
  using WhyNeverFits = std::function<std::string(const PodSpec&)>;

  // Server and clients outlive the load. A controller's writes take turns in its client's bucket.
  Load(Kernel& kernel, ApiServer& api, ApiClient& job_controller, ApiClient& replica_set_controller,
       LoadConfig config, WhyNeverFits why_never_fits);
  ~Load() override;
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  // Before start(). Ids are dense, in order of adding.
  WorkloadId add(BurstSpec spec);
  WorkloadId add(TraceSpec spec);
  // One whose pods do not arrive: each is placed, before start().
  WorkloadId add_placed(BurstSpec spec);
  void place(WorkloadId workload, std::uint64_t index, NodeId node);

  void start();

  void on_watch(const WatchEvent& event) override;

  // --- what others ask
  // For the kubelet; nothing: for ever, or no pod of ours.
  std::optional<Duration> run_for(PodId pod) const;
  // Some node could hold it; also for a pod that is not ours.
  bool can_fit(PodId pod) const;

  std::string why_never_fits(PodId pod) const;  // empty: some node could hold it

  const std::vector<NeverFits>& never_fits() const { return never_fits_; }

  const std::string& name_of(WorkloadId workload) const;
  std::uint64_t size() const;  // pods without replacements
  bool has_arrived() const;    // all of them

  // The load is done while every pod that can fit has completed, or runs if it runs for ever.
  // kTimeNever: it is not. A pod that is lost later makes it undone again.
  TimePoint done_since() const { return done_since_; }

  // Called each time the load becomes done.
  void when_done(std::function<void()> callback) { when_done_ = std::move(callback); }

 private:
  struct Workload {
    std::string name;
    std::unique_ptr<PodSeries> series;
    ApiClient* controller = nullptr;
    std::vector<bool> fits;  // by shape
    std::uint64_t next = 0;  // position of the next arrival
  };

  WorkloadId add(std::string name, std::unique_ptr<PodSeries> series, ApiClient& controller);
  void note_never_fits(WorkloadId id);
  void arm(WorkloadId id);
  void arrive(WorkloadId id);
  NewPod pod_of(WorkloadId id, std::uint64_t index) const;
  void create(NewPod pod);
  void on_changed(const Pod& pod);
  void on_removed(const Pod& pod);
  void replace(const Pod& pod);
  void finish(const Workload& workload, std::uint64_t index);
  void settle(std::int64_t by);
  bool is_ours(PodId pod) const;
  const Workload& workload_of(PodId pod) const;

  Kernel& kernel_;
  ApiServer& api_;
  ApiClient& job_controller_;
  ApiClient& replica_set_controller_;
  LoadConfig config_;
  WhyNeverFits why_never_fits_;
  std::vector<Workload> workloads_;  // by id
  std::vector<NeverFits> never_fits_;
  // Looked up, never walked.
  boost::unordered_flat_set<PodId::rep> replaced_;  // marked for deletion and replaced already
  boost::unordered_flat_set<PodId::rep> endless_;   // run, and will for ever
  std::int64_t open_ = 0;  // pods that can fit and have not completed, or do not run for ever
  TimePoint done_since_ = kTimeNever;
  std::function<void()> when_done_;
};

}  // namespace casim::sim
