// Registration of nodes by Rancher: the install script, the system agent and Rancher's planner
// between the machine's own boot and the kubelet. Source: provisioning-paths.md 3.
#pragma once

#include <optional>

#include "src/core/distribution.h"
#include "src/core/time.h"

namespace casim::sim {

// Where a machine has its registration token from.
enum class RancherTokenSource {
  kStaticUserData,  // as it was when the launch template was written
  kFetchedAtBoot,
  kXrInjected,  // as it was when the machine was ordered
};

struct RancherTokenConfig {
  std::optional<Duration> ttl = std::chrono::hours(24 * 30);  // none: for ever, before v2.15.0
  Duration grace = std::chrono::minutes(180);  // the old one is good for so long after rotation
  Duration jitter_max = std::chrono::hours(24);
  Duration age{};  // of the first token when the run begins
  RancherTokenSource source = RancherTokenSource::kStaticUserData;
};

struct RancherOutage {
  Duration at{};
  Duration length{};
};

struct RancherConfig {
  Distribution script_download = Distribution::lognormal(1, 0.6);        // assumed
  Distribution ca_fetch = Distribution::lognormal(0.15, 0.6);            // assumed
  Distribution healthz = Distribution::lognormal(0.15, 0.6);             // assumed
  Distribution binary_download = Distribution::lognormal(4, 0.6);        // assumed
  Distribution connect_call = Distribution::lognormal(0.15, 0.6);        // assumed
  Distribution agent_start = Distribution::lognormal(1.5, 0.4);          // assumed
  Distribution machine_object_create = Distribution::lognormal(2, 0.6);  // assumed
  Distribution plan_ready = Distribution::lognormal(6, 0.7);             // assumed
  Distribution plan_apply = Distribution::lognormal(75, 0.4);            // assumed, from one report
  Duration planner_tick = std::chrono::seconds(5);
  double plan_fails = 0.005;  // assumed: share of tries
  Duration plan_cooldown = std::chrono::seconds(30);
  Duration node_lookup_tick = std::chrono::seconds(15);
  Duration retry_sleep = std::chrono::seconds(5);
  int max_tries = 4499;
  Duration connect_timeout = std::chrono::seconds(60);
  Duration max_time = std::chrono::seconds(60);  // of the first connect call, on the client's side
  int server_workers = 5;                        // assumed
  double http_errors = 0.001;                    // assumed: share of calls
  RancherTokenConfig token;
  std::optional<RancherOutage> unreachable;
  std::optional<Duration> ca_mismatch_from;  // machines that boot later fail for good
};

}  // namespace casim::sim
