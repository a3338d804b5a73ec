// What a RunInstances call got, and which client token stands for it: a replay of the token with
// equal parameters answers with the same instances. Source: ec2.md 1.4 (IDM, ERR).
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "src/core/time.h"
#include "src/ec2/action.h"

namespace casim::sim {

// The token counts per zone if the request fixes one, else for the region.
struct ClientTokenKey {
  std::string token;
  std::string zone;  // empty: the region

  auto operator<=>(const ClientTokenKey&) const = default;
};

// What one accepted RunInstances call got.
struct LaunchReservation {
  ClientTokenKey key;                    // empty token: none
  std::uint64_t parameters = 0;          // hash of all but token and zone
  std::vector<std::uint64_t> instances;  // numbers in the fleet
  std::size_t live = 0;                  // of them, not terminated
  TimePoint ended = kTimeNever;          // when the last one terminated
  TimePoint accepted{};                  // when the first call was answered
  std::uint64_t replays = 0;
};

// Shared by the token and by each instance, because EC2 forgets a terminated instance after an
// hour and its token only after a day.
using LaunchReservationPtr = std::shared_ptr<LaunchReservation>;

// Hash of what a replay must repeat: all but token and zone; the order of tags does not count.
std::uint64_t parameters_of(const ec2::RunInstancesRequest& request);

// Which reservation stands behind a client token.
class LaunchReservations {
 public:
  // `ttl`: how long a token lives after its last instance.
  explicit LaunchReservations(Duration ttl) : ttl_(ttl) {}

  void remember(LaunchReservationPtr reservation);  // Requires: it has a token that is not known
  // nullptr: the token is free.
  LaunchReservationPtr find(const ClientTokenKey& key, TimePoint now);
  // The token of a reservation lives for the ttl after its last instance terminated.
  void on_all_terminated(LaunchReservation& reservation, TimePoint now);

 private:
  void forget_expired(TimePoint now);

  Duration ttl_;
  std::map<ClientTokenKey, LaunchReservationPtr> by_token_;
  std::deque<std::pair<TimePoint, ClientTokenKey>> expiring_;  // by time
};

}  // namespace casim::sim
