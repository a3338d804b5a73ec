// What makes a node ready to the autoscaler, and which nodes a loop looks at.
// Source: autoscaler-algorithm.md 1.4 (node readiness) and 1.2 step 4.
#pragma once

#include <string_view>
#include <vector>

#include "sim/autoscaler/options/options.h"
#include "sim/cluster/objects.h"

namespace casim::sim {

// A missing Ready condition counts as not ready.
bool is_ready(const Node& node);
// Ready and not cordoned: the list of ready nodes.
bool is_ready_and_schedulable(const Node& node);

// A copy whose Ready condition is False since the node's creation: a node that waits for its GPU
// or bears a startup taint.
NodePtr unready_copy(const NodePtr& node);

// The GPU resource that the node offers; empty for none.
std::string_view gpu_resource_of(const Node& node);
// Of any vendor.
bool requests_gpu(const Resources& requests);

// Which taints pass: those of a node that starts, and those that speak of its state.
struct TaintRules {
  explicit TaintRules(const AutoscalerOptions& options);

  // A node that bears it is not ready yet: --startup-taint and upstream's prefixes.
  bool is_startup(std::string_view key) const;
  // A template does not keep it: --status-taint and upstream's prefixes.
  bool is_status(std::string_view key) const;
  bool scale_from_unschedulable = false;

 private:
  std::vector<std::string> startup_;
  std::vector<std::string> startup_prefixes_;
  std::vector<std::string> status_;
};

// Taints that speak of a node's passing state (1.6).
bool is_condition_taint(std::string_view key);

// The nodes of a loop.
struct NodeLists {
  std::vector<NodePtr> all;    // by name
  std::vector<NodePtr> ready;  // of them
};

// Nodes with a startup taint become unready copies and leave the ready list.
NodeLists mask_startup_taints(NodeLists nodes, const TaintRules& rules);

}  // namespace casim::sim
