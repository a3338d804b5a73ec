// The simulated cluster of one loop: nodes in order of addition, forks that revert or commit, and
// the cursor of node scans, which outlives the loop. Source: autoscaler-algorithm.md 2.8.
//
// Nodes have slots, which stay valid until the next reset. A node that is replaced keeps its place
// in the list. By name, the list order is that of addition. Upstream keeps what was added since the
// last fork in a hash map, and lists it anew after each placement: a seeded policy draws that part
// of the order for each scan, while what lies below the fork keeps the order it had. A scan draws
// no further than it looks, place by place: few of many nodes, as a rule. Draws hang on the loop,
// on what each fork is for, and on how many scans came before in the fork: those of one fork move
// none of another.
// A fork costs nothing, its reversal what was changed.
#pragma once

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sim/autoscaler/order/order_policy.h"
#include "sim/autoscaler/simulator/node_info.h"
#include "src/core/id.h"
#include "src/core/random.h"

namespace casim::sim {

// Where a node of the snapshot is kept.
using Slot = std::uint32_t;

// Upstream's ClusterSnapshot with its delta store.
class Snapshot {
 public:
  Snapshot() = default;  // with orders by name

  explicit Snapshot(const OrderPolicy& policy)
      : policy_(policy.kind() == OrderPolicy::Kind::kSeeded ? &policy : nullptr) {}

  // A new loop's cluster. Nodes are shared with the caller and copied when they change.
  void reset(std::vector<NodeInfoPtr> nodes, LoopId by = LoopId());

  // Lets go of the nodes of the last loop: until the next reset there are none.
  void clear();

  // How many nodes there are.
  std::size_t size() const { return order_.size(); }

  // Valid until the node changes. Requires: the slot is in the snapshot.
  const NodeInfo& info(Slot slot) const { return *slots_[slot]; }

  // Slots in list order.
  const std::vector<Slot>& order() const {
    shuffle_in();
    return order_;
  }

  // Nodes in list order.
  std::vector<NodePtr> nodes() const;

  // How many slots there are, also of nodes that were removed.
  std::size_t slots() const { return slots_.size(); }

  // None: no node has that name.
  std::optional<Slot> find(std::string_view name) const;

  // Of the node's name, which an id tells without a look at it.
  std::optional<Slot> find(const Node& node) const {
    const std::optional<Slot> slot = node.id ? find(node.id) : std::nullopt;
    return slot ? slot : find(node.name);
  }

  // `purpose`: what is tried in it, which tells its draws from those of other forks: a node's name.
  void fork(std::string_view purpose = {});
  // Undoes, or keeps, what was done since the last fork that is open. Requires: there is one.
  void revert();
  void commit();

  // Requires: no node has its name.
  Slot add(NodeInfoPtr node);
  // Not to be found by name: one of many copies of a template.
  Slot add_unnamed(NodeInfoPtr node);
  void remove(Slot slot);
  // Another node in the same place, under the same name.
  void replace(Slot slot, NodeInfoPtr node);
  // Puts the pod on the node, whether it fits or not.
  void place(Slot slot, PodPtr pod);

  // Pods with required anti-affinity, over all nodes: without any, placing needs no look around.
  int anti_affinity_pods() const { return anti_affinity_pods_; }

  // What a scan does to the order and to later draws that nothing fits: for a caller who knows.
  void scan_in_vain();

  // The scan of 2.8: circular from behind the last success. `fits` says yes or no; on success the
  // cursor moves there.
  template <class Fits>
  std::optional<Slot> scan(Fits&& fits) {
    const std::size_t count = order_.size();
    if (count == 0) return std::nullopt;
    shuffle_in();
    // One behind the last success, also at the very start (the cursor's offset is 1).
    const std::size_t start = (1 + cursor_) % count;
    Shuffle shuffle = begin_scan();
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t index = start + i < count ? start + i : start + i - count;
      const Slot slot = index < shuffle.from ? order_[index] : draw(shuffle);
      if (!fits(slot, *slots_[slot])) continue;
      cursor_ = index;
      return slot;
    }
    return std::nullopt;
  }

