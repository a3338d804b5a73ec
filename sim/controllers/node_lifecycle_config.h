// Flags of kube-controller-manager about nodes, by their names and with their defaults (1.37).
#pragma once

#include "src/core/time.h"

namespace casim::sim {

// How fast nodes that are not Ready are given their NoExecute taint.
struct EvictionRates {
  double node_eviction_rate = 0.1;             // taints a second in a zone
  double secondary_node_eviction_rate = 0.01;  // in a large zone that is partly down
  double unhealthy_zone_threshold = 0.55;      // share that is down from which on it is partly so
  int large_cluster_size_threshold = 50;       // nodes of a zone above which it is large
};

struct NodeLifecycleConfig {
  TimePoint start{};  // of the controller manager; rounds and passes count from it
  Duration node_monitor_period = std::chrono::seconds(5);
  Duration node_monitor_grace_period = std::chrono::seconds(50);  // since 1.32
  Duration node_startup_grace_period = std::chrono::seconds(60);  // of a node without status
  EvictionRates rates;
};

}  // namespace casim::sim
