// Pods that arrive over time: what a workload looks like to Arrivals. A pod of a series is known by
// its index, which stays the same whatever else is loaded. Indexes of a series whose pods share an
// owner count in order of arrival.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "sim/cluster/objects.h"
#include "sim/load/arrival_process.h"
#include "src/core/time.h"

namespace casim::sim {

class PodSeries {
 public:
  virtual ~PodSeries() = default;

  // None: nobody knows before all have arrived.
  virtual std::optional<std::uint64_t> size() const = 0;
  // All of them from the first on; the series outlives the stream.
  virtual std::unique_ptr<ArrivalStream> arrivals() const = 0;
  virtual std::string name_of(std::uint64_t index) const = 0;

  // A series of Jobs makes a spec per pod when the pod is created, and it goes with the pod.
  virtual PodSpecPtr spec(std::uint64_t index) const = 0;
  // The controller of the pod, which is there as long as it has work; of kind kNone for bare pods.
  virtual Owner owner(std::uint64_t index) const = 0;
  virtual bool has_owner_each() const = 0;                                 // else one for all
  virtual std::optional<Duration> run_for(std::uint64_t index) const = 0;  // none: for ever

  // The share of its pods that fail at the end of their run time.
  virtual double failure_rate() const { return 0; }

  // Pods of one shape can go to the same nodes. Without a size: the shapes that were seen so far.
  virtual std::uint32_t shapes() const = 0;
  virtual std::uint32_t shape_of(std::uint64_t index) const = 0;
  virtual PodSpec example(std::uint32_t shape) const = 0;
};

}  // namespace casim::sim
