#include "sim/autoscaler/scaledown/drain.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "src/async/run_all.h"

namespace casim::sim {
namespace {

constexpr Duration kRetryInterval = std::chrono::seconds(10);
constexpr Duration kPollInterval = std::chrono::seconds(5);
constexpr Duration kHeadroom = std::chrono::seconds(30);
constexpr const char* kEvictDaemonAnnotation =
    "cluster-autoscaler.kubernetes.io/enable-ds-eviction";

std::vector<PodPtr> daemon_pods(const std::vector<PodPtr>& pods, bool by_default) {
  std::vector<PodPtr> result;
  for (const PodPtr& pod : pods) {
    if (!pod->is_daemon_set()) continue;
    const auto annotation = pod->spec->annotations.find(kEvictDaemonAnnotation);
    const bool wanted =
        annotation == pod->spec->annotations.end() ? by_default : annotation->second == "true";
    if (wanted) result.push_back(pod);
  }
  return result;
}

}  // namespace

Evictor::Evictor(const AutoscalerOptions& options, ClusterWriter& writer, Clock& clock,
                 const OrderPolicy& order, EventRecorder& events)
    : options_(options), writer_(writer), clock_(clock), order_(order), events_(events) {}

Awaitable<Result<void>> Evictor::drain(LoopId by, std::string node, std::vector<PodPtr> pods) {
  std::vector<PodPtr> daemons = daemon_pods(pods, options_.daemonset_eviction_for_occupied_nodes);
  std::erase_if(pods, [](const PodPtr& pod) {
    return pod->is_daemon_set() || pod->spec->owner == OwnerKind::kMirror;
  });
  if (pods.empty() && daemons.empty()) co_return Result<void>();
  if (!co_await evict_all(by, pods, std::move(daemons))) {
    co_return failure(ErrorCode::kInternal, "failed to evict pods of " + node);
  }
  if (!co_await wait_until_gone(node, std::move(pods))) {
    co_return failure(ErrorCode::kInternal, "pods remaining on " + node + " after timeout");
  }
  co_return Result<void>();
}

Awaitable<void> Evictor::evict_daemon_pods(LoopId by, std::vector<PodPtr> pods) {
  std::vector<PodPtr> daemons = daemon_pods(pods, options_.daemonset_eviction_for_empty_nodes);
  if (!daemons.empty()) co_await evict_all(by, std::vector<PodPtr>(), std::move(daemons));
}

Awaitable<bool> Evictor::evict_all(LoopId by, std::vector<PodPtr> must_go,
                                   std::vector<PodPtr> best_effort) {
  const TimePoint retry_until = clock_.now() + options_.max_pod_eviction_time;
  std::deque<bool> done(must_go.size() + best_effort.size(), false);
  std::vector<Awaitable<void>> evictions;
  // Which goroutine comes first is chance; the oracle has it last name first.
  std::reverse(must_go.begin(), must_go.end());
  order_.arrange({"evictions", by}, must_go, pod_name);
  for (std::size_t i = 0; i < must_go.size(); ++i) {
    evictions.push_back(evict(must_go[i], retry_until, true, done[i]));
  }
  for (std::size_t i = 0; i < best_effort.size(); ++i) {
    evictions.push_back(evict(best_effort[i], retry_until, false, done[must_go.size() + i]));
  }
  co_await run_all(std::move(evictions));
  co_return std::all_of(done.begin(), done.begin() + static_cast<std::ptrdiff_t>(must_go.size()),
                        [](bool d) { return d; });
}

Awaitable<void> Evictor::evict(PodPtr pod, TimePoint retry_until, bool must_go, bool& done) {
  events_.about_pod("ScaleDown", pod->id);
  const Duration most = std::chrono::seconds(options_.max_graceful_termination_sec);
  const Duration grace = most > Duration{} ? std::min(pod->spec->grace, most) : pod->spec->grace;
  do {
    const Result<void> reply = co_await writer_.evict(pod->id, grace);
    if (reply || reply.error().code == ErrorCode::kNotFound) {
      done = true;
      co_return;
    }
    co_await clock_.sleep_for(kRetryInterval);
  } while (clock_.now() < retry_until);
  if (must_go) events_.about_pod("ScaleDownFailed", pod->id);
}

Awaitable<bool> Evictor::is_gone(PodPtr pod, std::string node) {
  const Result<Pod> found = co_await writer_.get_pod(pod->id);
  if (!found) co_return found.error().code == ErrorCode::kNotFound;
  co_return found->node_name != node;
}

Awaitable<bool> Evictor::wait_until_gone(std::string node, std::vector<PodPtr> pods) {
  const Duration longest = std::chrono::seconds(options_.max_graceful_termination_sec) + kHeadroom;
  const TimePoint start = clock_.now();
  while (clock_.now() - start < longest) {
    bool all_gone = true;
    for (const PodPtr& pod : pods) {
      all_gone = co_await is_gone(pod, node);
      if (!all_gone) break;
    }
    if (all_gone) co_return true;
    co_await clock_.sleep_for(kPollInterval);
  }
  co_return false;
}

}  // namespace casim::sim
