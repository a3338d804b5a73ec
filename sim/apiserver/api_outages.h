// When the Kubernetes API server is down or slow, and for whom. Source: algorithm 1.1, 5.6.
//   - Down: a request of that time fails. It has no effect, and its client hears so at once
//     (Unavailable), as of a refused connection. Nothing is written, so that watches show nothing;
//     they go on afterwards. Pods go on running.
//   - Slow: each request takes so much longer. From kLeaseTimeout on leaders cannot renew their
//     leases, from kHeartbeatTimeout on kubelets cannot either.
// Not modelled: what kubelets report is not slowed; of several slow spells each is judged alone for
// leases; requests that hang until they time out, writes that take effect although their
// answer is lost, watches that are slow or must list anew, a server that is overrun afterwards.
#pragma once

#include <functional>
#include <vector>

#include "src/core/time.h"

namespace casim::sim {

class ApiOutages {
 public:
  // Half of the renew deadline, as NewFromKubeconfig of client-go's resourcelock sets it.
  static constexpr Duration kLeaseTimeout = std::chrono::seconds(5);
  // Of the kubelet's client for its leases: the renewal interval.
  static constexpr Duration kHeartbeatTimeout = std::chrono::seconds(10);

  struct Outage {
    TimePoint from{};
    TimePoint to{};    // the first instant at which it is over
    Duration delay{};  // of a request; 0: down
  };

  // At its first instant. Several may last at once: down counts before slow, delays add up.
  void begin(const Outage& outage);
  // Told of each, at its first instant.
  void when_one_begins(std::function<void(const Outage&)> callback);

  // Of an instant up to now, or later if no other outage begins until then.
  bool is_down(TimePoint at) const;
  bool has_leases(TimePoint at) const;      // leaders can renew and take them
  bool has_heartbeats(TimePoint at) const;  // kubelets can renew theirs
  Duration delay(TimePoint at) const;

  // The first instant from then on at which it is not down, or has leases, as far as is known.
  TimePoint up_from(TimePoint at) const;
  TimePoint leases_from(TimePoint at) const;

  // The last instant up to that one at which kubelets were heard.
  TimePoint last_heard(TimePoint at) const;

 private:
  // The first instant from `at` on that no outage lasts of those that matter.
  template <class Matters>
  TimePoint over_from(TimePoint at, Matters matters) const;
  template <class Matters>
  bool any(TimePoint at, Matters matters) const;

  std::vector<Outage> outages_;
  std::vector<std::function<void(const Outage&)>> listeners_;
};

}  // namespace casim::sim
