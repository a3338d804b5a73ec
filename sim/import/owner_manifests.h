// The controllers of a snapshot as manifests that make the pods which are there.
#pragma once

#include <string>
#include <vector>

#include "sim/import/cluster_pods.h"
#include "sim/manifests/translate.h"

namespace casim::sim {

struct OwnerManifests {
  ManifestFile file;
  std::vector<std::string> notes;
};

OwnerManifests owner_manifests(const std::vector<KubeObject>& objects, const ClusterPods& pods);

// Whose pods are on nodes from the start.
bool is_replica_keeper(const std::string& kind);

}  // namespace casim::sim
