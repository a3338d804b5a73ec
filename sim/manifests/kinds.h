// The kinds of objects that are read, by the versions of their API that are served.
#pragma once

#include <string>

#include "sim/manifests/kube_object.h"

namespace casim::sim {

enum class KindRole { kController, kBatch, kHpa, kCluster, kNothing, kCustom, kUnsimulated };

// What an object is here. A version that is not served any more is a problem.
KindRole role_of(const KubeObject& object, config::Problems& problems);

}  // namespace casim::sim
