#include "sim/load/load.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace casim::sim {

namespace {

// Somebody took the pod's place away, so its work is not done.
bool needs_replacement(PodEnd how) {
  return how == PodEnd::kEvicted || how == PodEnd::kPreempted || how == PodEnd::kLost;
}

Duration job_backoff(const LoadConfig& config, std::uint32_t failures) {
  Duration delay = config.job_backoff;
  for (std::uint32_t i = 1; i < failures && delay < config.job_backoff_max; ++i) delay *= 2;
  return std::min(delay, config.job_backoff_max);
}

}  // namespace

Load::Load(Kernel& kernel, ApiServer& api, ApiClient& job_controller,
           ApiClient& replica_set_controller, LoadConfig config, WhyNeverFits why_never_fits)
    : kernel_(kernel),
      api_(api),
      job_controller_(job_controller),
      replica_set_controller_(replica_set_controller),
      config_(config),
      why_never_fits_(std::move(why_never_fits)) {}

Load::~Load() { api_.remove_watcher(*this); }

WorkloadId Load::add(BurstSpec spec) {
  ApiClient& controller = spec.run_for ? job_controller_ : replica_set_controller_;
  std::string name = spec.name;
  return add(std::move(name), std::make_unique<Burst>(std::move(spec)), controller);
}

WorkloadId Load::add(TraceSpec spec) {
  std::string name = spec.name;
  return add(std::move(name), std::make_unique<TraceSeries>(std::move(spec)), job_controller_);
}

WorkloadId Load::add_placed(BurstSpec spec) {
  const WorkloadId id = add(std::move(spec));
  Workload& workload = workloads_[id.value()];
  workload.next = workload.series->size();
  return id;
}

void Load::place(WorkloadId workload, std::uint64_t index, NodeId node) {
  const PodId pod = api_.create_pod(pod_of(workload, index));
  [[maybe_unused]] const Result<void> bound = api_.bind(pod, node);
  assert(bound);
}

WorkloadId Load::add(std::string name, std::unique_ptr<PodSeries> series, ApiClient& controller) {
  const WorkloadId id(static_cast<WorkloadId::rep>(workloads_.size()));
  workloads_.push_back({std::move(name), std::move(series), &controller, {}, 0});
  note_never_fits(id);
  return id;
}

void Load::note_never_fits(WorkloadId id) {
  Workload& workload = workloads_[id.value()];
  const PodSeries& series = *workload.series;
  std::vector<NeverFits> found(series.shapes());
  for (std::uint32_t shape = 0; shape < series.shapes(); ++shape) {
    found[shape] = {id, why_never_fits_(series.example(shape)), 0, ""};
    workload.fits.push_back(found[shape].reason.empty());
  }
  for (std::uint64_t position = 0; position < series.size(); ++position) {
    const std::uint64_t index = series.index_at(position);
    NeverFits& entry = found[series.shape_of(index)];
    if (entry.reason.empty()) {
      ++open_;
    } else if (entry.pods++ == 0) {
      entry.first = series.name_of(index);
    }
  }
  std::erase_if(found, [](const NeverFits& entry) { return entry.pods == 0; });
  never_fits_.insert(never_fits_.end(), found.begin(), found.end());
}

void Load::start() {
  api_.add_watcher(*this, {config_.watch_delay, Phase::kWorld});
  for (const Workload& workload : workloads_) {
    if (!workload.series->has_owner_each()) api_.put_owner(workload.series->owner(0));
  }
  for (std::uint32_t i = 0; i < workloads_.size(); ++i) arm(WorkloadId(i));
  if (open_ == 0) settle(0);
}

void Load::arm(WorkloadId id) {
  const Workload& workload = workloads_[id.value()];
  if (workload.next == workload.series->size()) return;
  const TimePoint when = kTimeZero + workload.series->arrival(workload.next);
  kernel_.at(std::max(when, kernel_.now()), Phase::kWorld, [this, id] { arrive(id); });
}

void Load::arrive(WorkloadId id) {
  Workload& workload = workloads_[id.value()];
  const PodSeries& series = *workload.series;
  while (workload.next < series.size() &&
         kTimeZero + series.arrival(workload.next) <= kernel_.now()) {
    const std::uint64_t index = series.index_at(workload.next++);
    if (series.has_owner_each()) api_.put_owner(series.owner(index));
    create(pod_of(id, index));
  }
  arm(id);
}

