// The pods that a loop looks at: buckets by schedulability, what priority and age exclude.
// Source: autoscaler-algorithm.md 2.1, 2.2, 2.5, 1.3.
#pragma once

#include <vector>

#include "sim/autoscaler/cluster/cluster_view.h"
#include "sim/autoscaler/options/options.h"
#include "sim/autoscaler/order/order_policy.h"

namespace casim::sim {

// Whether a loop knows of the pod at all: those of schedulers that --allowed-scheduler-names leaves
// out are dropped before anything else, bound ones too, so their nodes look empty. (Who deletes a
// node lists its pods anew, and all of them.)
bool is_listed(const Pod& pod, const AutoscalerOptions& options);

// Pods without a node; those with one are counted by node (ClusterView::pods_on).
struct PodBuckets {
  std::vector<PodPtr> nominated;      // preemption makes room for them on a node
  std::vector<PodPtr> unschedulable;  // the scheduler found no node
  std::vector<PodPtr> unprocessed;    // of a bypassed scheduler, which has not said yet
};

// Upstream's ArrangePodsBySchedulability. Pods of other schedulers and those being deleted are in
// none.
PodBuckets bucket_pods(const ClusterView& view, const AutoscalerOptions& options);

// As the lister gives them in the loop, in no order at all. Pods of one spec stay as they are:
// which of them comes first decides nothing.
void arrange_pods(std::vector<PodPtr>& pods, LoopId by, const OrderPolicy& order);

// Of a priority below --expendable-pods-priority-cutoff: neither scaled up for nor counted. A pod
// without priority never is (core/utils/expendable.go).
bool is_expendable(const Pod& pod, const AutoscalerOptions& options);

// Keeps pods older than the delay, which an annotation may lengthen.
std::vector<PodPtr> without_young(std::vector<PodPtr> pods, WallTime now,
                                  const AutoscalerOptions& options);

// The oldest is younger than 2 s; with a GPU, younger than 30 s. Both ages from whole seconds.
bool are_all_new(const std::vector<PodPtr>& pods, WallTime now);

// Deleted longer ago than its grace period and 30 s.
bool is_long_terminating(const Pod& pod, WallTime now);

}  // namespace casim::sim
