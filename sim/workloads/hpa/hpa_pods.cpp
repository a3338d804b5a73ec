#include "sim/workloads/hpa/hpa_pods.h"

#include <algorithm>

namespace casim::sim {

std::int64_t request_of(const Resources& requests, HpaMetric::Source metric) {
  if (metric == HpaMetric::Source::kCpu) return requests.cpu.value();
  if (metric == HpaMetric::Source::kMemory) return requests.memory.value() * 1000;
  return 0;
}

void HpaPods::on_watch(const WatchEvent& event) {
  const auto* changed = std::get_if<PodChanged>(&event);
  const auto* removed = std::get_if<PodRemoved>(&event);
  if (changed == nullptr && removed == nullptr) return;
  const Pod& pod = changed != nullptr ? changed->pod : removed->last;
  const WorkloadId workload = api_.cluster().life(pod.id).workload;
  const auto found = watched_.find(workload);
  if (found == watched_.end()) return;
  Watched& watched = found->second;
  const std::int64_t before = watched.ready;
  if (changed != nullptr) {
    note(watched, pod);
  } else {
    forget(watched, pod.id);
  }
  if (changed_ && watched.ready != before) changed_(workload);
}

void HpaPods::note(Watched& watched, const Pod& pod) const {
  std::vector<Seen>& pods = watched.pods;
  auto seen = std::ranges::lower_bound(pods, pod.id, {}, &Seen::pod);
  if (seen == pods.end() || seen->pod != pod.id) seen = pods.insert(seen, Seen{.pod = pod.id});
  const bool is_ready = pod.ready_since.has_value();
  const TimePoint now = api_.kernel().now();
  if (is_ready != seen->is_ready) {
    seen->is_ready = is_ready;
    seen->changed = pod.ready_since.value_or(cut_to_second(api_.kernel().wall(now)));
    seen->ready_since = now;
  } else if (!seen->changed && pod.start_time) {
    seen->changed = *pod.start_time;
  }
  const bool is_serving = is_ready && !pod.deletion_timestamp;
  if (is_serving != seen->is_serving) watched.ready += is_serving ? 1 : -1;
  seen->is_serving = is_serving;
}

void HpaPods::forget(Watched& watched, PodId pod) {
  const auto seen = std::ranges::lower_bound(watched.pods, pod, {}, &Seen::pod);
  if (seen == watched.pods.end() || seen->pod != pod) return;
  if (seen->is_serving) --watched.ready;
  watched.pods.erase(seen);
}

std::vector<PodId> HpaPods::of(WorkloadId workload) const {
  std::vector<PodId> out;
  for (const Seen& seen : watched_.at(workload).pods) out.push_back(seen.pod);
  return out;
}

std::vector<HpaPod> HpaPods::seen(WorkloadId workload, HpaMetric::Source metric) const {
  std::vector<HpaPod> out;
  for (const Seen& seen : watched_.at(workload).pods) out.push_back(view(seen, metric));
  return out;
}

HpaPod HpaPods::view(const Seen& seen, HpaMetric::Source metric) const {
  HpaPod out;
  out.is_ready = seen.is_ready;
  out.ready_changed = seen.changed;
  const Pod* pod = api_.cluster().find_pod(seen.pod);
  if (pod == nullptr || pod->succeeded || pod->failed) {
    out.phase = HpaPod::Phase::kEnded;
    return out;
  }
  out.phase = pod->running ? HpaPod::Phase::kRunning : HpaPod::Phase::kPending;
  out.is_deleting = pod->deletion_timestamp.has_value();
  out.start_time = pod->start_time;
  out.request = request_of(pod->spec->requests, metric);
  return out;
}

std::int64_t HpaPods::ready(WorkloadId workload) const { return watched_.at(workload).ready; }

std::optional<TimePoint> HpaPods::ready_since(WorkloadId workload, PodId pod) const {
  const std::vector<Seen>& pods = watched_.at(workload).pods;
  const auto seen = std::ranges::lower_bound(pods, pod, {}, &Seen::pod);
  if (seen == pods.end() || seen->pod != pod || !seen->is_ready) return std::nullopt;
  return seen->ready_since;
}

}  // namespace casim::sim
