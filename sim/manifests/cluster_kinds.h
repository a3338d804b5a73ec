// Objects without pods of their own that pods, scheduler or controllers refer to.
#pragma once

#include <optional>

#include "sim/manifests/translation.h"

namespace casim::sim {

// PodDisruptionBudget, StorageClass, PriorityClass, Namespace.
std::optional<ManifestItem> read_cluster_kind(const KubeObject& object, ManifestReading& reading);

}  // namespace casim::sim
