// What ends a checked run in which something does not hold that must (invariants.h).
#pragma once

#include <stdexcept>
#include <string>

#include "src/core/time.h"

namespace casim::sim {

// "invariant broken at 12.500000 s: g-3 is overcommitted".
class BrokenInvariant : public std::runtime_error {
 public:
  BrokenInvariant(const std::string& what, TimePoint at);
};

}  // namespace casim::sim
