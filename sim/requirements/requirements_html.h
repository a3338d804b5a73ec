// The needs of a path as a part of a report's page.
#pragma once

#include <string>

#include "sim/requirements/requirements.h"

namespace casim::sim {

// Folded up: a run has pages of them.
std::string to_html(const Requirements& requirements);

}  // namespace casim::sim
