// Label selectors of objects against the labels of their own pods.
#pragma once

#include "sim/manifests/kube_object.h"

namespace casim::sim {

// What the API server demands of spec.selector: it is there, and matches the template's labels.
void check_own_selector(const KubeObject& object, config::Problems& problems);

// metav1.LabelSelector. Values that are no text match nothing.
bool selects(const config::Value& selector, const config::Value* labels);

}  // namespace casim::sim
