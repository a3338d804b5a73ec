// A cluster as kubectl prints it, as a scenario: its nodes are those of node groups, its pods are
// on them from the start, its controllers go on.
#pragma once

#include <string>
#include <vector>

#include "sim/manifests/translate.h"

namespace casim::sim {

struct ImportOptions {
  // Of cluster-autoscaler, as a command line; empty: those of its Deployment in the snapshot.
  std::string autoscaler_arguments;
};

struct Imported {
  config::Value scenario;
  std::vector<std::string> notes;  // what was taken for what, and what is left out, each once
};

// Problems: what is no snapshot of a cluster. Requires: no problem for a scenario that is whole.
Imported import_cluster(const std::vector<ManifestFile>& files, const ImportOptions& options,
                        config::Problems& problems);

}  // namespace casim::sim
