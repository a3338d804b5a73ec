// Volumes of pods: what is local to a node keeps the autoscaler from draining it.
#pragma once

#include "sim/manifests/kube_object.h"
#include "sim/manifests/notes.h"

namespace casim::sim {

// The volumes of a PodSpec that a scenario's pod has, a list.
config::Value local_volumes(const KubeObject& object, const config::Value& volumes,
                            ManifestNotes& notes);

}  // namespace casim::sim
