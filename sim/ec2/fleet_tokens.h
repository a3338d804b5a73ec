// What CreateFleet calls got, by client token: a replay with equal parameters answers the same. The
// token lives as long as one of RunInstances. Source: ec2.md 1.4 (IDM).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/ec2/reservations.h"
#include "src/core/time.h"
#include "src/ec2/action.h"

namespace casim::sim {

struct FleetLaunch {
  std::uint64_t parameters = 0;  // hash of all but the token
  ec2::CreateFleetReply reply = {};
  std::vector<LaunchReservationPtr> reservations = {};
  TimePoint answered{};
};

class FleetTokens {
 public:
  explicit FleetTokens(Duration ttl) : ttl_(ttl) {}

  void remember(const std::string& token, FleetLaunch launch);
  // nullptr: the token is free.
  const FleetLaunch* find(const std::string& token, TimePoint now);

  std::uint64_t take_number() { return fleets_++; }  // of a new fleet

 private:
  Duration ttl_;
  std::map<std::string, FleetLaunch> by_token_;
  std::uint64_t fleets_ = 0;
};

}  // namespace casim::sim
