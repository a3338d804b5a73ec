// How long the parts of a call take: draws from the scenario's distributions, named by what they
// belong to, times the slow mode of the scenario and the factor of the call's conditions.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "src/core/distribution.h"
#include "src/core/random.h"
#include "src/core/time.h"

namespace casim::sim {

// What the conditions of a call make of its times: all times the factor, and once the delay.
struct Slowness {
  double factor = 1;
  Duration delay{};
};

// Counts the draws that have no number of their own.
class CallTimes {
 public:
  // `slow_mode` multiplies every time. The randomness outlives this.
  CallTimes(const Random& random, double slow_mode) : random_(random), slow_mode_(slow_mode) {}

  // The next draw of a purpose and key. At least 1 us, so that no answer comes at the instant of
  // its call.
  Duration next(const Distribution& latency, std::string_view purpose, std::uint64_t key,
                const Slowness& slowness);
  // The same where the caller knows the number of the draw.
  Duration nth(const Distribution& latency, std::string_view purpose, std::uint64_t key,
               std::uint64_t n, const Slowness& slowness) const;
  // A time that is not drawn, such as that of each instance in a reply.
  Duration slowed(Duration latency, double factor) const;

 private:
  const Random& random_;
  double slow_mode_;
  std::unordered_map<std::uint64_t, std::uint64_t> drawn_;  // looked up, never walked
};

}  // namespace casim::sim
