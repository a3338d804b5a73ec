// The controllers of a snapshot and their pods as the lists of a scenario.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/import/cluster_nodes.h"
#include "sim/manifests/translate.h"

namespace casim::sim {

struct ClusterWorkloads {
  std::map<std::string, config::Value::List> lists;  // "workloads", "hpas", ...
  std::vector<std::string> notes;
};

ClusterWorkloads import_workloads(const std::vector<KubeObject>& objects, const ClusterNodes& nodes,
                                  config::Problems& problems);

}  // namespace casim::sim
