// Where the time between a pod's creation and its running went. Definitions: design section 5.
// Durations are exact nanoseconds; the stages of a pod add up to its total.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/metrics/node_ledger.h"
#include "sim/metrics/order_trail.h"
#include "sim/metrics/pod_ledger.h"
#include "sim/metrics/summary_values.h"

namespace casim::sim {

// Stages of a pod that ran on a node which became schedulable after the pod was created.
enum class Stage : std::uint8_t {
  kDetect,     // created -> the first loop that knows
  kRetry,      // -> the loop whose order made the node
  kDecide,     // -> slot durably committed
  kProvision,  // -> EC2 accepted
  kLaunch,     // -> instance running
  kBoot,       // -> node registered
  kJoin,       // -> Ready and untainted
  kRoom,       // -> the node last had too little room: other pods were in the way
  kSchedule,   // -> bound
  kStart,      // -> running
};

inline constexpr int kStageCount = 10;
inline constexpr std::array<std::string_view, kStageCount> kStageNames = {
    "detect", "retry", "decide", "provision", "launch",
    "boot",   "join",  "room",   "schedule",  "start"};

// Stages of a pod that ran on a node which was there before it: in the scheduler's queues, marked
// unschedulable, starting.
inline constexpr int kPlainStageCount = 3;
inline constexpr std::array<std::string_view, kPlainStageCount> kPlainStageNames = {
    "queue", "no_room", "start"};

// Where the time of one pod went.
struct PodStages {
  bool scale_up = false;
  Duration total{};
  std::array<Duration, kStageCount> stages{};      // when scale_up
  OrderSplit retry;                                // of that stage
  OrderSplit room;                                 // of that stage
  std::array<Duration, kPlainStageCount> plain{};  // when not
};

// None for a pod that never ran. Requires: its node is in the ledger.
std::optional<PodStages> stages_of(const PodRecord& pod, const NodeLedger& nodes);
// Of a pod with its stages: what was ordered for it while it waited for another order, and for
// room.
void split_waits(PodStages& stages, PodId id, const PodRecord& pod, const OrderTrail& orders);

// Exact order statistics (nearest rank) of a population, of which `infinite` members never got an
// answer: they rank last, and a percentile that falls on them has no value.
struct Quantiles {
  std::int64_t count = 0;  // with the infinite ones
  std::optional<Duration> p50;
  std::optional<Duration> p90;
  std::optional<Duration> p99;
  std::optional<Duration> max;
  std::optional<double> mean_s;  // of the finite ones
};

// `infinite`: how many more members there are that never got an answer.
Quantiles quantiles_of(std::vector<Duration> values, std::int64_t infinite = 0);

// A population by the stages of its wait.
template <int N>
struct StagedLatency {
  Quantiles total;
  std::array<Quantiles, N> stages;
  // Mean share of each stage over the pods at or above the 99th percentile; empty without pods.
  std::optional<std::array<double, N>> tail;
};

// The populations of design section 5. Without DaemonSets.
struct LatencySummary {
  Quantiles pod_latency;                          // all pods that ran
  StagedLatency<kPlainStageCount> existing_node;  // on a node that was there before them
  StagedLatency<kStageCount> scale_up;            // on one that came later
  OrderSplit retry;                               // sums over the pods of scale_up
  OrderSplit room;
  std::int64_t unserved = 0;
};

// Which pods count.
struct LatencyScope {
  TimePoint warmup = kTimeZero;  // scale_up counts pods created from here on
  std::int64_t unserved = 0;     // PodLedger::unserved; they rank as infinite
};

LatencySummary summarize_latency(const PodLedger& pods, const NodeLedger& nodes,
                                 const OrderTrail& orders, const LatencyScope& scope);

// pod_latency.*, existing_node_latency.*, scale_up_latency.*
void list_values(SummaryValues& out, const LatencySummary& latency);

}  // namespace casim::sim
