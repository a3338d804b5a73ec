// The StatefulSet controller: pods with ordinals, made, deleted and replaced in the order of
// stateful_set_plan.h. A pod that is gone is made again under its ordinal, as the next incarnation;
// a terminating one has to be gone first.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/cluster/int_or_percent.h"
#include "sim/paths/queue/work_queue.h"
#include "sim/workloads/pod_control.h"
#include "sim/workloads/slow_start.h"
#include "sim/workloads/stateful_set_plan.h"
#include "sim/workloads/volume_claims.h"
#include "sim/workloads/workload_controller.h"

namespace casim::sim {

struct StatefulSet {
  Owner owner;
  WorkloadId workload;
  std::string revision = "1";
  PodSpec pod;  // the template; the owner is set by the controller
  std::uint64_t replicas = 0;
  bool parallel = false;  // podManagementPolicy Parallel, else OrderedReady
  std::uint64_t partition = 0;
  Duration min_ready{};
  // maxUnavailable of a rollout, rounded down, at least 1; none: the release does not know it.
  std::optional<IntOrPercent> max_unavailable{};
  std::vector<VolumeClaimTemplate> claims{};  // of each pod; they outlive it
};

struct StatefulSetStatus {
  std::uint64_t observed_generation = 0;
  std::uint64_t replicas = 0;
  std::uint64_t ready = 0;
  std::uint64_t available = 0;
  std::uint64_t current = 0;
  std::uint64_t updated = 0;
  std::string current_revision;
  std::string revision;

  bool operator==(const StatefulSetStatus&) const = default;
};

class StatefulSetController final : public WorkloadController {
 public:
  // All outlive the controller. The client of that configuration becomes its own.
  StatefulSetController(ApiServer& api, ApiClientConfig client, WorkloadObserver& observer);

  // Puts the API object and works for it from then on. Requires: a new uid.
  void create(StatefulSet set);
  // Requires: the set is there, as for the following.
  void scale(const std::string& uid, std::uint64_t replicas);
  void set_template(const std::string& uid, std::string revision, PodSpec pod);

  const StatefulSetStatus& status(const std::string& uid) const;

  std::uint64_t ready() const { return ready_; }  // pods that are Ready, of all sets

  OwnerKind kind() const override { return OwnerKind::kStatefulSet; }

  void on_listed() override;
  void on_pod_changed(const Pod& pod) override;
  void on_pod_removed(const Pod& last) override;

 private:
  using Key = WorkQueue::Key;

  struct SeenPod {
    StatefulPod pod;
    std::optional<WallTime> ready_since;
  };

  struct Set {
    Key key = 0;
    StatefulSet spec;
    std::uint64_t generation = 1;
    std::uint64_t version = 1;
    std::uint64_t writes = 0;
    StatefulSetStatus status;
    std::map<std::string, PodSpecPtr> templates;  // by revision
    std::string recorded;                         // the revision that was written last
    std::map<std::uint64_t, SeenPod> pods;        // by ordinal
    std::map<std::uint64_t, PodId> last;          // pod that each ordinal had
    std::uint64_t served = 0;                     // Ready pods of the newest revision
  };

  // A sync under way.
  struct Syncing {
    Set& set;
    std::uint64_t version = 0;
    StatefulPlan plan;
    StatefulSetStatus status;
  };

  using SyncingPtr = std::shared_ptr<Syncing>;

  Set* set_of(const std::string& uid);
  void add_template(Set& set, PodSpec pod);
  void note(Set& set);
  // What the pod of that ordinal is made by: the template, with the claims of its own, which are
  // there from then on.
  PodSpecPtr spec_of(const Set& set, const StatefulWrite& write);
  void put(Set& set);
  StatefulSetView view_of(const Set& set) const;
  StatefulSetStatus seen_status(const Set& set, const StatefulSetView& view) const;
  bool is_available(const Set& set, const SeenPod& pod) const;

  void sync(Key key);
  void begin(Set& set);
  void write_all(const SyncingPtr& syncing, const std::vector<std::optional<StatefulWrite>>& writes,
                 std::function<void(bool ok)> done);
  void write(Set& set, const StatefulWrite& write, std::function<void(bool ok)> done);
  void replace_outdated(const SyncingPtr& syncing, std::size_t next);
  void write_status(const SyncingPtr& syncing, bool ok, bool is_last_try);
  void end_sync(Set& set, bool ok);

  WallTime now() const { return api_.kernel().wall(api_.kernel().now()); }

  ApiServer& api_;
  PodControl control_;
  WorkloadObserver& observer_;
  std::vector<std::unique_ptr<Set>> sets_;  // by key
  std::map<std::string, Key> keys_;         // by uid
  WorkQueue queue_;
  std::uint64_t ready_ = 0;
  bool is_listed_ = false;
};

}  // namespace casim::sim
