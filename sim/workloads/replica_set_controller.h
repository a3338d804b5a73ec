// The ReplicaSet controller: keeps as many active pods of each set as it wants, whatever happens to
// them (algorithm 6.2). A pod that is marked for deletion, has finished or is gone is replaced at
// once by one of the same index and the next incarnation; terminating pods do not count. Surplus
// pods are deleted in upstream's order (deletion_order.h), and their indexes are not used again.
// It does not delete before it has seen the pods that it created, which could be among those to go.
// Not modelled yet: the batches of 1, 2, 4, ... pods and the cap of 500 a sync.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/workloads/deletion_order.h"
#include "sim/workloads/pod_control.h"
#include "sim/workloads/workload_controller.h"
#include "src/core/random.h"

namespace casim::sim {

struct ReplicaSet {
  Owner owner;  // the API object; its uid is the spec's owner_uid
  PodBlueprint pods;
  std::uint64_t replicas = 0;  // wanted from the start
};

class ReplicaSetController final : public WorkloadController {
 public:
  // All outlive the controller. The client of that configuration becomes its own.
  ReplicaSetController(ApiServer& api, ApiClientConfig client, const Random& random,
                       WorkloadObserver& observer);

  // Puts the API object and works for it from then on. Pods of its owner that are listed at the
  // start are taken over. Requires: a new uid.
  void create(ReplicaSet set);
  // How many pods the set shall have. Requires: the set has been created.
  void scale(const std::string& uid, std::uint64_t replicas);

  std::uint64_t ready() const { return ready_; }  // active pods that run, of all sets

  OwnerKind kind() const override { return OwnerKind::kReplicaSet; }

  void on_listed() override;
  void on_pod_changed(const Pod& pod) override;
  void on_pod_removed(const Pod& last) override;

 private:
  struct ActivePod {
    NodeId node;
    WallTime created{};                   // whole seconds
    std::optional<WallTime> ready_since;  // likewise
    bool is_surplus = false;              // its deletion has been sent
  };

  struct Set {
    PodBlueprint pods;
    std::uint64_t replicas = 0;
    std::uint64_t next = 0;     // number of the next pod that replaces none
    std::uint64_t pending = 0;  // created by us and not seen yet
    std::uint64_t surplus = 0;  // active pods whose deletion has been sent
    std::uint64_t ready = 0;    // active pods that run
    // Not seen marked for deletion. Walked only to choose among them, in an order of their own.
    boost::unordered_flat_map<PodId::rep, ActivePod> active;
  };

  static WorkloadStatus status_of(const Set& set);
  static std::uint64_t staying(const Set& set);  // pods that are there or on their way, to stay
  Set* set_of(const Pod& pod);                   // null: of none of ours
  void resize(Set& set, std::uint64_t replicas);
  void sync(Set& set);
  void lose(const Pod& pod);
  void create_pod(Set& set, NewPod pod);
  void delete_surplus(Set& set, std::uint64_t count);
  DeletionCandidate candidate(PodId id, const ActivePod& pod, std::uint64_t on_node) const;
  WallTime now() const;

  ApiServer& api_;
  PodControl control_;
  const Random& random_;
  WorkloadObserver& observer_;
  std::map<std::string, Set> sets_;  // by uid
  std::uint64_t ready_ = 0;
  bool is_listed_ = false;
};

}  // namespace casim::sim
