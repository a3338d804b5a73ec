// Manifests of Kubernetes as a workload, as they stand.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/load/demand_curve.h"
#include "src/core/time.h"

namespace casim::sim {

// Replaced by what is in it before a scenario is read: a Scenario in memory has none.
struct ManifestWorkload {
  std::filesystem::path file;
  Duration at{};
  std::optional<Duration> run_for;
  std::string namespace_name = "default";
  // Per HPA, as multiples of the load that keeps it at its target.
  std::map<std::string, std::vector<DemandChange>> demand;
};

}  // namespace casim::sim
