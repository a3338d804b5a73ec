// Pods of a snapshot as pods of a scenario: what they ask for after admission, which may be more
// than what the template of their owner says.
#pragma once

#include <string>

#include "sim/manifests/kube_object.h"
#include "sim/manifests/notes.h"

namespace casim::sim {

config::Value live_pod(const KubeObject& pod, config::Problems& problems, ManifestNotes& notes);

// What the scheduler looks at of a scenario's pod, as text: pods of one shape have the same.
std::string shape_of(const config::Value& pod);

}  // namespace casim::sim
