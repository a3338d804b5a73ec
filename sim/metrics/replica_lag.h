// How far each workload with an HPA stays behind its load, and which link of the chain holds it
// back: HPA, controller, nodes (scheduler, autoscaler, machines), start of the pods.
//
// At each instant, with N the replicas that the load needs:
//   asked = min(N, replicas that the HPA asked for), created = min(asked, pods that are there),
//   bound = min(created, pods that have a node), running = min(bound, pods that run);
// what is missing of each is the next one's to mend, so the four add up to N - running.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/events/facts.h"
#include "sim/metrics/pod_ledger.h"
#include "sim/metrics/summary_values.h"

namespace casim::sim {

// The load's need and what follows it, in order.
inline constexpr std::array<std::string_view, 5> kReplicaSteps = {"needed", "asked", "created",
                                                                  "bound", "running"};
// Between two steps.
inline constexpr std::array<std::string_view, 4> kReplicaLinks = {"hpa", "controller", "nodes",
                                                                  "start"};

struct ReplicaLagTotals {
  std::int64_t rescales = 0;
  std::array<std::int32_t, kReplicaSteps.size()> peak{};
  // When nine tenths of the most that was needed were first needed, asked for, and so on.
  std::array<std::optional<TimePoint>, kReplicaSteps.size()> reached{};
  std::array<double, kReplicaLinks.size()> missing{};  // replica-seconds
  bool has_need = false;                               // else `reached` and `missing` say nothing
};

class ReplicaLag {
 public:
  // `pods` has heard of the fact already.
  void on_fact(TimePoint at, const Fact& fact, const PodLedger& pods);

  std::map<std::string, ReplicaLagTotals> totals(TimePoint end) const;  // by HPA

 private:
  using Steps = std::array<std::int32_t, kReplicaSteps.size()>;

  // When each new peak of a step was reached, counted anew from each new peak of the need.
  struct Peak {
    std::int32_t replicas = 0;
    TimePoint at{};
  };

  struct Sized {
    WorkloadId workload;
    Steps now{};
    std::array<std::vector<Peak>, kReplicaSteps.size()> peaks;
    Steps most{};  // of all
    std::array<double, kReplicaLinks.size()> missing{};
    TimePoint since{};  // that `missing` counts
    std::int64_t rescales = 0;
    bool has_need = false;

    void count(TimePoint until);
    void set(std::size_t step, TimePoint at, std::int32_t replicas);
    void add(std::size_t step, TimePoint at, std::int32_t more);
    ReplicaLagTotals totals(TimePoint end) const;
  };

  void create(TimePoint at, const HpaCreated& fact, const PodLedger& pods);
  void end_pod(TimePoint at, const PodRecord& pod);
  Sized* sized_by_workload(WorkloadId workload);  // null: by none

  std::map<std::string, Sized> sized_;  // by HPA
  std::vector<Sized*> by_workload_;     // by WorkloadId
};

// hpas.{name}.*
void list_values(SummaryValues& out, const std::map<std::string, ReplicaLagTotals>& totals);

}  // namespace casim::sim
