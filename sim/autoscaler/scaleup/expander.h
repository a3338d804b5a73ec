// Chooses one of the groups that would help. Source: autoscaler-algorithm.md 3.6.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/autoscaler/cloudprovider/cloud_provider.h"
#include "sim/autoscaler/cluster/cluster_view.h"
#include "sim/autoscaler/cluster/event_recorder.h"
#include "sim/autoscaler/order/order_policy.h"
#include "sim/autoscaler/simulator/node_infos.h"
#include "src/core/clock.h"

namespace casim::sim {

// A group that would help, and how far. Upstream's expander.Option.
struct ScaleUpOption {
  NodeGroupPtr group;
  int node_count = 0;        // new nodes
  std::vector<PodPtr> pods;  // that they would take
  bool exists = true;  // else the group would have to be made first, which no provider here does
};

// What an expander may look at in one scale-up.
struct ExpanderInput {
  LoopId by;
  const NodeInfos& infos;
  std::uint64_t attempt = 0;  // how many scale-ups the loop has tried before
};

// One filter of the chain: what it returns is kept. Upstream's expander.Filter.
class Expander {
 public:
  virtual ~Expander() = default;
  virtual Awaitable<std::vector<ScaleUpOption>> best(ExpanderInput input,
                                                     std::vector<ScaleUpOption> options) = 0;
};

// What the filters may ask. All outlive the chain.
struct ExpanderPorts {
  CloudProvider& provider;  // prices
  const ClusterView& view;  // number of nodes, the ConfigMap of the priorities
  EventRecorder& events;    // about that ConfigMap
  Clock& clock;
  const OrderPolicy& order;  // the last resort
};

// Share of the new nodes' capacity that the option's pods leave free, cpu and memory added.
double waste_of(const ScaleUpOption& option, const Resources& capacity);

// The filters of --expander, one after the other. Upstream's chainStrategy.
class ExpanderChain {
 public:
  // Requires: names without a problem (problem_of_expanders).
  ExpanderChain(const std::vector<std::string>& names, ExpanderPorts ports);

  // A chain of one filter, which is not among those with a name.
  ExpanderChain(std::string name, std::unique_ptr<Expander> filter, const OrderPolicy& order);

  using Rejections = std::map<std::string, std::string>;  // by group: the expander that left it out

  // What all filters keep, before chance decides.
  Awaitable<std::vector<ScaleUpOption>> keep(ExpanderInput input,
                                             std::vector<ScaleUpOption> options,
                                             Rejections* rejections = nullptr);
  // None: every option was filtered out. `rejections`: where they are written, or null.
  Awaitable<std::optional<ScaleUpOption>> choose(ExpanderInput input,
                                                 std::vector<ScaleUpOption> options,
                                                 Rejections* rejections = nullptr);

 private:
  struct Filter {
    std::string name;
    std::unique_ptr<Expander> expander;
  };

  std::vector<Filter> filters_;
  const OrderPolicy& order_;
};

}  // namespace casim::sim
