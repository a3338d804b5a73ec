// Volumes of pods: what is local to a node keeps the autoscaler from draining it, and a claim may
// bind the pod to a zone.
#pragma once

#include "sim/manifests/kube_object.h"
#include "sim/manifests/notes.h"

namespace casim::sim {

// The volumes of a PodSpec that a scenario's pod may have, a list: claims are all left, as nobody
// knows yet which bind it (persistent_claims.h).
config::Value local_volumes(const KubeObject& object, const config::Value& volumes,
                            ManifestNotes& notes);

}  // namespace casim::sim
