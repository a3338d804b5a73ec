// Metrics of HPAs (autoscaling/v2), each with the load that keeps it at its target.
#pragma once

#include <optional>
#include <string>

#include "sim/manifests/translation.h"

namespace casim::sim {

// A quantity in its unit: cores, bytes, requests. Nothing: it is none.
std::optional<double> metric_amount(const config::Value& quantity);

class HpaMetricReader {
 public:
  // `replicas`: how many pods of `target` share the load.
  HpaMetricReader(const KubeObject& object, const ManifestItem& target, double replicas,
                  const config::Value* demand, ManifestReading& reading)
      : object_(object), target_(target), replicas_(replicas), demand_(demand), reading_(reading) {}

  // `current`: what status.currentMetrics says of it, if the cluster is known; null: at its target.
  // None: it cannot be simulated, or is wrong, which is told.
  std::optional<config::Value> read(const config::Value& metric, const config::Value* current,
                                    const std::string& path);

  // Utilization of CPU, in percent; `current`: as the status of v1 says it; null: at its target.
  config::Value of_cpu(const config::Value& percent, const config::Value* current);

 private:
  struct Goal {
    std::string type;          // of the scenario
    double load_per_unit = 0;  // of the whole at a target of 1
    bool is_resource = false;
  };

  void error(const config::Value& at, const std::string& path, const std::string& message);
  std::optional<Goal> goal_of(const std::string& kind, const config::Value& source);
  std::optional<config::Value> with_target(const Goal& goal, const config::Value& target,
                                           const config::Value* measured, const std::string& path);
  void note_requests(const std::string& resource);
  config::Value make(const std::string& type, const char* member, config::Value target,
                     double load) const;
  double requested(const std::string& resource) const;

  const KubeObject& object_;
  const ManifestItem& target_;
  double replicas_;
  const config::Value* demand_;
  ManifestReading& reading_;
};

}  // namespace casim::sim
