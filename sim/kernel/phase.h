// Order within one instant: the world settles first, then the scheduler sees all of it, then the
// autoscaler sees what the scheduler did. Within a phase, in order of scheduling.
#pragma once

#include <cstdint>

namespace casim::sim {

enum class Phase : std::uint8_t { kWorld = 0, kScheduler = 1, kAutoscaler = 2 };

inline constexpr int kPhaseCount = 3;

}  // namespace casim::sim
