// A client of the preset sdk_adaptive on a clock of its own: what retry cases with answers_per_call
// run.
#pragma once

#include <string>

#include "oracle/judge/strict_json.h"

namespace casim::oracle {

// The first difference from what the case expects; empty without one.
std::string find_adaptive_difference(const Json& one);

}  // namespace casim::oracle
