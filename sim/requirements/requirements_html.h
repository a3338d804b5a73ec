// The needs of a path as a part of a page.
#pragma once

#include <string>

#include "sim/requirements/requirements.h"

namespace casim::sim {

std::string to_html(const Requirements& requirements);

}  // namespace casim::sim
