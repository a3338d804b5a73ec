// Chooses one of the groups that would help. Source: autoscaler-algorithm.md 3.6.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/autoscaler/cloud_provider.h"
#include "sim/autoscaler/node_infos.h"
#include "sim/autoscaler/order_policy.h"

namespace casim::sim {

struct ScaleUpOption {
  NodeGroupPtr group;
  std::vector<NodeGroupPtr> similar;
  int node_count = 0;
  std::vector<PodPtr> pods;
};

// What an expander may look at.
struct ExpanderInput {
  LoopId by;
  const NodeInfos& infos;
};

// One filter of the chain: what it returns is kept.
class Expander {
 public:
  virtual ~Expander() = default;
  virtual Awaitable<std::vector<ScaleUpOption>> best(ExpanderInput input,
                                                     std::vector<ScaleUpOption> options) = 0;
};

// Names that are built: random, most-pods, least-nodes, least-waste.
bool is_known_expander(std::string_view name);

class ExpanderChain {
 public:
  // Requires: known names.
  ExpanderChain(const std::vector<std::string>& names, OrderPolicy& order);

  // None: every option was filtered out.
  Awaitable<std::optional<ScaleUpOption>> choose(ExpanderInput input,
                                                 std::vector<ScaleUpOption> options);

 private:
  std::vector<std::unique_ptr<Expander>> filters_;
  OrderPolicy& order_;
};

}  // namespace casim::sim
