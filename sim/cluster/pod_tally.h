// How many pods are in each state. A pod is in exactly one (design section 3), so they add up to
// those created.
#pragma once

#include <cstdint>

namespace casim::sim {

struct PodTally {
  std::int64_t created = 0;
  std::int64_t pending = 0;
  std::int64_t starting = 0;
  std::int64_t running = 0;
  std::int64_t completed = 0;
  std::int64_t deleted = 0;
  std::int64_t evicted = 0;
  std::int64_t preempted = 0;
  std::int64_t lost = 0;

  bool operator==(const PodTally&) const = default;

  bool adds_up() const {
    return created ==
           pending + starting + running + completed + deleted + evicted + preempted + lost;
  }
};

}  // namespace casim::sim
