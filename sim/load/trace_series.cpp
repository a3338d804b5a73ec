#include "sim/load/trace_series.h"

#include <algorithm>
#include <cassert>

#include "sim/cluster/node_condition.h"

namespace casim::sim {

TraceSeries::TraceSeries(TraceSpec spec) : spec_(std::move(spec)) {
  const std::vector<TraceRow>& rows = spec_.trace.rows;
  for (std::uint32_t position = 0; position < rows.size(); ++position) {
    const std::uint32_t row = rows[position].row;
    if (position_of_row_.size() <= row) position_of_row_.resize(row + 1, UINT32_MAX);
    position_of_row_[row] = position;
  }
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
  pod.labels.try_emplace("app", spec_.name);
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
  assert(index < position_of_row_.size());
  assert(position_of_row_[index] != UINT32_MAX);
  return trace().rows[position_of_row_[index]];
}

std::string TraceSeries::owner_uid(std::uint64_t index) const {
  return "job/" + spec_.name + "/" + std::to_string(index);
}

}  // namespace casim::sim
