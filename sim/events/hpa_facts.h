// Facts of HorizontalPodAutoscalers: see facts.h.
#pragma once

#include <cstdint>
#include <string>

#include "sim/cluster/objects.h"
#include "sim/events/fact_fields.h"
#include "src/core/id.h"

namespace casim::sim {

struct HpaCreated {
  static constexpr const char* kName = "HpaCreated";
  std::string hpa;
  WorkloadId workload;        // that it sizes
  std::int32_t replicas = 0;  // of it then

  CASIM_FACT_FIELDS(hpa, workload, replicas)
};

struct ReplicasNeeded {  // the load of its workload needs so many from now on
  static constexpr const char* kName = "ReplicasNeeded";
  std::string hpa;
  std::int32_t replicas = 0;

  CASIM_FACT_FIELDS(hpa, replicas)
};

struct HpaRescaled {  // it wrote the scale of its target
  static constexpr const char* kName = "HpaRescaled";
  std::string hpa;
  std::int32_t from = 0;
  std::int32_t to = 0;

  CASIM_FACT_FIELDS(hpa, from, to)
};

}  // namespace casim::sim
