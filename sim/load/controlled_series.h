// The pods of a controlled workload, as the table of workloads knows them: they run until somebody
// stops them, and are as large as the first template says. Their controller makes them, so nobody
// plays the series.
#pragma once

#include <algorithm>
#include <memory>
#include <utility>

#include "sim/load/controlled_spec.h"
#include "sim/load/pod_series.h"

namespace casim::sim {

class ControlledSeries final : public PodSeries {
 public:
  explicit ControlledSeries(const ControlledSpec& spec) : name_(spec.name), at_(spec.at) {
    pod_ = std::make_shared<const PodSpec>(spec.pod);
    size_ = spec.replicas;
    for (const ReplicaChange& change : spec.changes) size_ = std::max(size_, change.replicas);
  }

  // The most that are wanted at a time.
  std::optional<std::uint64_t> size() const override { return size_; }

  std::unique_ptr<ArrivalStream> arrivals() const override {
    return std::make_unique<AllAtOnce>(at_, size_);
  }

  std::string name_of(std::uint64_t index) const override {
    return name_ + "-" + std::to_string(index);
  }

  PodSpecPtr spec(std::uint64_t) const override { return pod_; }

  Owner owner(std::uint64_t) const override { return {}; }

  bool has_owner_each() const override { return false; }

  std::optional<Duration> run_for(std::uint64_t) const override { return std::nullopt; }

  std::uint32_t shapes() const override { return 1; }

  std::uint32_t shape_of(std::uint64_t) const override { return 0; }

  PodSpec example(std::uint32_t) const override { return *pod_; }

 private:
  class AllAtOnce final : public ArrivalStream {
   public:
    AllAtOnce(Duration at, std::uint64_t count) : at_(at), count_(count) {}

    std::optional<Arriving> next() override {
      if (next_ == count_) return std::nullopt;
      return Arriving{at_, next_++};
    }

   private:
    Duration at_;
    std::uint64_t count_;
    std::uint64_t next_ = 0;
  };

  std::string name_;
  Duration at_;
  PodSpecPtr pod_;
  std::uint64_t size_ = 0;
};

}  // namespace casim::sim
