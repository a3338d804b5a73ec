// The path by Crossplane: what its processes are started with, what the composition looks like, and
// what is assumed of their surroundings. Source: provisioning-paths.md 1.1, 1.5.
#pragma once

#include "sim/paths/crossplane/breaker.h"
#include "src/core/distribution.h"
#include "src/core/time.h"

namespace casim::sim {

// What makes a create that is sent again the same one.
enum class CrossplaneClientToken { kNone, kXrUid };
// Whether the thing can be looked up before its create was answered.
enum class CrossplaneObserveUrl { kFromReply, kKnown };

struct CrossplaneConfig {
  // provider-http.
  int workers = 10;  // of each controller, and --max-reconcile-rate
  double global_rate = 10;
  int global_burst = 100;
  double kube_qps = 50;
  int kube_burst = 100;
  Duration backoff_base = std::chrono::seconds(1);
  Duration backoff_max = std::chrono::seconds(60);
  Duration poll = std::chrono::seconds(60);
  Duration poll_jitter{};
  Duration disposable_poll = std::chrono::seconds(30);
  Duration sync = std::chrono::hours(1);
  Duration reconcile_timeout = std::chrono::seconds(600);
  Duration http_timeout = std::chrono::seconds(300);
  Duration create_grace = std::chrono::seconds(30);
  bool http_error_is_create_success = true;
  double pod_restarts_per_day = 0;
  Duration pod_restart_time = std::chrono::seconds(20);  // assumed: a start, a lease, the lists
  // Of a Request that a crash has left in the middle of its creation, until somebody frees it; 0:
  // nobody does.
  Duration operator_after{};
  // Crossplane itself.
  int xr_workers = 100;
  Duration xr_backoff_base = std::chrono::seconds(1);
  Duration xr_backoff_max = std::chrono::seconds(30);
  Distribution pipeline = Distribution::lognormal(0.3, 0.5);  // assumed
  bool realtime = true;
  Duration xr_poll = std::chrono::seconds(60);  // without realtime, give or take a tenth
  BreakerConfig breaker;
  // The composition.
  CrossplaneClientToken client_token = CrossplaneClientToken::kNone;
  CrossplaneObserveUrl observe_url = CrossplaneObserveUrl::kFromReply;
  // The provider reads errors out of the XR, and so fails the slot; else it waits.
  bool report_errors = false;
  // Assumed.
  Distribution kube_call = Distribution::lognormal(0.02, 0.5);
  Distribution watch_delay = Distribution::lognormal(0.05, 0.5);
};

}  // namespace casim::sim
