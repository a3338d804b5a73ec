// A DaemonSet's nodes and its pods on them, and what is to be done about each node. Keeps its
// counts up to date node by node, so that a sync looks only at the nodes where something happened,
// unless a rollout is under way.
// Source: [k8s:pkg/controller/daemon/daemon_controller.go] podsShouldBeOnNode, [update.go]
// rollingUpdate; algorithm 6.2.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/cluster/objects.h"
#include "sim/workloads/daemon_eligibility.h"

namespace casim::sim {

struct DaemonPod {
  PodId id;
  bool updated = false;  // of the newest revision
  bool ready = false;    // and available: minReadySeconds is 0
  bool bound = false;
  bool terminating = false;
  bool failed = false;
  bool succeeded = false;
};

struct DaemonSetStatus {
  std::uint64_t observed_generation = 0;
  std::int64_t desired = 0;  // nodes that shall have a pod
  std::int64_t current = 0;  // and have one
  std::int64_t misscheduled = 0;
  std::int64_t ready = 0;
  std::int64_t updated = 0;

  bool operator==(const DaemonSetStatus&) const = default;
};

// Nodes to make pods for, and pods to delete.
struct DaemonWrites {
  std::vector<std::string> create;
  std::vector<PodId> remove;

  bool empty() const { return create.empty() && remove.empty(); }
};

class DaemonNodes {
 public:
  // Tells whether a failed pod of that node may be deleted now; if not, it asks for another look.
  using MayDelete = std::function<bool(const std::string& node)>;

  bool put_node(const std::string& name, DaemonEligibility eligibility);  // false: nothing new
  void remove_node(const std::string& name);
  void put_pod(const std::string& node, const DaemonPod& pod);
  void remove_pod(const std::string& node, PodId pod);
  // All pods are of an old template now but those that the predicate knows.
  void set_updated(const std::function<bool(PodId)>& is_updated);

  void look_at(const std::string& node) { changed_.insert(node); }

  // What is to be done on the nodes that have changed, at most `most` pods made and as many
  // deleted; the rest is for the next time.
  DaemonWrites manage(bool allows_surge, std::size_t most, const MayDelete& may_delete);
  // What a rollout goes on with. `order`: in which nodes are chosen.
  DaemonWrites roll(std::int64_t max_surge, std::int64_t max_unavailable,
                    const std::function<std::uint64_t(const std::string&)>& order) const;

  const DaemonSetStatus& counts() const { return counts_; }

  std::int64_t old_pods() const { return old_pods_; }  // of an old template, not terminating

  std::int64_t ready_pods() const { return ready_pods_; }

 private:
  struct Entry {
    bool exists = false;  // the node
    DaemonEligibility eligibility;
    std::vector<DaemonPod> pods;  // in order of creation
  };

  // The one pod of each kind that stays; ok: there is not more than one of either.
  struct Pair {
    const DaemonPod* fresh = nullptr;
    const DaemonPod* old = nullptr;
    bool ok = true;
  };

  template <class Change>
  void edit(const std::string& node, Change change);
  void count(const Entry& entry, int sign);
  void manage_node(const std::string& name, const Entry& entry, bool allows_surge,
                   const MayDelete& may_delete, DaemonWrites& out) const;
  static void prune_surge(const std::vector<const DaemonPod*>& running, DaemonWrites& out);
  static Pair pair_on(const Entry& entry);

  std::map<std::string, Entry> entries_;  // by name of node
  std::set<std::string> changed_;
  DaemonSetStatus counts_;
  std::int64_t old_pods_ = 0;
  std::int64_t ready_pods_ = 0;
};

}  // namespace casim::sim
