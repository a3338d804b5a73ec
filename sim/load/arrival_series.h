// Pods that arrive by a rate, with sizes and run times by distribution: bare pods, or a Job of one
// pod each. Nothing is kept of a pod: what it asks for and how long it runs is drawn by its index
// each time that somebody asks.
#pragma once

#include <map>
#include <vector>

#include "sim/load/pod_series.h"
#include "sim/load/rate.h"
#include "src/core/distribution.h"
#include "src/core/random.h"

namespace casim::sim {

// One row of recorded pods; what it does not say is drawn by itself.
struct EmpiricalPod {
  std::optional<MilliCpu> cpu;
  std::optional<Bytes> memory;
  std::optional<Duration> run_for;
};

struct ArrivalSpec {
  std::string name;
  bool is_poisson = true;  // else regular
  RatePtr rate;
  double end = 0;  // of the arrivals, in seconds from the start of the run
  Random random{1};
  bool as_jobs = true;                  // else bare pods
  std::optional<Distribution> run_for;  // seconds; none: for ever, which a Job cannot
  std::optional<Distribution> cpu;      // milli-cores; none: as the pod says
  std::optional<Distribution> memory;   // bytes
  std::vector<EmpiricalPod> rows;       // if there are any, each pod is one of them
  PodSpec pod;                          // what all share; name and owner are set from the series
};

// A size as it is asked for: people write round numbers, and each distinct one is a shape of its
// own to scheduler and autoscaler. Four sizes per doubling (4, 5, 6, 7, 8, 10, 12, ...), the
// nearest, so that the mean stays; never below 1. Constants and recorded values stay as they are.
std::int64_t draw_size(const Distribution& distribution, double u);

class ArrivalSeries final : public PodSeries {
 public:
  explicit ArrivalSeries(ArrivalSpec spec);

  std::optional<std::uint64_t> size() const override { return std::nullopt; }

  std::unique_ptr<ArrivalStream> arrivals() const override;

  std::string name_of(std::uint64_t index) const override;
  PodSpecPtr spec(std::uint64_t index) const override;
  Owner owner(std::uint64_t index) const override;

  bool has_owner_each() const override { return spec_.as_jobs; }

  std::optional<Duration> run_for(std::uint64_t index) const override;

  std::uint32_t shapes() const override { return static_cast<std::uint32_t>(bare_.size()); }

  std::uint32_t shape_of(std::uint64_t index) const override;

  PodSpec example(std::uint32_t shape) const override { return *bare_[shape]; }

 private:
  double draw(std::string_view purpose, std::uint64_t index) const;
  const EmpiricalPod* row(std::uint64_t index) const;  // null: there are none

  ArrivalSpec spec_;
  std::uint64_t key_;
  // Shapes in the order in which they were asked for, which decides nothing.
  mutable std::map<std::pair<MilliCpu, Bytes>, std::uint32_t> shapes_;
  mutable std::vector<PodSpecPtr> bare_;  // a pod of each shape, but for its owner
};

}  // namespace casim::sim
