// The ReplicaSet controller: keeps as many active pods of each set as it wants, whatever happens to
// them (algorithm 6.2). A pod that is marked for deletion, has finished or is gone is replaced at
// once by one of the same index and the next incarnation; terminating pods do not count. A sync
// creates at most 500 pods, in batches of 1, 2, 4, ..., or deletes at most 500 at once, in
// upstream's order (deletion_order.h); indexes of deleted pods are not used again. It does neither
// before it has seen what it did last. Each sync ends with a write of the status if that changed.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "sim/paths/queue/work_queue.h"
#include "sim/workloads/deletion_order.h"
#include "sim/workloads/expectations.h"
#include "sim/workloads/pod_control.h"
#include "sim/workloads/slow_start.h"
#include "sim/workloads/workload_controller.h"

namespace casim::sim {

struct ReplicaSet {
  Owner owner;  // the API object; its uid is the spec's owner_uid
  PodBlueprint pods;
  std::uint64_t replicas = 0;  // wanted from the start
  Duration min_ready{};        // minReadySeconds
  // Uid of its Deployment; empty: none. Sets of one share their indexes, and choose the pods to
  // delete with a look at each other's.
  std::string controller{};
};

// What the controller has written of a set.
struct ReplicaSetStatus {
  std::uint64_t replicas = 0;
  std::uint64_t ready = 0;
  std::uint64_t available = 0;    // Ready for minReadySeconds
  std::uint64_t terminating = 0;  // from 1.35 [k8s: DeploymentReplicaSetTerminatingReplicas]
  std::uint64_t observed_generation = 0;
  bool failed = false;  // condition ReplicaFailure: pods could not be created

  bool operator==(const ReplicaSetStatus&) const = default;
};

// A set as its Deployment sees it.
struct ReplicaSetState {
  std::uint64_t replicas = 0;
  std::uint64_t generation = 1;  // of the spec
  std::uint64_t version = 1;     // of the object
  ReplicaSetStatus status;
};

class ReplicaSetController final : public WorkloadController {
 public:
  // All outlive the controller. The client of that configuration becomes its own. The observer is
  // told of sets without a Deployment.
  ReplicaSetController(ApiServer& api, ApiClientConfig client, WorkloadObserver& observer);

  // Told the uid of the Deployment when a set of it has changed, or its last pod is gone. At most
  // one listens.
  void when_changed(std::function<void(const std::string&)> listener) {
    changed_ = std::move(listener);
  }

  // Puts the API object and works for it from then on. Pods of its owner that are listed at the
  // start are taken over. Requires: a new uid.
  void create(ReplicaSet set);
  // How many pods the set shall have. Requires: the set is there, as for the following.
  void scale(const std::string& uid, std::uint64_t replicas);
  void annotate(const std::string& uid);  // the object changes, and nothing that it does
  void remove(const std::string& uid);    // Requires: it has no pods

  const ReplicaSetState& state(const std::string& uid) const;
  std::uint64_t pods(const std::string& uid) const;  // unfinished, terminating ones too

  // Uid of its Deployment; empty: none, or there is no such set.
  std::string deployment_of(const std::string& uid) const;

  std::uint64_t ready() const { return ready_; }  // active pods that are Ready, of all sets

  OwnerKind kind() const override { return OwnerKind::kReplicaSet; }

  void on_listed() override;
  void on_pod_changed(const Pod& pod) override;
  void on_pod_removed(const Pod& last) override;

 private:
  using Key = WorkQueue::Key;

  struct ActivePod {
    NodeId node;
    bool running = false;
    std::optional<WallTime> ready_since;  // whole seconds
    bool is_surplus = false;              // its deletion has been sent
  };

  struct Set;

  // Sets of one Deployment, or the one without.
  struct Family {
    std::vector<const Set*> sets;
    std::uint64_t next = 0;  // number of the next pod that replaces none
  };

  struct Set {
    Key key = 0;
    Owner owner;
    PodBlueprint pods;
    Duration min_ready{};
    std::string controller;
    Family* family = nullptr;
    ReplicaSetState state;
    std::uint64_t writes = 0;
    Expectations expected;
    std::uint64_t ready = 0;  // active pods
    // Not seen marked for deletion. Walked only to choose among them, in an order of their own, and
    // to count.
    boost::unordered_flat_map<PodId::rep, ActivePod> active;
    boost::unordered_flat_set<PodId::rep> terminating;
    std::deque<NewPod> vacant;  // what takes the place of pods that were lost
    bool has_failed = false;    // its last sync
    bool is_removed = false;
  };

  // A sync under way: what it saw when it began.
  struct Syncing {
    Key key = 0;
    std::uint64_t version = 0;
    ReplicaSetStatus status;
  };

  static WorkloadStatus status_of(const Set& set);
  Set* set_of(const Pod& pod);  // null: of none of ours
  Set& set_of(const std::string& uid);
  void note_active(Set& set, const Pod& pod);
  void lose(Set& set, const Pod& pod, bool is_terminating);
  void tell(const Set& set, const WorkloadStatus& before);
  void put(Set& set);

  void sync(Key key);
  ReplicaSetStatus seen_status(const Set& set) const;
  void create_pods(const Syncing& syncing);
  void create_pod(Set& set, SlowStartAnswer answer);
  void delete_surplus(const Syncing& syncing);
  void write_status(Syncing syncing, bool ok, bool is_last_try);
  void end_sync(Key key, bool ok);
  std::vector<DeletionCandidate> candidates(const Set& set) const;
  WallTime now() const;

  ApiServer& api_;
  PodControl control_;
  WorkloadObserver& observer_;
  std::function<void(const std::string&)> changed_;
  std::vector<std::unique_ptr<Set>> sets_;                   // by key
  boost::unordered_flat_map<std::string, Key> keys_;         // by uid; looked up, never walked
  std::map<std::string, std::unique_ptr<Family>> families_;  // by uid of Deployment or set
  WorkQueue queue_;
  std::uint64_t ready_ = 0;
  bool is_listed_ = false;
};

}  // namespace casim::sim
