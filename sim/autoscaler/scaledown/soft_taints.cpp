#include "sim/autoscaler/scaledown/soft_taints.h"

#include <set>

namespace casim::sim {

Awaitable<void> update_soft_taints(NodeWrites& writes, Clock& clock,
                                   const AutoscalerOptions& options, std::vector<NodePtr> nodes,
                                   std::vector<NodePtr> unneeded) {
  std::set<std::string> unneeded_names;
  for (const NodePtr& node : unneeded) unneeded_names.insert(node->name);
  const TimePoint start = clock.now();
  int calls = options.max_bulk_soft_taint_count;
  for (const bool add : {false, true}) {
    for (const NodePtr& node : nodes) {
      if (unneeded_names.contains(node->name) != add) continue;
      if (node->has_taint(kToBeDeletedTaint)) continue;
      if (node->has_taint(kDeletionCandidateTaint) == add) continue;
      if (calls <= 0 || clock.now() - start >= options.max_bulk_soft_taint_time) continue;
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
