// How far time may be moved at once from where it is. The clocks of a kernel are such, too.
#pragma once

#include "src/core/time.h"

namespace casim::sim {

class FreeTime {
 public:
  virtual ~FreeTime() = default;
  // The latest time for which Kernel::try_advance_to() would say yes; before now if there is none.
  virtual TimePoint free_until() const = 0;
};

}  // namespace casim::sim
