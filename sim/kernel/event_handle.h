#pragma once

#include <cstdint>

namespace casim::sim {

// Names one scheduled event; a default one names none. Cancelling a stale handle does nothing.
struct EventHandle {
  std::uint32_t slot = UINT32_MAX;
  std::uint32_t generation = 0;

  bool operator==(const EventHandle&) const = default;
};

}  // namespace casim::sim
