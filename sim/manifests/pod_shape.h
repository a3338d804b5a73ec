// The fields of core/v1 PodSpec, and which of them decide something.
#pragma once

#include "sim/manifests/shape.h"

namespace casim::sim {

const Shape& pod_spec_shape();
const Shape& label_selector_shape();

}  // namespace casim::sim
