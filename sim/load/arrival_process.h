// Instants at which pods arrive, made of a rate.
//
// Poisson: the points of one fixed Poisson process in the plane of time and rate that lie below the
// rate. So where one rate is above another, its arrivals are those of the other and more: a rate
// that doubles keeps every arrival, with its index. Regular: the n-th arrives when the integral of
// the rate exceeds n, so that a burst of 10 is of 10. Times are whole microseconds.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "sim/load/rate.h"
#include "src/core/random.h"
#include "src/core/time.h"

namespace casim::sim {

struct Arriving {
  Duration at{};            // from the start of the run
  std::uint64_t index = 0;  // of the pod in its series

  bool operator==(const Arriving&) const = default;
};

// One after the other; times never fall.
class ArrivalStream {
 public:
  virtual ~ArrivalStream() = default;

  virtual std::optional<Arriving> next() = 0;  // nothing: that were all
};

// Of a rate until `end`, in seconds from the start of the run. Requires: end is finite.
std::unique_ptr<ArrivalStream> poisson_arrivals(RatePtr rate, double end, const Random& random,
                                                std::uint64_t key);
std::unique_ptr<ArrivalStream> regular_arrivals(RatePtr rate, double end);

}  // namespace casim::sim
