// What a summary says of a run that no fact tells: handed to the collectors by whoever ran it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/cluster/objects.h"
#include "sim/metrics/cost.h"
#include "sim/metrics/summary_values.h"
#include "src/core/time.h"

namespace casim::sim {

// A pod that cannot ever run: no group and no static node could hold it.
struct UnfitPod {
  PodId id;
  std::string name;
  std::string reason;
};

// Calls of one RPC method by the autoscaler.
struct RpcTotals {
  std::int64_t wire = 0;  // made over gRPC
  std::int64_t memo = 0;  // answered from an earlier answer that cannot have changed
  std::map<std::string, std::int64_t> failed{};  // for the autoscaler, by gRPC code
};

// A threshold of the scenario, and what the run says to it.
struct JudgedThreshold {
  std::string threshold;      // as it was written
  std::string measured;       // with its unit
  std::optional<bool> holds;  // none: the run was stopped before its end
  // From when on it never held again; none: it holds, or nobody can tell (first_breach.h).
  std::optional<TimePoint> broken_from{};
};

// Of one quota of the account.
struct VcpuUse {
  int peak = 0;   // most vCPUs at one time
  int limit = 0;  // that the account may have
};

struct RunInfo {
  std::string scenario;  // its name
  std::string description;
  std::uint64_t seed = 0;
  TimePoint warmup = kTimeZero;  // scale-up latency counts pods created from here on
  TimePoint end{};               // how far the run came
  std::string stopped_by;        // "end", "idle", "stuck", "interrupt", "event limit",
                                 // "broken invariant", "exception"
  bool partial = false;          // it was stopped before its end
  std::string digest;            // 16 hexadecimal digits over all facts
  std::uint64_t facts = 0;
  std::uint64_t events = 0;  // of the engine: a cost, and no summary value

  std::int64_t rows = 0;                 // pods that workloads and traces asked for
  std::vector<UnfitPod> unfit;           // in order of id
  std::vector<std::string> notes;        // mappings and assumptions that the numbers hang on
  std::map<std::string, RpcTotals> rpc;  // by method
  Costs costs;                           // up to the end
  std::map<std::string, VcpuUse> vcpus;  // by quota: "standard", "standard-spot"
  // When the provider was last quiet; none: it never was.
  std::optional<std::int64_t> leaked;       // live machines of its own that it does not know
  std::optional<std::int64_t> doubled;      // live ones beyond the first of a client token
  std::vector<JudgedThreshold> thresholds;  // in the scenario's order
};

// What identifies the run and how it ended, at the top of summary.json.
void list_identity(SummaryValues& out, const RunInfo& run);

// thresholds[].*
void list_thresholds(SummaryValues& out, const RunInfo& run);

// ec2.vcpus.{quota}.*
void list_vcpus(SummaryValues& out, const RunInfo& run);

// rpc.*
void list_rpc(SummaryValues& out, const RunInfo& run);

void list_notes(SummaryValues& out, const RunInfo& run);

}  // namespace casim::sim
