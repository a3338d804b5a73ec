// The pods that HPAs look at, by workload: who there is, and since when each is Ready or not. Hears
// of every pod through the informers, keeps those of the workloads it was told to watch.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "sim/apiserver/api_server.h"
#include "sim/cluster/watch.h"
#include "sim/workloads/hpa/replica_calculator.h"

namespace casim::sim {

// What a pod requests of the metric's resource, in thousandths; 0 for other metrics.
std::int64_t request_of(const Resources& requests, HpaMetric::Source metric);

class HpaPods final : public Watcher {
 public:
  // Told after each change of how many pods of the workload are Ready and stay.
  using ReadyChanged = std::function<void(WorkloadId)>;

  explicit HpaPods(ApiServer& api) : api_(api) {}  // which outlives this

  // Requires: it has no pods yet.
  void watch(WorkloadId workload) { watched_[workload]; }

  void when_ready_changed(ReadyChanged callback) { changed_ = std::move(callback); }

  void on_watch(const WatchEvent& event) override;

  std::vector<PodId> of(WorkloadId workload) const;  // oldest first
  // As the replica calculator takes them, without samples; `metric` says whose request.
  std::vector<HpaPod> seen(WorkloadId workload, HpaMetric::Source metric) const;
  std::int64_t ready(WorkloadId workload) const;  // Ready, not being deleted
  std::optional<TimePoint> ready_since(WorkloadId workload, PodId pod) const;  // exact

 private:
  struct Seen {
    PodId pod;
    bool is_ready = false;
    bool is_serving = false;  // Ready, and not being deleted
    std::optional<WallTime> changed{};
    TimePoint ready_since{};
  };

  struct Watched {
    std::vector<Seen> pods;  // by id, which is by age
    std::int64_t ready = 0;  // Ready, not being deleted
  };

  void note(Watched& watched, const Pod& pod) const;
  static void forget(Watched& watched, PodId pod);
  HpaPod view(const Seen& seen, HpaMetric::Source metric) const;

  ApiServer& api_;
  std::map<WorkloadId, Watched> watched_;
  ReadyChanged changed_;
};

}  // namespace casim::sim
