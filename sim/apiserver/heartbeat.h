// A kubelet's signs of life as the API server shows them: its lease and its status posts, as
// functions of time, so that no event stands for a sign. Source: algorithm 5.6 (lease every 10 s,
// status at least every 5 min). Signs of a time at which the server is down are not seen.
#pragma once

#include <optional>
#include <vector>

#include "sim/apiserver/api_outages.h"
#include "src/core/time.h"

namespace casim::sim {

// Something that happens at first, first + period, ..., and after `until` no more.
struct Beats {
  TimePoint first{};
  Duration period{};  // 0: never
  TimePoint until = kTimeNever;

  std::optional<TimePoint> last(TimePoint now) const;  // the newest up to now
};

// Of one node.
class Heartbeat {
 public:
  Heartbeat(Beats lease, Beats status) : lease_(lease), status_(status) {}

  // From now on as these say.
  void start(Beats lease, Beats status);
  void stop(TimePoint now);         // the kubelet is dead
  void stop_status(TimePoint now);  // it renews its lease, but posts no status
  void post(TimePoint now);         // a status beside those of the rhythm

  // null: the server is always up. Outlives it.
  void show_through(const ApiOutages* outages) { outages_ = outages; }

  std::optional<TimePoint> renewed_at(TimePoint now) const;
  std::optional<TimePoint> posted_at(TimePoint now) const;

  // The time between two renewals if they go on for ever; none: they do not.
  std::optional<Duration> lasting_period() const;

 private:
  bool is_seen(TimePoint sign) const {
    return outages_ == nullptr || outages_->has_heartbeats(sign);
  }

  std::optional<TimePoint> last_seen(const Beats& beats, TimePoint now) const;

  const ApiOutages* outages_ = nullptr;
  Beats lease_;
  Beats status_;
  std::vector<TimePoint> posts_;  // beside the rhythm, in order
};

}  // namespace casim::sim
