// A family of cases of workload controllers, and how one of its cases is run. Families are built
// side by side: a file each gives those of one controller.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace casim::oracle {

struct WorkloadFamily {
  std::string name;
  // The first difference between what the case expects and what happened; empty: none.
  std::string (*run)(const nlohmann::json& given, const nlohmann::json& expect);
};

// A line for each file; all_families() in workload_cases.cpp names them.
std::vector<WorkloadFamily> daemon_set_families();
std::vector<WorkloadFamily> deployment_families();
std::vector<WorkloadFamily> replica_set_families();
std::vector<WorkloadFamily> stateful_set_families();
std::vector<WorkloadFamily> hpa_families();
std::vector<WorkloadFamily> job_families();
std::vector<WorkloadFamily> cron_families();

}  // namespace casim::oracle
