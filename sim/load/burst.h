// `count` equal pods, spread evenly over a time. Those that run for ever are of one ReplicaSet,
// those that complete are of one Job: a ReplicaSet would replace what completes.
#pragma once

#include "sim/load/pod_series.h"

namespace casim::sim {

struct BurstSpec {
  std::string name;
  std::uint64_t count = 0;
  Duration at{};
  Duration over{};  // the i-th arrives at + over * i / count
  std::optional<Duration> run_for;
  double failure_rate = 0;  // of pods, at the end of their run time
  PodSpec pod;              // name and owner are set from the burst
};

class Burst final : public PodSeries {
 public:
  explicit Burst(BurstSpec spec);

  std::optional<std::uint64_t> size() const override { return burst_.count; }

  std::unique_ptr<ArrivalStream> arrivals() const override;

  std::string name_of(std::uint64_t index) const override;

  PodSpecPtr spec(std::uint64_t) const override { return pod_; }

  Owner owner(std::uint64_t) const override;

  bool has_owner_each() const override { return false; }

  std::optional<Duration> run_for(std::uint64_t) const override { return burst_.run_for; }

  double failure_rate() const override { return burst_.failure_rate; }

  std::uint32_t shapes() const override { return 1; }

  std::uint32_t shape_of(std::uint64_t) const override { return 0; }

  PodSpec example(std::uint32_t) const override { return *pod_; }

 private:
  BurstSpec burst_;
  PodSpecPtr pod_;
};

}  // namespace casim::sim