 private:
  struct Fork {
    std::size_t steps;    // length of undo_
    std::size_t nodes;    // how many nodes of the list lie below it
    Random draws;         // those of what lies below it,
    std::uint64_t scans;  // and how many scans have drawn from them
  };

  // One scan's way through the part of the list whose order is drawn: from..end. Those that it has
  // visited stand first.
  struct Shuffle {
    std::size_t from;
    Draws draws;
    std::size_t visited = 0;
  };

  struct Placed {
    Slot slot;
  };

  struct Replaced {
    Slot slot;
    std::shared_ptr<NodeInfo> before;
  };

  struct Added {
    Slot slot;
    bool named;
  };

  struct Removed {
    Slot slot;
    std::size_t index;
    std::size_t depth;  // the first fork that it lay below
  };

  using Undo = std::variant<Placed, Replaced, Added, Removed>;

  struct NameHash {
    using is_transparent = void;

    std::size_t operator()(std::string_view name) const {
      return boost::hash<std::string_view>()(name);
    }
  };

  template <class T>
  using ByName = boost::unordered_flat_map<std::string, T, NameHash, std::equal_to<>>;

  // Where the node of an id is, if it is in the snapshot of that reset.
  struct Place {
    Slot slot = 0;
    std::uint32_t reset = 0;
    bool is_named = false;  // ids_ has its name
  };

  std::size_t depth_below(std::size_t index) const;

  std::size_t first_added() const { return forks_.empty() ? 0 : forks_.back().nodes; }

  Shuffle begin_scan();

  // The next to visit, of those that are left. Wherever the cursor stands: any is as likely.
  Slot draw(Shuffle& shuffle) {
    const std::size_t next = shuffle.from + shuffle.visited;
    const std::uint64_t other = shuffle.draws.index(shuffle.visited++, order_.size() - next);
    std::swap(order_[next], order_[next + other]);
    return order_[next];
  }

  // Any place among those added since the fork is as likely as any other, for the node at `index`
  // that is the newest of them.
  void shuffle_in(const Random& draws, std::size_t index, std::size_t first, bool named) const;
  // The same for those that were added outside of forks, when somebody wants to know their order.
  void shuffle_in() const;
  void leave_fork();
  std::optional<Slot> find(NodeId id) const;
  void name(const Node& node, Slot slot);
  void unname(const Node& node);

  Slot append(NodeInfoPtr node, bool named);
  void note(Undo undo);
  // The node, ours alone: a shared one is copied first.
  NodeInfo& own(Slot slot);
  void set(Slot slot, std::shared_ptr<NodeInfo> node);

  void undo(Placed& step);
  void undo(Replaced& step);
  void undo(Added& step);
  void undo(Removed& step);

  const OrderPolicy* policy_ = nullptr;  // null: by name
  Random draws_{0};                      // of the fork
  std::uint64_t scans_ = 0;              // in the fork
  std::vector<std::shared_ptr<NodeInfo>> slots_;
  std::vector<bool> shared_;  // by slot: the caller's, or held by the undo log
  mutable std::vector<Slot> order_;
  mutable std::size_t shuffled_ = 0;  // of those that were added outside of forks
  std::vector<bool> unnamed_;         // by slot
  ByName<Slot> names_;                // of nodes without id
  std::vector<Place> by_id_;
  ByName<NodeId> ids_;  // by name, of all nodes that ever were in it; the newest id of a name
  std::uint32_t resets_ = 0;
  std::vector<Undo> undo_;
  std::vector<Fork> forks_;
  int anti_affinity_pods_ = 0;
  std::size_t cursor_ = 0;  // index of the last success
};

}  // namespace casim::sim
