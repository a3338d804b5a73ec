// The effect of a taint as cases write it.
#pragma once

#include <string>

#include "sim/cluster/objects.h"

namespace casim::oracle {

// Throws std::runtime_error for another word.
sim::TaintEffect effect_of(const std::string& name);

}  // namespace casim::oracle
