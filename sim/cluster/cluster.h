// The authoritative state of the world's pods, nodes, owners and disruption budgets. State and
// invariants only: no policy, no time, no rates (those are the API server's). Sized for 100,000
// nodes and millions of pods: ids are dense, pods of one workload share one spec, and of a finished
// pod only its PodLife is kept.
//
// Invariants, checked where they could break and as a whole by broken_invariant():
//   - created = pending + starting + running + completed + deleted + evicted + preempted + lost;
//   - a node's requests are the sum of its pods' requests, and at most its allocatable (unless that
//     was ever lowered);
//   - a bound, unfinished pod stands in exactly one node's list.
#pragma once

#include <cassert>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/container/deque.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/cluster/objects.h"
#include "sim/cluster/pod_tally.h"
#include "src/core/time.h"

namespace casim::sim {

// "web-7", and "web-7-r2" for the second pod that takes its place.
std::string pod_name(const std::string& prefix, std::uint64_t index, std::uint32_t incarnation);

// What a controller hands in. A pod is known by (workload, index, incarnation): random draws and
// results are keyed by that, never by its id.
struct NewPod {
  PodSpecPtr spec;
  std::string name;       // empty: <name_prefix>-<index>, with -r<incarnation> for a replacement
  std::uint64_t uid = 0;  // 0: drawn by the API server
  WorkloadId workload;
  std::uint64_t index = 0;        // row or ordinal in its workload
  PodId replaces;                 // the pod whose work it takes over, if any
  std::uint32_t incarnation = 0;  // how many pods of this index came before
  TimePoint created{};            // set by the API server
  std::string target_node;        // Pod::target_node
  bool gated = false;
};

enum class PodPhase : std::uint8_t { kPending, kStarting, kRunning, kEnded };

// All that outlives a pod.
struct PodLife {
  std::uint64_t index = 0;
  WorkloadId workload;
  PodId replaces;
  std::uint32_t incarnation = 0;
  NodeId node;                      // where it is or was
  std::uint32_t slot = UINT32_MAX;  // of the live object
  PodPhase phase = PodPhase::kPending;
  PodEnd end = PodEnd::kCompleted;  // with kEnded, or once its deletion has begun
};

static_assert(sizeof(PodLife) <= 128, "design section 3: at most 128 bytes per finished pod");

class Cluster {
 public:
  // --- pods
  PodId create_pod(NewPod pod, WallTime stamp);
  // Requires: the pod is pending, the node exists and has room. An overcommitted node is our bug.
  void bind(PodId pod, NodeId node, std::optional<WallTime> start_time = {});
  // The pod runs, and is Ready since then if that is given.
  void start(PodId pod, std::optional<WallTime> ready_since = {});
  void begin_deletion(PodId pod, PodEnd how, WallTime deletion_timestamp);
  void end(PodId pod, PodEnd how);  // drops the live object

  // Edits a live pod in place, as one write. Not for node, running, deletion_timestamp: see above.
  template <class Change>
  const Pod& edit_pod(PodId id, Change change) {
    Pod& pod = live(id).pod;
    change(pod);
    pod.resource_version = ++version_;
    ++live(id).writes;
    return pod;
  }

  // The claims of an unfinished pod have volumes: no write to the pod itself. What it requests
  // stays.
  void set_spec(PodId id, PodSpecPtr spec) { live(id).pod.spec = std::move(spec); }

  const Pod* find_pod(PodId pod) const;      // null: finished, or never created
  const Pod& pod(PodId pod) const;           // Requires: unfinished
  const PodLife& life(PodId pod) const;      // Requires: created
  std::uint32_t writes_of(PodId pod) const;  // to a live pod, its creation not counted

  std::size_t pods_created() const { return lives_.size(); }

  const PodTally& tally() const { return tally_; }

  template <class Visit>
  void for_each_pod(Visit visit) const {  // unfinished ones, by id
    for (const PodLife& life : lives_) {
      if (life.phase != PodPhase::kEnded) visit(live_[life.slot].pod);
    }
  }

  // --- nodes
  NodeId create_node(Node node, WallTime stamp);  // Requires: the name is free
  // Puts a new version in the place of the old one; id, name and stamp stay.
  const NodePtr& update_node(NodeId id, Node next);
  // The object goes; its pods stay until they are ended one by one.
  void remove_node(NodeId id);

  const NodePtr& node(NodeId id) const;  // null: gone
  NodeId find_node(const std::string& name) const;
  const Resources& requested(NodeId id) const;
  const std::vector<PodId>& pods_on(NodeId id) const;  // in order of binding; also of a gone node
  std::uint32_t writes_of(NodeId id) const;

  std::size_t node_count() const { return names_.size(); }

  std::size_t nodes_created() const { return nodes_.size(); }

  template <class Visit>
  void for_each_node(Visit visit) const {  // by id, which is by age
    for (const NodeSlot& slot : nodes_) {
      if (slot.object) visit(slot.object);
    }
  }

  // --- owners and budgets
  void put_owner(Owner owner) { owners_.insert_or_assign(owner.uid, std::move(owner)); }

  void remove_owner(const std::string& uid) { owners_.erase(uid); }

  // Null: unknown.
  const Owner* find_owner(const std::string& uid) const {
    const auto entry = owners_.find(uid);
    return entry == owners_.end() ? nullptr : &entry->second;
  }

  std::vector<const Owner*> owners() const;  // by uid

  using PdbKey = std::pair<std::string, std::string>;           // namespace, name
  const PodDisruptionBudget& put_pdb(PodDisruptionBudget pdb);  // as its newest version

  const std::map<PdbKey, PodDisruptionBudget>& pdbs() const { return pdbs_; }

  std::uint64_t version() const { return version_; }

  // What does not hold; none if all does. Looks at everything: for tests and checked runs.
  std::optional<std::string> broken_invariant() const;
  std::optional<std::string> broken_invariant(NodeId node) const;  // of one node and its pods

 private:
  struct LivePod {
    Pod pod;
    std::uint32_t writes = 0;
  };

  struct NodeSlot {
    NodePtr object;
    Resources requested;
    std::vector<PodId> pods;
    std::uint32_t writes = 0;
    bool lowered = false;  // allocatable was lowered once: an overcommit is not ours
  };

  // Blocks of 1,000 records instead of the 512 bytes of std::deque.
  using Lives = boost::container::deque<
      PodLife, void, boost::container::deque_options_t<boost::container::block_size<1000>>>;

  LivePod& live(PodId id);
  NodeSlot& slot(NodeId id);
  const NodeSlot& slot(NodeId id) const;
  void count(PodPhase phase, PodEnd end, std::int64_t by);
  void leave_node(PodId id, NodeId node, const Resources& requests);

  Lives lives_;               // by PodId
  std::deque<LivePod> live_;  // by PodLife::slot; addresses hold
  std::vector<std::uint32_t> free_slots_;
  std::vector<NodeSlot> nodes_;                           // by NodeId; ids are not used again
  boost::unordered_flat_map<std::string, NodeId> names_;  // lookups only, never iterated
  boost::unordered_flat_map<std::string, Owner> owners_;  // by uid; walked only to be sorted
  std::map<PdbKey, PodDisruptionBudget> pdbs_;
  PodTally tally_;
  std::uint64_t version_ = 0;
};

}  // namespace casim::sim
