#include "sim/world/tear_down.h"

namespace casim::sim {

void settle_wholly(Kernel& kernel) {
  std::exception_ptr first;
  for (bool is_settled = false; !is_settled;) {
    try {
      kernel.settle();
      is_settled = true;
    } catch (const EndlessInstant&) {
      throw;
    } catch (...) {
      if (!first) first = std::current_exception();
    }
  }
  if (first) std::rethrow_exception(first);
}

}  // namespace casim::sim
