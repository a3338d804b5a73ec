// What the metrics APIs tell of one workload whose load is shared evenly by its Ready pods.
//
// CPU and memory come through kubelet and metrics-server: each pod's usage is measured at its
// housekeeping times, metrics-server scrapes all kubelets at one time, keeps the newest point, and
// tells the mean CPU between the two newest. So a sample is as old as the scrape and the point
// before it, and a new pod has none until it has run for 10 s at a point that was scraped. Computed
// when asked, never by events. Custom and external metrics are as the load was `lag` ago.
// Sources: [metrics-server: pkg/storage/pod.go, freshContainerMinMetricsResolution], algorithm 6.1
// (pipeline lag).
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "sim/load/demand_curve.h"
#include "sim/workloads/hpa/hpa_pods.h"
#include "sim/workloads/hpa/hpa_ports.h"
#include "src/core/random.h"

namespace casim::sim {

struct MetricsPipeline {
  Duration resolution = std::chrono::seconds(15);    // metrics-server --metric-resolution
  Duration housekeeping = std::chrono::seconds(10);  // kubelet --housekeeping-interval
};

// One metric of an HPA, and the load behind it: cores, bytes, or the metric's own unit.
struct LoadedMetric {
  HpaMetric::Source source = HpaMetric::Source::kCpu;
  DemandCurve load;
  Duration lag{};  // of custom and external metrics
};

class WorkloadMetrics final : public MetricsSource {
 public:
  // All outlive it.
  struct Parts {
    ApiServer& api;
    const HpaPods& pods;
    const Random& random;
  };

  WorkloadMetrics(Parts parts, WorkloadId workload, std::vector<LoadedMetric> metrics,
                  MetricsPipeline pipeline);

  // So many pods are Ready from now on.
  void on_ready(std::int64_t ready);

  std::optional<PodSamples> of_pods(std::size_t metric, const std::vector<PodId>& pods) override;
  std::optional<std::int64_t> value(std::size_t metric) override;

 private:
  // From then on so many pods share the load.
  struct Sharers {
    TimePoint since{};
    std::int64_t pods = 0;
  };

  std::optional<PodSample> sample(const LoadedMetric& metric, PodId pod) const;
  std::optional<PodSample> scraped(const LoadedMetric& metric, PodId pod, TimePoint running) const;
  TimePoint last_scrape() const;
  TimePoint housekept(PodId pod, TimePoint by) const;  // the newest point
  double share_at(const LoadedMetric& metric, TimePoint t) const;
  // Load times seconds of one pod that is Ready all the time.
  double shared(const LoadedMetric& metric, TimePoint from, TimePoint to) const;

  TimePoint now() const { return parts_.api.kernel().now(); }

  Parts parts_;
  WorkloadId workload_;
  std::vector<LoadedMetric> metrics_;
  MetricsPipeline pipeline_;
  std::deque<Sharers> sharers_;  // oldest first, as far back as a sample or a lag may look
};

}  // namespace casim::sim
