// What the node lifecycle controller remembers of a node between two rounds: which signs of life it
// has seen, and when it saw the last new one. Upstream's nodeHealthData and tryUpdateNodeHealth
// [k8s:pkg/controller/nodelifecycle/node_lifecycle_controller.go].
#pragma once

#include <optional>

#include "sim/apiserver/heartbeat.h"
#include "src/core/time.h"

namespace casim::sim {

class NodeHealth {
 public:
  // What the API server shows in a round at `now`. `has_condition`: the node has a condition Ready;
  // one that never had counts from its creation.
  void observe(TimePoint now, const Heartbeat* heartbeat, bool has_condition, TimePoint created);

  // The round that saw the last sign of life. Requires: observed.
  TimePoint last_sign() const { return last_sign_; }

  void set_last_sign(TimePoint t) { last_sign_ = t; }

  // The controller itself has written the status, which then has a condition.
  void note_own_write(TimePoint now, const Heartbeat* heartbeat);

 private:
  bool is_known_ = false;
  bool had_condition_ = false;
  std::optional<TimePoint> renewed_;  // the lease as seen; none: not seen, or forgotten
  std::optional<TimePoint> posted_;
  TimePoint last_sign_{};
};

}  // namespace casim::sim
