// The pod garbage collector: every 20 s it removes pods that no kubelet will end. Those of a node
// that is gone, after a quarantine of 40 s from the pass that missed it; those that are being
// deleted on a node which somebody has tainted out-of-service; the oldest finished ones beyond a
// threshold. Passes that would change nothing are not run. Source: algorithm 5.6,
// [k8s:pkg/controller/podgc/gc_controller.go].
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/apiserver/api_server.h"
#include "sim/cluster/watch.h"
#include "sim/controllers/rounds.h"

namespace casim::sim {

struct PodGarbageCollectorConfig {
  TimePoint start{};                         // of the controller manager; passes count from it
  int terminated_pod_gc_threshold = 12'500;  // 0: finished pods stay
};

class PodGarbageCollector final : public Watcher {
 public:
  // All outlive the controller. The client of that configuration becomes its own.
  PodGarbageCollector(Kernel& kernel, ApiServer& api, ApiClientConfig client,
                      PodGarbageCollectorConfig config);

  void on_watch(const WatchEvent& event) override;

 private:
  void on_pod(const Pod& pod);
  void on_node(const Node& node);
  bool pass();
  void collect_terminated();
  void collect_terminating();
  void collect_orphaned();
  std::vector<std::string> end_quarantines();
  void remove(PodId pod);
  bool has_work() const;

  Kernel& kernel_;
  ApiServer& api_;
  ApiClient& client_;
  PodGarbageCollectorConfig config_;
  Rounds passes_;
  std::map<std::string, std::set<NodeId>> orphaned_;  // by name: nodes that went and left pods
  std::map<std::string, TimePoint> quarantine_;       // by name: until when
  std::set<NodeId> out_of_service_;
  std::set<std::pair<WallTime, PodId>> finished_;  // by age
};

}  // namespace casim::sim
