// Objects that make pods, as workloads of a scenario.
#pragma once

#include <optional>

#include "sim/manifests/translation.h"

namespace casim::sim {

// A note of pods that name their node.
inline constexpr const char* kBoundByHand = "nodeName: pods bound by hand are scheduled";

// Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController. None: it has no pods, and
// that is noted.
std::optional<ManifestItem> read_controller(const KubeObject& object, ManifestReading& reading);

// Job, CronJob, Pod.
std::optional<ManifestItem> read_batch(const KubeObject& object, ManifestReading& reading);

}  // namespace casim::sim
