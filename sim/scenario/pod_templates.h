// Where the pod templates of a scenario are.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/scenario/scenario.h"

namespace casim::sim {

// The pods of a workload, where they are written down; null: a trace's are its rows.
const PodTemplate* pod_of(const Workload& workload);

struct FoundTemplate {
  const std::string& path;  // in the scenario: "workloads[2].rollouts[0].pod"
  const Workload& workload;
  const PodTemplate& pod;
};

// Labels that the workload's controller gives its pods, beside those that are written down.
std::vector<std::string> controller_labels(const Workload& workload);

// Those that any controller gives.
std::vector<std::string> all_controller_labels();

// All of them, those of rollouts too, in the scenario's order.
void for_each_template(const Scenario& scenario,
                       const std::function<void(const FoundTemplate& found)>& visit);

}  // namespace casim::sim
