// The pod list's way to scale-up: pending pods that would fit on what there is, or is coming, drop
// out and keep their simulated place for the rest of the loop. Source: autoscaler-algorithm.md 2.3
// and 2.4.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "sim/autoscaler/options/options.h"
#include "sim/autoscaler/simulator/hinting.h"

namespace casim::sim {

// Upstream's default chain of pod list processors. Remembers places from loop to loop.
class PodListProcessor {
 public:
  explicit PodListProcessor(const AutoscalerOptions& options)
      : options_(options), hinting_(options.version) {}

  // What is left of the unschedulable pods. `drained`: nodes whose pods are being evicted; their
  // pods will need a place too.
  std::vector<PodPtr> process(Snapshot& snapshot, std::vector<PodPtr> unschedulable,
                              const std::set<std::string>& drained);

  // The step that packs: pods of higher priority first, on acceptable nodes; what is left.
  std::vector<PodPtr> without_schedulable(Snapshot& snapshot, std::vector<PodPtr> pods,
                                          const HintingSimulator::Acceptable& acceptable);

 private:
  const AutoscalerOptions& options_;
  HintingSimulator hinting_;
};

}  // namespace casim::sim
