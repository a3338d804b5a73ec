// The disruption controller: keeps the status of PodDisruptionBudgets, by which the API server lets
// pods be evicted or not. A budget is looked at when a pod that it selects or it itself has
// changed, one after the other; its status is written if it differs, in the controller's own token
// bucket, and anew when the budget has changed meanwhile.
//
// Healthy are Ready pods that are neither being deleted nor about to be: an allowed eviction counts
// as the latter for 2 min. How many there should be is what the pods' controllers want together
// (with minAvailable as a count: that count). Where that is not known, because a pod belongs to
// something without a scale, as a Job or DaemonSet, no disruption is allowed.
// Source: [k8s:pkg/controller/disruption/disruption.go].
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/apiserver/api_server.h"
#include "sim/cluster/watch.h"
#include "sim/controllers/disruption/disruption_index.h"
#include "sim/paths/queue/work_queue.h"
#include "sim/workloads/controller_events.h"

namespace casim::sim {

// The object that says how many pods there shall be: a Deployment, say, for those of its sets.
struct ControllerScale {
  std::string uid;
  std::int64_t replicas = 0;
};

// Of the controller that the pod belongs to; none: it has no scale.
using ScaleFinder = std::function<std::optional<ControllerScale>(const PodSpec& pod)>;

class DisruptionController final : public Watcher {
 public:
  // The API server outlives the controller, and its kernel runs no event after it. The client of
  // that configuration becomes its own.
  DisruptionController(ApiServer& api, ApiClientConfig client, ScaleFinder scale_of);
  DisruptionController(const DisruptionController&) = delete;
  DisruptionController& operator=(const DisruptionController&) = delete;

  // Budgets before the pods that they select, as a list has them. Their specs never change.
  void on_watch(const WatchEvent& event) override;

  const ApiClient& client() const { return client_; }

 private:
  using Key = WorkQueue::Key;

  // What a status is counted from.
  struct SeenPod {
    PodSpecPtr spec;
    bool is_healthy = false;  // Ready, and not being deleted
    bool is_terminating = false;
    std::vector<Key> budgets;
    std::uint32_t turns = 0;  // news of it so far
  };

  // Pods of one owner.
  struct OwnedPods {
    PodSpecPtr spec;  // of one of them
    std::int64_t count = 0;
  };

  struct Budget {
    std::string uid;
    PodDisruptionBudget seen;
    std::uint64_t writes = 0;
    std::int64_t pods = 0;
    std::int64_t healthy = 0;
    std::map<std::string, OwnedPods> owners;              // by uid; empty: without one
    boost::unordered_flat_map<std::string, PodId> names;  // looked up, never walked
    TimePoint recheck_at = kTimeNever;
    EventHandle recheck;
  };

  // What a sync has found.
  struct Finding {
    PodDisruptionBudget next;
    std::optional<WallTime> recheck;  // when an allowed eviction is no longer believed in
  };

  void on_budget(const PodDisruptionBudget& budget);
  void on_pod(const Pod& pod);
  void on_pod_gone(const Pod& pod);
  void count(const SeenPod& pod, std::int64_t by);
  void wake(const Pod& pod, SeenPod& seen);

  void sync(Key key);
  bool set_wanted(const Budget& of, PodDisruptionBudget& next);
  std::optional<std::int64_t> scale_of(const Budget& of);
  void set_counts(const Budget& of, Finding& finding);
  void write(Key key, Finding finding);
  void end_sync(Key key, const Finding& finding, bool ok);
  void recheck_at(Key key, WallTime at);

  WallTime now() const { return api_.kernel().wall(api_.kernel().now()); }

  ApiServer& api_;
  ApiClient& client_;
  ControllerEvents events_;
  ScaleFinder scale_of_;
  WorkQueue queue_;
  DisruptionIndex index_;
  std::map<Cluster::PdbKey, Key> keys_;
  std::vector<std::unique_ptr<Budget>> budgets_;         // by key
  boost::unordered_flat_map<PodId::rep, SeenPod> pods_;  // selected ones; never walked
};

}  // namespace casim::sim
