// The HorizontalPodAutoscaler controller: syncs each HPA every 15 s from the end of the one before
// (from 1.37 also at once when it is new or changed), asks for the scale and for every metric
// through clients that have a limit each, and writes the scale and, if it changed, the status.
// Source: algorithm 6.1 [k8s:pkg/controller/podautoscaler/horizontal.go].
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "sim/apiserver/api_server.h"
#include "sim/paths/queue/work_queue.h"
#include "sim/workloads/controller_events.h"
#include "sim/workloads/hpa/hpa_pods.h"
#include "sim/workloads/hpa/hpa_ports.h"
#include "sim/workloads/hpa/hpa_spec.h"
#include "sim/workloads/hpa/hpa_status.h"
#include "sim/workloads/hpa/scaling_rules.h"

namespace casim::sim {

struct HpaConfig {
  // Of each of its clients: HPAs with their Events, scales, and each metrics API.
  ApiClientConfig client;
  HpaFlags flags;
  HpaRelease release;
};

class HpaController {
 public:
  using Number = WorkQueue::Key;

  // An HPA and what it is about, which outlives the controller.
  struct Hpa {
    std::string uid;
    HpaSpec spec;
    WorkloadId workload;  // of the target's pods
    ScaleTarget* target = nullptr;
    MetricsSource* metrics = nullptr;
  };

  // All outlive the controller.
  HpaController(ApiServer& api, HpaPods& pods, HpaConfig config);

  Number create(Hpa hpa);
  void change(Number hpa, HpaSpec spec);

  const HpaStatus& status(Number hpa) const { return hpas_[hpa].status; }

 private:
  // What a sync knows so far.
  struct Sync {
    HpaSpec spec;  // as it was at its start
    HpaScale scale;
    std::vector<std::optional<HpaProposal>> proposals;
    HpaStatus next;
    std::int32_t desired = 0;
  };

  struct Known {
    Known(Hpa given, const HpaFlags& flags) : hpa(std::move(given)), rules(flags) {}

    Hpa hpa;
    ScalingRules rules;
    HpaStatus status;
    Sync sync;
    std::uint64_t requests = 0;  // so far
  };

  // One client of each; upstream shares none of their limits.
  struct Clients {
    ApiClient& hpas;
    ApiClient& scales;
    ApiClient& resource;
    ApiClient& custom;
    ApiClient& external;
  };

  static Clients make_clients(ApiServer& api, const ApiClientConfig& config);

  // The steps of a sync, each begun by the answer to the one before.
  void begin(Number number);
  void on_scale(Number number);
  void ask_next_metric(Number number);
  void decide(Number number);
  void rescale(Number number, std::int32_t desired);
  void on_rescaled(Number number);
  void keep(Number number);
  void write_status(Number number);
  void end(Number number);

  // One request about an HPA; reads take a turn and time as writes do.
  void ask(ApiClient& client, Number number, ApiClient::Done<void> done);
  ApiClient& client_of(const HpaMetric& metric);
  std::optional<HpaProposal> proposal(const Known& known, std::size_t place) const;

  TimePoint now() const { return api_.kernel().now(); }

  ApiServer& api_;
  HpaPods& pods_;
  HpaConfig config_;
  Clients clients_;
  ControllerEvents events_;
  std::deque<Known> hpas_;  // by number
  WorkQueue queue_;
};

}  // namespace casim::sim
