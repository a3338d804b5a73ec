#include "sim/apiserver/api_outages.h"

#include <algorithm>
#include <utility>

namespace casim::sim {
namespace {

using Outage = ApiOutages::Outage;

bool lasts(const Outage& outage, TimePoint at) { return outage.from <= at && at < outage.to; }

bool is_down_in(const Outage& outage) { return outage.delay == Duration{}; }

}  // namespace

void ApiOutages::begin(const Outage& outage) {
  outages_.push_back(outage);
  for (const auto& listener : listeners_) listener(outage);
}

void ApiOutages::when_one_begins(std::function<void(const Outage&)> callback) {
  listeners_.push_back(std::move(callback));
}

template <class Matters>
bool ApiOutages::any(TimePoint at, Matters matters) const {
  return std::ranges::any_of(
      outages_, [&](const Outage& outage) { return lasts(outage, at) && matters(outage); });
}

template <class Matters>
TimePoint ApiOutages::over_from(TimePoint at, Matters matters) const {
  for (bool is_over = false; !is_over;) {
    is_over = true;
    for (const Outage& outage : outages_) {
      if (!lasts(outage, at) || !matters(outage)) continue;
      at = outage.to;
      is_over = false;
    }
  }
  return at;
}

bool ApiOutages::is_down(TimePoint at) const { return any(at, is_down_in); }

bool ApiOutages::has_leases(TimePoint at) const { return leases_from(at) == at; }

bool ApiOutages::has_heartbeats(TimePoint at) const { return last_heard(at) == at; }

Duration ApiOutages::delay(TimePoint at) const {
  Duration sum{};
  for (const Outage& outage : outages_) {
    if (lasts(outage, at)) sum += outage.delay;
  }
  return sum;
}

TimePoint ApiOutages::up_from(TimePoint at) const { return over_from(at, is_down_in); }

TimePoint ApiOutages::leases_from(TimePoint at) const {
  return over_from(
      at, [](const Outage& outage) { return is_down_in(outage) || outage.delay >= kLeaseTimeout; });
}

TimePoint ApiOutages::last_heard(TimePoint at) const {
  for (bool is_heard = false; !is_heard;) {
    is_heard = true;
    for (const Outage& outage : outages_) {
      const bool silences = is_down_in(outage) || outage.delay >= kHeartbeatTimeout;
      if (!silences || !lasts(outage, at)) continue;
      at = outage.from - Duration(1);
      is_heard = false;
    }
  }
  return at;
}

}  // namespace casim::sim