NewPod Load::pod_of(WorkloadId id, std::uint64_t index) const {
  NewPod pod;
  pod.spec = workloads_[id.value()].series->spec(index);
  pod.workload = id;
  pod.index = index;
  return pod;
}

void Load::create(NewPod pod) {
  ApiClient& controller = *workloads_[pod.workload.value()].controller;
  controller.create_pod(std::move(pod), [](const Result<PodId>& created) {
    assert(created.has_value());
    static_cast<void>(created);
  });
}

void Load::on_watch(const WatchEvent& event) {
  if (const auto* changed = std::get_if<PodChanged>(&event)) {
    if (is_ours(changed->pod.id)) on_changed(changed->pod);
  } else if (const auto* removed = std::get_if<PodRemoved>(&event)) {
    if (is_ours(removed->last.id)) on_removed(removed->last);
  }
}

void Load::on_changed(const Pod& pod) {
  const PodLife& life = api_.cluster().life(pod.id);
  if (pod.deletion_timestamp) {
    if (!needs_replacement(life.end) || !replaced_.insert(pod.id.value()).second) return;
    if (endless_.erase(pod.id.value()) > 0) settle(1);
    replace(pod);
  } else if (pod.running && !run_for(pod.id) && can_fit(pod.id) &&
             endless_.insert(pod.id.value()).second) {
    settle(-1);
  }
}

void Load::on_removed(const Pod& pod) {
  const PodLife& life = api_.cluster().life(pod.id);
  const bool was_replaced = replaced_.erase(pod.id.value()) > 0;
  const bool ran_for_ever = endless_.erase(pod.id.value()) > 0;
  if (was_replaced) return;
  if (needs_replacement(life.end)) {
    if (ran_for_ever) settle(1);
    replace(pod);
    return;
  }
  if (!ran_for_ever && can_fit(pod.id)) settle(-1);
  finish(workload_of(pod.id), life.index);
}

void Load::replace(const Pod& pod) {
  const PodLife& life = api_.cluster().life(pod.id);
  NewPod fresh;
  fresh.spec = pod.spec;
  fresh.workload = life.workload;
  fresh.index = life.index;
  fresh.replaces = pod.id;
  fresh.incarnation = life.incarnation + 1;
  if (pod.spec->owner != OwnerKind::kJob) return create(std::move(fresh));
  const Duration delay = job_backoff(config_, fresh.incarnation);
  kernel_.after(delay, Phase::kWorld,
                [this, next = std::move(fresh)]() mutable { create(std::move(next)); });
}

void Load::finish(const Workload& workload, std::uint64_t index) {
  if (workload.series->has_owner_each()) {
    api_.remove_owner(workload.series->owner(index).uid);
  }
}

void Load::settle(std::int64_t by) {
  open_ += by;
  assert(open_ >= 0);
  if (open_ > 0) {
    done_since_ = kTimeNever;
  } else if (done_since_ == kTimeNever) {
    done_since_ = kernel_.now();
    if (when_done_) when_done_();
  }
}

std::optional<Duration> Load::run_for(PodId pod) const {
  if (!is_ours(pod)) return std::nullopt;
  return workload_of(pod).series->run_for(api_.cluster().life(pod).index);
}

bool Load::can_fit(PodId pod) const {
  if (!is_ours(pod)) return true;
  const Workload& workload = workload_of(pod);
  return workload.fits[workload.series->shape_of(api_.cluster().life(pod).index)];
}

std::string Load::why_never_fits(PodId pod) const {
  if (can_fit(pod)) return "";
  const PodSeries& series = *workload_of(pod).series;
  return why_never_fits_(series.example(series.shape_of(api_.cluster().life(pod).index)));
}

bool Load::has_arrived() const {
  return std::all_of(workloads_.begin(), workloads_.end(), [](const Workload& workload) {
    return workload.next == workload.series->size();
  });
}

const std::string& Load::name_of(WorkloadId workload) const {
  return workloads_[workload.value()].name;
}

std::uint64_t Load::size() const {
  std::uint64_t size = 0;
  for (const Workload& workload : workloads_) size += workload.series->size();
  return size;
}

bool Load::is_ours(PodId pod) const {
  const WorkloadId workload = api_.cluster().life(pod).workload;
  return workload.is_valid() && workload.value() < workloads_.size();
}

const Load::Workload& Load::workload_of(PodId pod) const {
  return workloads_[api_.cluster().life(pod).workload.value()];
}

}  // namespace casim::sim
