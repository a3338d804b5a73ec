// The DaemonSet controller: one pod on each eligible node, made when the node becomes so and bound
// by the scheduler, which the pod's target node allows no other. A pod is replaced when it is gone.
// A sync makes at most 250 pods, in batches of 1, 2, 4, ..., and deletes at most 250 at once; it
// does neither before it has seen what it did last.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/cluster/int_or_percent.h"
#include "sim/paths/queue/work_queue.h"
#include "sim/workloads/daemon_nodes.h"
#include "sim/workloads/expectations.h"
#include "sim/workloads/pod_control.h"
#include "sim/workloads/slow_start.h"
#include "sim/workloads/workload_controller.h"
#include "src/core/random.h"

namespace casim::sim {

struct DaemonSet {
  Owner owner;
  WorkloadId workload;
  std::string revision = "1";
  PodSpec pod;  // the template; owner and tolerations are completed by the controller
  IntOrPercent max_unavailable = IntOrPercent::of(1);  // of a rollout, rounded up
  IntOrPercent max_surge = IntOrPercent::of(0);        // likewise
};

class DaemonSetController final : public WorkloadController, public Watcher {
 public:
  // All outlive the controller. The client of that configuration becomes its own.
  DaemonSetController(ApiServer& api, ApiClientConfig client, const Random& random);

  // Puts the API object and works for it from then on. Requires: a new uid.
  void create(DaemonSet set);
  // Requires: the set is there.
  void set_template(const std::string& uid, std::string revision, PodSpec pod);

  const DaemonSetStatus& status(const std::string& uid) const;

  std::uint64_t ready() const;  // pods that are Ready, of all sets

  OwnerKind kind() const override { return OwnerKind::kDaemonSet; }

  // Hears of nodes as a Watcher, of its pods as a WorkloadController.
  void on_watch(const WatchEvent& event) override;
  void on_listed() override;
  void on_pod_changed(const Pod& pod) override;
  void on_pod_removed(const Pod& last) override;

 private:
  using Key = WorkQueue::Key;

  // After a failed pod on a node.
  struct Backoff {
    Duration delay{};
    TimePoint last{};
  };

  struct Set {
    Key key = 0;
    DaemonSet spec;
    PodSpecPtr pod;  // of the newest revision
    std::uint64_t generation = 1;
    std::uint64_t version = 1;
    std::uint64_t writes = 0;
    DaemonSetStatus status;
    std::string recorded;  // the revision that was written last
    DaemonNodes nodes;
    Expectations expected;
    std::map<std::string, Backoff> backoffs;        // by node
    std::map<std::string, PodId> last;              // pod that each node had
    std::map<std::string, std::uint64_t> index_of;  // of a node's pods
  };

  Set* set_of(const std::string& uid);
  void set_pod(Set& set, PodSpec pod);
  void put(Set& set);
  void note_node(Set& set, const Node& node);
  static std::string node_of(const Pod& pod);
  bool may_delete_failed(Set& set, const std::string& node);

  void sync(Key key);
  void manage(Set& set);
  void roll(Set& set);
  void write_pods(Set& set, DaemonWrites writes, std::function<void(bool ok)> done);
  void create_pod(Set& set, const std::string& node, SlowStartAnswer answer);
  void remove_pod(Set& set, PodId pod, SlowStartAnswer answer);
  void write_status(Set& set, bool ok, bool is_last_try, std::uint64_t version);

  ApiServer& api_;
  PodControl control_;
  const Random& random_;
  std::vector<std::unique_ptr<Set>> sets_;  // by key
  std::map<std::string, Key> keys_;         // by uid
  std::map<std::string, NodePtr> nodes_;    // by name
  WorkQueue queue_;
  bool is_listed_ = false;
};

}  // namespace casim::sim
