// Instants of a run, for people.
#pragma once

#include <string>

#include "src/core/time.h"

namespace casim::sim {

// "1h 2m 5s", "12.3s".
std::string clock_text(TimePoint t);

}  // namespace casim::sim
