// The cloud node lifecycle controller of a cloud controller manager: every 5 s it asks the cloud
// about each node that is not Ready. It deletes those whose machine is gone, and keeps pods off
// those whose machine is stopped. Rounds that would change nothing are not run. Source: algorithm
// 5.6, cloud-provider/controllers/nodelifecycle. Its calls to the cloud are not modelled.
#pragma once

#include <set>

#include "sim/apiserver/api_server.h"
#include "sim/cluster/watch.h"
#include "sim/controllers/cloud_instances.h"
#include "sim/controllers/rounds.h"

namespace casim::sim {

struct CloudNodeLifecycleConfig {
  TimePoint start{};  // of the cloud controller manager; rounds count from it
  Duration node_monitor_period = std::chrono::seconds(5);
};

class CloudNodeLifecycle final : public Watcher {
 public:
  // All outlive the controller. The client of that configuration becomes its own.
  CloudNodeLifecycle(Kernel& kernel, ApiServer& api, CloudInstances& cloud, ApiClientConfig client,
                     CloudNodeLifecycleConfig config);

  void on_watch(const WatchEvent& event) override;

 private:
  bool round();
  bool examine(const Node& node);  // false: the node is as it should be

  ApiServer& api_;
  CloudInstances& cloud_;
  ApiClient& client_;
  Rounds rounds_;
  std::set<NodeId> suspects_;  // not Ready, or Ready and still tainted
};

}  // namespace casim::sim
