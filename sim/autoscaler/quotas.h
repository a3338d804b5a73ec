// Cluster-wide limits on cores, memory and GPUs: upper ones for scale-up, lower ones for
// scale-down. Source: autoscaler-algorithm.md 3.3, 4.7.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/autoscaler/cloud_provider.h"
#include "sim/autoscaler/options.h"

namespace casim::sim {

class QuotaTracker {
 public:
  enum class Side { kMax, kMin };

  using Amounts = std::map<std::string, std::int64_t>;  // "cpu" in whole cores, "memory" in bytes

  struct Check {
    int allowed = 0;
    std::vector<std::string> exceeded;  // resources
  };

  // What the nodes use. An error of one lookup is the tracker's error.
  static Awaitable<Result<QuotaTracker>> make(LoopId by, CloudProvider& provider,
                                              const AutoscalerOptions& options, Side side,
                                              std::vector<NodePtr> nodes);

  // How many of `count` nodes like this one may be added (or removed).
  Awaitable<Result<Check>> check(LoopId by, NodeGroupPtr group, NodePtr node, int count);
  // The same, and takes them if all are allowed.
  Awaitable<Result<Check>> consume(LoopId by, NodeGroupPtr group, NodePtr node, int count);

 private:
  explicit QuotaTracker(CloudProvider& provider) : provider_(&provider) {}

  // Kept per group for the tracker's life. `group` may be null.
  Awaitable<Result<Amounts>> resources_of(LoopId by, NodeGroupPtr group, NodePtr node);
  Awaitable<Result<Amounts>> with_gpu(LoopId by, NodeGroupPtr group, NodePtr node, Amounts amounts);
  Check checked(const Amounts& each, int count) const;

  CloudProvider* provider_;
  Amounts left_;
  std::map<std::string, Amounts> by_group_;
};

}  // namespace casim::sim
