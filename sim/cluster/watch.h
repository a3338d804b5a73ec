// What a watch delivers: objects as they were after each write, in the order of writes.
#pragma once

#include <variant>

#include "sim/cluster/objects.h"

namespace casim::sim {

struct PodChanged {  // added or modified
  Pod pod;
};

struct PodRemoved {  // finally gone, or finished (Succeeded, Failed)
  Pod last;
};

struct NodeChanged {  // added or modified
  NodePtr node;
};

struct NodeRemoved {
  NodePtr last;
};

struct OwnerChanged {
  Owner owner;
};

struct OwnerRemoved {
  Owner last;
};

struct PdbChanged {
  PodDisruptionBudget pdb;
};

using WatchEvent = std::variant<PodChanged, PodRemoved, NodeChanged, NodeRemoved, OwnerChanged,
                                OwnerRemoved, PdbChanged>;

// A reader of the world behind its watch: the scheduler's cache, the autoscaler's listers, a
// controller. Called once per delivery, in order; must not block.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void on_watch(const WatchEvent& event) = 0;
};

}  // namespace casim::sim
