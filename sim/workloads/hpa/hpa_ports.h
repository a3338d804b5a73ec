// What the HPA controller talks to: the scale subresource of what it sizes, and the metrics APIs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/cluster/objects.h"
#include "sim/workloads/hpa/replica_calculator.h"

namespace casim::sim {

// Something with replicas: a Deployment, a ReplicaSet.
class ScaleTarget {
 public:
  virtual ~ScaleTarget() = default;
  virtual HpaScale scale() const = 0;
  virtual void set_replicas(std::int32_t replicas) = 0;
};

// metrics.k8s.io, custom.metrics.k8s.io and external.metrics.k8s.io as one HPA asks them; metrics
// by their place in its spec.
class MetricsSource {
 public:
  using PodSamples = std::vector<std::optional<PodSample>>;

  virtual ~MetricsSource() = default;
  // Of each of these pods, in their order; a pod may have none. Nothing: the query fails.
  virtual std::optional<PodSamples> of_pods(std::size_t metric, const std::vector<PodId>& pods) = 0;
  // Of an object or external metric, in thousandths.
  virtual std::optional<std::int64_t> value(std::size_t metric) = 0;
};

}  // namespace casim::sim
