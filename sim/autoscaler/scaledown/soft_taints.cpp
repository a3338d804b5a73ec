#include "sim/autoscaler/scaledown/soft_taints.h"

namespace casim::sim {

Awaitable<void> update_soft_taints(NodeWrites& writes, Clock& clock,
                                   const AutoscalerOptions& options, std::vector<NodePtr> nodes,
                                   NodeMarks& unneeded) {
  const TimePoint start = clock.now();
  int calls = options.max_bulk_soft_taint_count;
  for (const bool add : {false, true}) {
    for (const NodePtr& node : nodes) {
      if (node->has_taint(kDeletionCandidateTaint) == add) continue;
      if (unneeded.contains(*node) != add) continue;
      if (node->has_taint(kToBeDeletedTaint)) continue;
      if (calls <= 0 || clock.now() - start >= options.max_bulk_soft_taint_time) co_return;
      --calls;
      if (add) {
        co_await writes.mark_deletion_candidate(node);
      } else {
        co_await writes.clean_deletion_candidate(node);
      }
    }
  }
}

}  // namespace casim::sim
