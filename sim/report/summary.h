// What a run says: everything in summary.json, and the terminal's view of it. Built once from the
// collectors at the end; both writers print this and nothing else. Seconds in all outputs.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/metrics/activity.h"
#include "sim/metrics/latency.h"
#include "sim/metrics/node_ledger.h"
#include "sim/metrics/pod_ledger.h"

namespace casim::sim {

// Pods that cannot ever run: no group could hold them.
struct UnfitPod {
  std::string name;
  std::string reason;
};

struct RpcTotals {
  std::int64_t wire = 0;
  std::int64_t memo = 0;
};

struct NodeTotals {
  std::int64_t registered = 0;  // over the run, initial nodes included
  std::int64_t ready_peak = 0;
  std::int64_t ready_at_end = 0;
  std::int64_t gone = 0;
  double node_hours = 0;
};

struct Summary {
  static constexpr int kSchemaVersion = 1;

  std::string scenario;
  std::string description;
  std::uint64_t seed = 0;
  TimePoint end{};
  bool partial = false;    // interrupted, or stopped by the event limit
  std::string stopped_by;  // "end", "idle", "interrupt", "event limit"
  std::string digest;      // 16 hexadecimal digits over all facts
  std::uint64_t facts = 0;
  std::uint64_t events = 0;

  PodTally pods;
  std::int64_t rows = 0;      // of traces and bursts: pods asked for, replacements not counted
  std::int64_t rows_run = 0;  // of which at least one incarnation ran
  std::vector<UnfitPod> unfit;
  std::vector<std::string> notes;  // mappings and assumptions that the numbers hang on
  NodeTotals nodes;
  LatencySummary latency;
  Activity activity;
  std::map<std::string, RpcTotals> rpc;  // by method
};

NodeTotals node_totals(const NodeLedger& nodes, TimePoint end);

std::string to_json(const Summary& summary);

struct TerminalStyle {
  bool colour = false;
  int width = 80;
};

std::string to_text(const Summary& summary, const TerminalStyle& style);

}  // namespace casim::sim
