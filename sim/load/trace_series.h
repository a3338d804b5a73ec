// A recorded trace as pods: each row is a Job of its own, so each is an equivalence group of its
// own to the autoscaler. The index of a pod is its row in the file, also in a window of it.
#pragma once

#include <vector>

#include "sim/load/pod_series.h"
#include "sim/load/trace.h"

namespace casim::sim {

struct TraceSpec {
  std::string name;
  Trace trace;
  PodSpec pod;  // what all rows share: tolerations, priority, ...; requests are the row's
  Labels gpu_node_selector;                 // added to pods that request GPUs
  std::vector<Toleration> gpu_tolerations;  // likewise
};

class TraceSeries final : public PodSeries {
 public:
  explicit TraceSeries(TraceSpec spec);

  std::optional<std::uint64_t> size() const override { return trace().rows.size(); }

  std::unique_ptr<ArrivalStream> arrivals() const override;

  std::string name_of(std::uint64_t index) const override { return row(index).name; }

  PodSpecPtr spec(std::uint64_t index) const override;
  Owner owner(std::uint64_t index) const override;

  bool has_owner_each() const override { return true; }

  std::optional<Duration> run_for(std::uint64_t index) const override { return row(index).run_for; }

  std::uint32_t shapes() const override {
    return static_cast<std::uint32_t>(trace().shapes.size());
  }

  std::uint32_t shape_of(std::uint64_t index) const override { return row(index).shape; }

  PodSpec example(std::uint32_t shape) const override;

  const TraceCounts& counts() const { return trace().counts; }

 private:
  const Trace& trace() const { return spec_.trace; }

  const TraceRow& row(std::uint64_t index) const;
  std::string owner_uid(std::uint64_t index) const;

  TraceSpec spec_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> position_of_row_;  // by row
};

}  // namespace casim::sim
