// What the ledgers of pods and nodes make of their records at the end of a run.
#include "sim/metrics/node_ledger.h"
#include "sim/metrics/pod_ledger.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

TimePoint ledger_time(Duration d) { return kTimeZero + d; }

}  // namespace

TEST_CASE("unserved are pods that wait unschedulable though some group could take them",
          "[metrics]") {
  PodLedger ledger;
  const auto create = [&](std::uint32_t id, bool daemon_set = false) {
    ledger.on_fact(
        ledger_time(0s),
        PodCreated{.pod = PodId(id), .workload = WorkloadId(0), .daemon_set = daemon_set});
    ledger.on_fact(ledger_time(1s), PodUnschedulable{PodId(id)});
  };
  for (std::uint32_t id = 0; id < 5; ++id) create(id);
  create(5, true);
  ledger.on_fact(ledger_time(2s), PodBound{PodId(1), NodeId(0)});
  ledger.on_fact(ledger_time(3s), PodEnded{PodId(2), PodEnd::kDeleted});
  ledger.on_fact(ledger_time(4s),
                 PodCreated{.pod = PodId(6), .workload = WorkloadId(0)});  // not marked yet

  CHECK(ledger.unserved({}) == 3);
  CHECK(ledger.unserved({PodId(3)}) == 2);
  CHECK(ledger.unserved({PodId(0), PodId(3), PodId(4)}) == 0);
}

TEST_CASE("a row counts as run once, whichever of its incarnations ran", "[metrics]") {
  PodLedger ledger;
  const auto pod = [&](std::uint32_t id, std::uint64_t index, bool runs, bool daemon_set = false) {
    ledger.on_fact(
        ledger_time(0s),
        PodCreated{
            .pod = PodId(id), .workload = WorkloadId(0), .index = index, .daemon_set = daemon_set});
    if (!runs) return;
    ledger.on_fact(ledger_time(1s), PodBound{PodId(id), NodeId(0)});
    ledger.on_fact(ledger_time(2s), PodRunning{PodId(id)});
  };
  pod(0, 0, true);
  pod(1, 1, false);
  pod(2, 0, true);   // replaces pod 0
  pod(3, 2, false);  // lost before it ran
  pod(4, 2, true);   // replaces pod 3
  pod(5, 9, true, true);
  CHECK(ledger.rows_run() == 2);
}

TEST_CASE("node-hours go from joining to leaving, or to the end", "[metrics]") {
  NodeLedger ledger;
  for (std::uint32_t id = 0; id < 3; ++id) {
    ledger.on_fact(ledger_time(1h), NodeRegistered{NodeId(id), "n", "i", "g"});
    ledger.on_fact(ledger_time(1h), NodeReady{NodeId(id)});
  }
  ledger.on_fact(ledger_time(3h), NodeGone{NodeId(0)});
  ledger.on_fact(ledger_time(3h), NodeRegistered{NodeId(3), "n", "i", "g"});  // never Ready

  const NodeTotals totals = ledger.totals(ledger_time(4h));
  CHECK(totals.registered == 4);
  CHECK(totals.ready_peak == 3);
  CHECK(totals.ready_at_end == 2);
  CHECK(totals.gone == 1);
  CHECK(totals.node_hours == Approx(2 + 3 + 3 + 1));
}
