// What casim live says: where it listens and how to start the autoscaler, what happens, and what
// came of it all.
#pragma once

#include <cstdio>
#include <map>
#include <string>

#include "sim/events/facts.h"
#include "sim/live/fleet_account.h"
#include "sim/scenario/scenario.h"

namespace casim::sim {

// How a real autoscaler reaches the provider.
struct LivePlace {
  std::string address;       // "127.0.0.1:8086"
  std::string cloud_config;  // file; empty: none is written
  std::string kubeconfig;    // likewise
};

// What the file of --cloud-config holds.
std::string cloud_config_text(const std::string& address);

// Groups, address and the command that starts the autoscaler, with the scenario's flags.
std::string live_greeting(const Scenario& scenario, const LivePlace& place, double speed);

// What of the scenario plays no part, a line each; empty: nothing.
std::string unplayed_text(const Scenario& scenario);

std::string account_text(const FleetAccount& account, Duration length);

// Prints what happens to machines and nodes as it happens, a line each.
class LiveStory final : public FactSink {
 public:
  // The file outlives it.
  explicit LiveStory(std::FILE* out) : out_(out) {}

  void on_fact(TimePoint at, const Fact& fact) override;

 private:
  std::FILE* out_;
  std::map<NodeId, std::string> names_;  // of nodes that are there
};

}  // namespace casim::sim
