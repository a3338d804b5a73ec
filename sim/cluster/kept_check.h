// Checks of what is kept from one time to the next instead of being computed anew: where they are
// switched on, both are, and have to agree.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace casim::sim {

// What was kept of something is not what it is now: a change has not been noticed.
class StaleValue : public std::logic_error {
 public:
  StaleValue(std::string_view what, std::string_view of)
      : std::logic_error("kept " + std::string(what) + " of " + std::string(of) + " is stale") {}
};

// `what` is kept, and of which object.
inline void check_kept(std::string_view what, std::string_view of, bool agrees) {
  if (!agrees) throw StaleValue(what, of);
}

}  // namespace casim::sim
