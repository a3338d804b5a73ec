// Waits of single pods as pictures need them: sorted into bands, as a distribution, the slowest.
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "sim/metrics/latency.h"

namespace casim::sim {

// Pods that waited for a new node, between two percentiles of their wait. The last band is of the
// pods at or above the 99th.
struct WaitBand {
  std::string name;  // "90–95 %"
  std::int64_t pods = 0;
  std::array<Duration, kStageCount> mean{};
};

// A share of the population that ran within that time; unserved pods are in the population.
struct SpreadPoint {
  Duration within{};
  double share = 0;
};

struct SlowPod {
  PodId id;
  PodStages stages;
};

struct PodWaits {
  std::vector<WaitBand> bands;
  std::vector<SpreadPoint> all;       // that ran, or never will
  std::vector<SpreadPoint> scale_up;  // that waited for a new node, or never will
  std::vector<SlowPod> slowest;       // longest wait first
  std::vector<PodId> never;           // that were waiting at the end, longest first
  std::int64_t never_count = 0;
};

// The populations are those of summarize_latency; single pods are of all that are no DaemonSet's.
PodWaits waits_of(const PodLedger& pods, const NodeLedger& nodes, const LatencyScope& scope,
                  std::size_t shown);

}  // namespace casim::sim
