// Who lifts scheduling gates, such as a queue of jobs that admits them: each gate of a pod some
// time after the pod was made, or at an instant. The pod is released with its last gate, and waits
// for ever for one that nobody lifts.
#pragma once

#include <map>
#include <optional>
#include <string>

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/apiserver/api_server.h"
#include "sim/cluster/watch.h"
#include "src/core/distribution.h"
#include "src/core/random.h"

namespace casim::sim {

// When one gate is lifted: so long after a pod's creation, or at once from an instant on.
struct GateLift {
  Distribution after;  // seconds
  TimePoint from = kTimeZero;
};

class GateLifter final : public Watcher {
 public:
  // Both outlive it, and the kernel runs no event after it. By the gates' names.
  GateLifter(ApiServer& api, const Random& random, std::map<std::string, GateLift> gates);

  void on_watch(const WatchEvent& event) override;

  // No gate is to be lifted that a pod of now waits for.
  bool is_over() const { return releases_.empty(); }

 private:
  // None: never.
  std::optional<TimePoint> released_at(const Pod& pod) const;
  void release(const Pod& pod);

  ApiServer& api_;
  const Random& random_;
  std::map<std::string, GateLift> gates_;
  ApiClient& client_;
  boost::unordered_flat_map<PodId::rep, EventHandle> releases_;  // to come; never walked
};

}  // namespace casim::sim
