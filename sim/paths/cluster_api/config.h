// What the controllers of Cluster API are started with, and what is assumed of their surroundings.
// Source: provisioning-paths.md 2.2, 2.5.
#pragma once

#include <optional>

#include "src/core/distribution.h"
#include "src/core/time.h"

namespace casim::sim {

// Of a MachineSet that shrinks; Random is not.
enum class MachineDeleteOrder { kRandom, kNewest, kOldest };

struct HealthCheckConfig {
  bool enabled = false;
  Duration node_startup_timeout = std::chrono::seconds(600);  // 0: none
  Duration unhealthy_after{};            // a node that is not Ready for longer; 0: no such check
  std::optional<int> max_in_flight;      // of a deployment's machines, deleted at a time
  std::optional<int> at_most_unhealthy;  // more than that: none is touched
  Duration spacing = std::chrono::seconds(15);
  int workers = 50;
};

struct ClusterApiConfig {
  int deployment_workers = 50;
  int set_workers = 50;
  int machine_workers = 100;
  int infra_workers = 10;  // assumed
  Duration min_spacing = std::chrono::seconds(1);
  Duration backoff_base = std::chrono::milliseconds(5);  // on top of the spacing
  Duration backoff_cap = std::chrono::seconds(1000);
  double kube_qps = 100;
  int kube_burst = 200;
  Distribution kube_call = Distribution::lognormal(0.02, 0.5);    // assumed, as Crossplane's
  Distribution watch_delay = Distribution::lognormal(0.05, 0.5);  // assumed
  Duration preflight_retry = std::chrono::seconds(15);
  Distribution bootstrap_secret = Distribution::lognormal(0.5, 0.5);  // assumed
  Duration infra_poll_pending = std::chrono::seconds(20);             // assumed: 5 to 30 s
  Duration defer_no_provider_id = std::chrono::seconds(5);
  Duration missing_ref_retry = std::chrono::seconds(30);
  Duration sync_period = std::chrono::seconds(600);
  MachineDeleteOrder delete_order = MachineDeleteOrder::kRandom;
  HealthCheckConfig health_check;
};

// Somebody else who owns `replicas`, such as a repository that is applied again and again.
struct SecondWriterConfig {
  Duration period = std::chrono::minutes(3);  // assumed: the default of common GitOps controllers
  int replicas = 0;                           // that it sets back to
};

// The whole path: its controllers, its infrastructure provider, and the autoscaler's end of it.
struct ClusterApiPathConfig {
  ClusterApiConfig controllers;
  // A Machine in phase Failed is reported and stays so.
  bool failed_phase_terminal = true;
  // What the real provider cannot tell: class 1 for a lack of capacity.
  bool report_ice_as_out_of_resources = false;
  bool client_token = true;  // of the launch: the Machine's uid
  std::optional<SecondWriterConfig> second_writer;
};

}  // namespace casim::sim
