// What Spot interruptions cost: machines that were taken back, and the pods that lost their place
// by it, drained in time or gone with the machine.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "sim/events/facts.h"
#include "sim/metrics/node_ledger.h"
#include "sim/metrics/pod_ledger.h"
#include "sim/metrics/summary_values.h"

namespace casim::sim {

struct SpotLossTotals {
  std::int64_t interrupted = 0;   // instances that EC2 has taken back
  std::int64_t pods_evicted = 0;  // from their nodes
  std::int64_t pods_lost = 0;     // with them
};

class SpotLosses : public FactSink {
 public:
  void on_fact(TimePoint at, const Fact& fact) override;

  SpotLossTotals totals(const PodLedger& pods, const NodeLedger& nodes) const;

 private:
  std::set<std::string> interrupted_;  // instances
};

// spot.*
void list_values(SummaryValues& out, const SpotLossTotals& totals);

}  // namespace casim::sim
