// The pods of a ReplicaSet whose size somebody sets (scaled_sets.h): they share a spec, and how
// many there will be is nobody's knowledge.
#pragma once

#include "sim/load/pod_series.h"
#include "sim/load/scaling_trace.h"

namespace casim::sim {

struct ScaledSpec {
  std::string name;
  PodSpec pod;  // with requests; name and owner are set from the series
  std::vector<ScalingStep> steps;
};

class ScaledSeries final : public PodSeries {
 public:
  explicit ScaledSeries(ScaledSpec spec);

  std::optional<std::uint64_t> size() const override { return std::nullopt; }

  // Those by which it grows, at its steps.
  std::unique_ptr<ArrivalStream> arrivals() const override;

  std::string name_of(std::uint64_t index) const override;

  PodSpecPtr spec(std::uint64_t) const override { return pod_; }

  Owner owner(std::uint64_t) const override;

  bool has_owner_each() const override { return false; }

  std::optional<Duration> run_for(std::uint64_t) const override { return std::nullopt; }

  std::uint32_t shapes() const override { return 1; }

  std::uint32_t shape_of(std::uint64_t) const override { return 0; }

  PodSpec example(std::uint32_t) const override { return *pod_; }

  const std::vector<ScalingStep>& steps() const { return spec_.steps; }

 private:
  ScaledSpec spec_;
  PodSpecPtr pod_;
};

}  // namespace casim::sim
