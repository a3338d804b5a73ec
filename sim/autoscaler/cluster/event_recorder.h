// CA's Kubernetes Events: written one by one by a task of their own, which shares the client's
// limit with the loop, so that a burst of them makes each of the loop's requests wait. An event
// that was written less than 5 min ago is skipped, one that finds 1,000 waiting is dropped
// (without --record-duplicated-events). Source: client-go tools/record (event.go, events_cache.go),
// CA utils/kubernetes/factory.go.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <string_view>

#include "sim/autoscaler/cluster/cluster_writer.h"
#include "sim/autoscaler/options/options.h"
#include "sim/cluster/objects.h"
#include "src/async/task_scope.h"
#include "src/core/clock.h"

namespace casim::sim {

// Returns at once; the writing is a task of its own.
class EventRecorder {
 public:
  // All outlive it; the scope is cancelled before it dies.
  EventRecorder(const AutoscalerOptions& options, ClusterWriter& writer, const Clock& clock,
                TaskScope& scope);

  virtual ~EventRecorder() = default;

  // One event each: its reason, and the object that it is about.
  virtual void about_pod(std::string_view reason, PodId pod);
  void about_node(std::string_view reason, std::string_view node);
  void about_config_map(std::string_view reason, std::string_view name);
  // On the status ConfigMap, where each message is an event of its own.
  virtual void about_status(std::string_view message);

 private:
  void record(std::uint64_t key);
  Awaitable<void> write_all();
  bool is_spam(std::uint64_t key);
  void forget_old();

  const AutoscalerOptions& options_;
  ClusterWriter& writer_;
  const Clock& clock_;
  TaskScope& scope_;
  std::deque<std::uint64_t> waiting_;  // by key: what an event says decides nothing
  bool is_writing_ = false;
  boost::unordered_flat_map<std::uint64_t, TimePoint> written_;  // lookups only
  std::size_t written_max_;
};

}  // namespace casim::sim
