#include "sim/load/trace_series.h"

#include <algorithm>
#include <cassert>

#include "sim/cluster/node_condition.h"

namespace casim::sim {

namespace {

class TraceArrivals final : public ArrivalStream {
 public:
  explicit TraceArrivals(const std::vector<TraceRow>& rows) : rows_(rows) {}

  std::optional<Arriving> next() override {
    if (position_ == rows_.size()) return std::nullopt;
    const TraceRow& row = rows_[position_++];
    return Arriving{row.arrival, row.row};
  }

 private:
  const std::vector<TraceRow>& rows_;
  std::size_t position_ = 0;
};

}  // namespace

TraceSeries::TraceSeries(TraceSpec spec) : spec_(std::move(spec)) {
  const std::vector<TraceRow>& rows = spec_.trace.rows;
  for (std::uint32_t position = 0; position < rows.size(); ++position) {
    position_of_row_.emplace_back(rows[position].row, position);
  }
  std::ranges::sort(position_of_row_);
}

std::unique_ptr<ArrivalStream> TraceSeries::arrivals() const {
  return std::make_unique<TraceArrivals>(trace().rows);
}

PodSpecPtr TraceSeries::spec(std::uint64_t index) const {
  PodSpec pod = example(row(index).shape);
  pod.owner_uid = owner_uid(index);
  return std::make_shared<const PodSpec>(std::move(pod));
}

PodSpec TraceSeries::example(std::uint32_t shape) const {
  PodSpec pod = spec_.pod;
  pod.workload = spec_.name;
  pod.name_prefix = spec_.name;
  pod.owner = OwnerKind::kJob;
  if (pod.labels.empty()) pod.labels.emplace("app", spec_.name);
  pod.requests = trace().shapes[shape];
  if (pod.requests.extended.contains(std::string(kGpuResource))) {
    for (const auto& [key, value] : spec_.gpu_node_selector) pod.node_selector[key] = value;
    pod.tolerations.insert(pod.tolerations.end(), spec_.gpu_tolerations.begin(),
                           spec_.gpu_tolerations.end());
  }
  add_default_tolerations(pod);
  return pod;
}

Owner TraceSeries::owner(std::uint64_t index) const {
  Owner owner;
  owner.kind = OwnerKind::kJob;
  owner.uid = owner_uid(index);
  owner.name = row(index).name;
  owner.namespace_name = spec_.pod.namespace_name;
  owner.replicas = 1;
  return owner;
}

const TraceRow& TraceSeries::row(std::uint64_t index) const {
  const auto found = std::ranges::lower_bound(position_of_row_, index, {},
                                              &std::pair<std::uint64_t, std::uint32_t>::first);
  assert(found != position_of_row_.end() && found->first == index);
  return trace().rows[found->second];
}

std::string TraceSeries::owner_uid(std::uint64_t index) const {
  return "job/" + spec_.name + "/" + std::to_string(index);
}

}  // namespace casim::sim
