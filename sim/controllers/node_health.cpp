#include "sim/controllers/node_health.h"

namespace casim::sim {

void NodeHealth::observe(TimePoint now, const Heartbeat* heartbeat, bool has_condition,
                         TimePoint created) {
  std::optional<TimePoint> renewed;
  std::optional<TimePoint> posted;
  if (heartbeat != nullptr) {
    renewed = heartbeat->renewed_at(now);
    posted = heartbeat->posted_at(now);
  }
  const std::optional<TimePoint> seen = renewed_;
  if (!is_known_) {
    last_sign_ = has_condition ? now : created;
  } else if (had_condition_ != has_condition || (has_condition && posted_ != posted)) {
    last_sign_ = now;
    renewed_.reset();  // a new status makes it forget the lease
  }
  is_known_ = true;
  had_condition_ = has_condition;
  posted_ = posted;
  if (renewed && (!seen || *seen < *renewed)) {
    renewed_ = renewed;
    last_sign_ = now;
  }
}

void NodeHealth::note_own_write(TimePoint now, const Heartbeat* heartbeat) {
  had_condition_ = true;
  renewed_ = heartbeat == nullptr ? std::nullopt : heartbeat->renewed_at(now);
}

}  // namespace casim::sim
