#include "sim/autoscaler/cluster/pod_list.h"

#include <algorithm>
#include <cstddef>

#include "sim/autoscaler/cluster/readiness.h"
#include "src/config/units.h"
#include "src/core/prefetch.h"

namespace casim::sim {
namespace {

constexpr Duration kNewPodSpan = std::chrono::seconds(2);
constexpr Duration kNewGpuPodSpan = std::chrono::seconds(30);
constexpr Duration kLongTerminating = std::chrono::seconds(30);
constexpr const char* kDelayAnnotation = "cluster-autoscaler.kubernetes.io/pod-scale-up-delay";

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Duration scale_up_delay(const Pod& pod, Duration flag) {
  const auto annotation = pod.spec->annotations.find(kDelayAnnotation);
  if (annotation == pod.spec->annotations.end()) return flag;
  const config::Parsed<Duration> own = config::parse_duration(annotation->second);
  return own && *own >= flag ? *own : flag;
}

}  // namespace

bool is_listed(const Pod& pod, const AutoscalerOptions& options) {
  const std::vector<std::string>& allowed = options.allowed_scheduler_names;
  return allowed.empty() || contains(allowed, pod.spec->scheduler_name);
}

PodBuckets bucket_pods(const ClusterView& view, const AutoscalerOptions& options) {
  PodBuckets buckets;
  const std::vector<PodPtr>& unbound = view.unbound_pods();
  for (std::size_t i = 0; i < unbound.size(); ++i) {
    prefetch_after(unbound, i);
    const PodPtr& pod = unbound[i];
    if (!is_listed(*pod, options) || pod->deletion_timestamp) continue;
    const bool is_nominated = !pod->nominated_node.empty();
    if (is_nominated && has(Behaviour::kNominatedPodsPlaced, options.version)) {
      buckets.nominated.push_back(pod);
    } else if (pod->unschedulable) {
      buckets.unschedulable.push_back(pod);
    } else if (!pod->gated &&
               contains(options.bypassed_scheduler_names, pod->spec->scheduler_name)) {
      buckets.unprocessed.push_back(pod);
    }
  }
  return buckets;
}

void arrange_pods(std::vector<PodPtr>& pods, LoopId by, const OrderPolicy& order) {
  const bool is_mixed = std::any_of(pods.begin(), pods.end(), [&pods](const PodPtr& pod) {
    return pod->spec != pods.front()->spec;
  });
  if (is_mixed) order.arrange({"pods", by}, pods, pod_name);
}

bool is_expendable(const Pod& pod, const AutoscalerOptions& options) {
  return pod.spec->has_priority && pod.spec->priority < options.expendable_pods_priority_cutoff;
}

std::vector<PodPtr> without_young(std::vector<PodPtr> pods, WallTime now,
                                  const AutoscalerOptions& options) {
  std::erase_if(pods, [&](const PodPtr& pod) {
    return now - pod->creation_timestamp <= scale_up_delay(*pod, options.new_pod_scale_up_delay);
  });
  return pods;
}

bool are_all_new(const std::vector<PodPtr>& pods, WallTime now) {
  WallTime oldest = now;
  WallTime oldest_gpu = now;
  bool has_gpu = false;
  for (const PodPtr& pod : pods) {
    oldest = std::min(oldest, pod->creation_timestamp);
    if (!requests_gpu(pod->spec->requests)) continue;
    has_gpu = true;
    oldest_gpu = std::min(oldest_gpu, pod->creation_timestamp);
  }
  if (oldest + kNewPodSpan > now) return true;
  return has_gpu && oldest_gpu + kNewGpuPodSpan > now;
}

bool is_long_terminating(const Pod& pod, WallTime now) {
  if (!pod.deletion_timestamp) return false;
  return *pod.deletion_timestamp + pod.spec->grace + kLongTerminating < now;
}

}  // namespace casim::sim
