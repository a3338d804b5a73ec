// The expander "price": what an option costs against what its pods would cost, and how far its
// machines are from the size that suits the cluster. Source: autoscaler-algorithm.md 3.6.
#pragma once

#include "sim/autoscaler/scaleup/expander.h"

namespace casim::sim {

// Cores of the machine that suits a cluster of so many nodes.
MilliCpu preferred_cpu(std::size_t cluster_size);

// Of one option. Prices are the provider's, in one currency.
struct PriceTerms {
  double nodes_price = 0;  // of all new nodes for the hour
  double pods_price = 0;   // of all pods that they take
  double stabilization_price = 0;
  int node_count = 0;
  MilliCpu cpu;  // of one node's capacity
  MilliCpu preferred;
  bool has_gpu = false;
  bool exists = true;  // the group
};

// The lower the better. No unit: what the nodes cost over what the pods would, times a factor for
// machines of an unsuitable size.
double price_score(const PriceTerms& terms);

// Asks the price of a small pod, then for each option that of its template and of each pod, one
// after the other. An option without a price is dropped.
class PriceExpander : public Expander {
 public:
  PriceExpander(CloudProvider& provider, const ClusterView& view, Clock& clock)
      : provider_(provider), view_(view), clock_(clock) {}

  Awaitable<std::vector<ScaleUpOption>> best(ExpanderInput input,
                                             std::vector<ScaleUpOption> options) override;

 private:
  struct Hour {
    WallTime start;
    WallTime end;
  };

  Awaitable<Result<double>> pods_price(LoopId by, const ScaleUpOption& option, Hour hour);
  Awaitable<bool> has_gpu(LoopId by, NodePtr node);

  CloudProvider& provider_;
  const ClusterView& view_;
  Clock& clock_;
};

}  // namespace casim::sim
