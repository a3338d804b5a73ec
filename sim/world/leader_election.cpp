#include "sim/world/leader_election.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "sim/faults/spell.h"

namespace casim::sim {
namespace {

constexpr double kJitterFactor = 1.2;
// Of more looks in a lease, one makes no difference.
constexpr Duration::rep kLooksMax = 1000;

}  // namespace

LeaderElection::LeaderElection(std::string name, LeaseTimes times, Ports ports, Callbacks callbacks)
    : name_(std::move(name)),
      key_(hash_bytes(name_)),
      times_(times),
      ports_(ports),
      callbacks_(std::move(callbacks)) {
  elected_ = kTimeZero - from_seconds(draw("leader.renewal", 0) * to_seconds(times_.retry_period));
}

TimePoint LeaderElection::last_renewal(TimePoint up_to) const {
  const Duration led = std::max(Duration{}, up_to - elected_);
  return elected_ + led / times_.retry_period * times_.retry_period;
}

// The first renewal that fails is followed up: at its deadline the leader exits, unless a try
// between has got through.
void LeaderElection::on_outage(const ApiOutages::Outage& outage) {
  if (!has_leader_ || ports_.outages.has_leases(outage.from)) return;
  TimePoint failure = last_renewal(outage.from);
  if (failure < outage.from) failure += times_.retry_period;
  ports_.kernel.at(later(failure, times_.renew_deadline), Phase::kWorld,
                   [this, failure, term = term_] {
                     if (term != term_ || !has_leader_ || survives(failure)) return;
                     lose(failure - times_.retry_period);
                   });
}

bool LeaderElection::survives(TimePoint first_failure) {
  const TimePoint deadline = first_failure + times_.renew_deadline;
  TimePoint at = first_failure;
  while (at < deadline) {
    const TimePoint next = ports_.outages.leases_from(at);
    if (next == at) return true;
    // Tries that fail are not looked at one by one.
    const Duration missed = std::min(next, deadline) - at;
    const auto periods = (missed + times_.retry_period - Duration(1)) / times_.retry_period;
    at += periods * times_.retry_period;
  }
  const auto n = static_cast<std::uint64_t>(deadline.time_since_epoch().count());
  return at == deadline && ports_.outages.has_leases(at) && draw("leader.last_try", n) < 0.5;
}

void LeaderElection::lose(TimePoint renewed) {
  ports_.facts.on_fact(ports_.kernel.now(), LeaderLost{name_});
  has_leader_ = false;
  if (callbacks_.on_lost) callbacks_.on_lost();
  await_successor(renewed);
}

void LeaderElection::on_death() {
  has_leader_ = false;
  TimePoint renewed = last_renewal(ports_.kernel.now());
  while (!ports_.outages.has_leases(renewed)) renewed -= times_.retry_period;
  await_successor(renewed);
}

void LeaderElection::on_return() {
  ++term_;
  elected_ = ports_.kernel.now();
  has_leader_ = true;
}

void LeaderElection::await_successor(TimePoint renewed) {
  ports_.kernel.at(succession(renewed), Phase::kWorld, [this, renewed, term = term_] {
    if (term != term_ || has_leader_) return;
    // An outage that came meanwhile puts it off.
    if (succession(renewed) > ports_.kernel.now()) return await_successor(renewed);
    on_return();
    ports_.facts.on_fact(elected_, LeaderElected{name_});
    if (callbacks_.on_elected) callbacks_.on_elected();
  });
}

// The waiter sees the last renewal at its first look after it that gets through, which an outage
// may put off, and counts the lease from then.
TimePoint LeaderElection::succession(TimePoint renewed) const {
  const TimePoint now = ports_.kernel.now();
  if (times_.lease_duration / times_.retry_period > kLooksMax) {
    const TimePoint expires = later(renewed, times_.lease_duration);
    return std::max(now, ports_.outages.leases_from(expires));
  }
  TimePoint look = renewed + first_look(0);
  std::optional<TimePoint> seen;
  for (std::uint64_t n = 1;; ++n) {
    const TimePoint up = ports_.outages.leases_from(look);
    if (up == kTimeNever) return up;
    if (up > look) {
      look = up + first_look(n);
      continue;
    }
    if (!seen) seen = look;
    if (look >= *seen + times_.lease_duration && look >= now) return look;
    look += pause(draw("leader.pause", n));
  }
}

double LeaderElection::draw(std::string_view purpose, std::uint64_t n) const {
  return ports_.random.uniform(purpose, hash_combine(key_, term_), n);
}

// wait.JitterUntil
Duration LeaderElection::pause(double luck) const {
  return from_seconds(to_seconds(times_.retry_period) * (1 + kJitterFactor * luck));
}

// From any instant to the next look: a pause that meets it, the longer the likelier, and where.
Duration LeaderElection::first_look(std::uint64_t n) const {
  constexpr double kLongest = 1 + kJitterFactor;
  const double met = std::sqrt(1 + draw("leader.first_pause", n) * (kLongest * kLongest - 1));
  return from_seconds(met * draw("leader.first_look", n) * to_seconds(times_.retry_period));
}

}  // namespace casim::sim
