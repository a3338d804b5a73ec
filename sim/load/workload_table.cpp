#include "sim/load/workload_table.h"

#include <algorithm>
#include <utility>

#include "sim/load/controlled_series.h"

namespace casim::sim {

WorkloadTable::WorkloadTable(const Cluster& cluster, WhyNeverFits why_never_fits)
    : cluster_(cluster), why_never_fits_(std::move(why_never_fits)) {}

WorkloadId WorkloadTable::add(BurstSpec spec) {
  std::string name = spec.name;
  return add(std::move(name), std::make_unique<Burst>(std::move(spec)));
}

WorkloadId WorkloadTable::add(TraceSpec spec) {
  std::string name = spec.name;
  return add(std::move(name), std::make_unique<TraceSeries>(std::move(spec)));
}

WorkloadId WorkloadTable::add(ArrivalSpec spec) {
  std::string name = spec.name;
  return add(std::move(name), std::make_unique<ArrivalSeries>(std::move(spec)));
}

WorkloadId WorkloadTable::add(ScaledSpec spec) {
  std::string name = spec.name;
  return add(std::move(name), std::make_unique<ScaledSeries>(std::move(spec)));
}

WorkloadId WorkloadTable::add(const ControlledSpec& spec) {
  return add(spec.name, std::make_unique<ControlledSeries>(spec));
}

WorkloadId WorkloadTable::add(std::string name, std::unique_ptr<PodSeries> series) {
  const WorkloadId id(static_cast<WorkloadId::rep>(rows_.size()));
  judge_shapes(rows_.emplace_back(std::move(name), std::move(series)));
  return id;
}

PodBlueprint WorkloadTable::blueprint(WorkloadId workload, std::uint64_t first_index) const {
  return {series(workload).spec(first_index), workload, first_index};
}

bool WorkloadTable::can_fit(WorkloadId workload, std::uint64_t index) const {
  return reason(workload, index).empty();
}

std::uint64_t WorkloadTable::count_fitting(WorkloadId workload) const {
  const auto& reasons = row(workload).why_never_fits;
  const PodSeries& pods = series(workload);
  const bool all_fit = std::ranges::all_of(reasons, &std::string::empty);
  if (all_fit) return pods.size().value();
  if (std::ranges::none_of(reasons, &std::string::empty)) return 0;
  std::uint64_t count = 0;
  const auto stream = pods.arrivals();
  while (const auto arriving = stream->next()) count += can_fit(workload, arriving->index) ? 1 : 0;
  return count;
}

std::uint64_t WorkloadTable::size() const {
  std::uint64_t size = 0;
  for (const Row& row : rows_) size += row.series->size().value_or(0);
  return size;
}

std::optional<Duration> WorkloadTable::run_for(PodId pod) const {
  const PodLife& life = cluster_.life(pod);
  if (!has(life.workload)) return std::nullopt;
  return series(life.workload).run_for(life.index);
}

bool WorkloadTable::fails(PodId pod, const Random& random) const {
  const PodLife& life = cluster_.life(pod);
  if (!has(life.workload)) return false;
  const double rate = series(life.workload).failure_rate();
  if (rate <= 0) return false;
  const std::uint64_t key = hash_bytes(name_of(life.workload));
  return random.uniform("load.pod_fails", key, hash_combine(life.index, life.incarnation)) < rate;
}

bool WorkloadTable::can_fit(PodId pod) const {
  const PodLife& life = cluster_.life(pod);
  return !has(life.workload) || can_fit(life.workload, life.index);
}

std::string WorkloadTable::why_never_fits(PodId pod) const {
  const PodLife& life = cluster_.life(pod);
  return has(life.workload) ? reason(life.workload, life.index) : "";
}

const std::string& WorkloadTable::reason(WorkloadId workload, std::uint64_t index) const {
  const Row& of = row(workload);
  const std::uint32_t shape = of.series->shape_of(index);
  judge_shapes(of);
  return of.why_never_fits[shape];
}

void WorkloadTable::judge_shapes(const Row& row) const {
  for (auto shape = static_cast<std::uint32_t>(row.why_never_fits.size());
       shape < row.series->shapes(); ++shape) {
    row.why_never_fits.push_back(why_never_fits_(row.series->example(shape)));
  }
}

bool WorkloadTable::has(WorkloadId workload) const {
  return workload.is_valid() && workload.value() < rows_.size();
}

}  // namespace casim::sim
