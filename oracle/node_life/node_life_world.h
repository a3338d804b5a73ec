// The world of a node life case: API server, the simulator's own controllers, and kubelets, cloud
// and people that do as the case says. Runs the case and keeps what it asserts.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "oracle/node_life/node_life_given.h"
#include "oracle/node_life/node_life_owners.h"
#include "oracle/node_life/node_life_record.h"
#include "sim/apiserver/api_server.h"
#include "sim/apiserver/node_heartbeats.h"
#include "sim/controllers/cloud_node_lifecycle.h"
#include "sim/controllers/node_lifecycle.h"
#include "sim/controllers/pod_garbage_collector.h"
#include "sim/controllers/taint_eviction.h"
#include "sim/kernel/kernel.h"
#include "sim/workloads/job_controller.h"
#include "sim/workloads/pod_informer.h"
#include "sim/workloads/replica_set_controller.h"

namespace casim::oracle {

// Requires: `given` outlives it.
class NodeLifeWorld : private sim::FactSink,
                      private sim::Watcher,
                      private sim::CloudInstances,
                      private sim::WorkloadObserver {
 public:
  explicit NodeLifeWorld(const nlohmann::json& given);

  // To the end of the case's duration.
  void run();

  const NodeLifeRecord& record() const { return record_; }

 private:
  struct Kubelet {
    sim::NodeId node;
    std::string entry;
    Duration lease_period{};
    Duration status_period{};
    bool is_alive = true;
    std::uint64_t life = 0;  // counts its starts
  };

  struct PodStory {
    std::string name;
    std::string entry;  // empty: made by a controller
    Duration stop{};
    std::optional<TimePoint> marked;
  };

  void on_fact(TimePoint at, const sim::Fact& fact) override;
  void on_watch(const sim::WatchEvent& event) override;
  sim::CloudState state_of(const sim::Node& node) override;

  void on_status(const sim::WorkloadStatus&, const sim::WorkloadStatus&) override {}

  // What there is.
  void add_node(const nlohmann::json& entry, std::optional<TimePoint> added);
  void add_pods();
  void add_pod(const GivenPod& pod);
  void put_phase(sim::PodId pod, const std::string& phase);
  void add_owners();

  // What happens.
  void plan(const nlohmann::json& event);
  void apply(const nlohmann::json& event, const std::string& node);
  std::vector<std::string> nodes_of(const nlohmann::json& event) const;
  void stop_kubelet(Kubelet& kubelet);
  void start_kubelet(Kubelet& kubelet, const std::string& status);
  void post(const std::string& node, const std::string& status);
  void taint(const std::string& node, const nlohmann::json& event);
  void end_pods(const nlohmann::json& event);
  void stop_pod(sim::PodId pod);
  void settle_soon();

  // What is written down.
  void on_node(const sim::Node& node);
  void on_pod(const sim::Pod& pod);
  void on_pod_gone(const sim::Pod& pod);
  void write(const std::string& list, TimePoint at, std::vector<std::string> words,
             const std::string& entry);

  TimePoint now() const { return kernel_.now(); }

  const nlohmann::json& given_;
  NodeLifeFlags flags_;
  NodeLifeRecord record_;
  sim::Kernel kernel_;
  sim::Cluster cluster_;
  Random random_{1};
  sim::ApiServer api_;
  sim::NodeHeartbeats heartbeats_;
  sim::NodeLifecycle node_lifecycle_;
  sim::TaintEviction taint_eviction_;
  sim::PodGarbageCollector pod_gc_;
  std::optional<sim::CloudNodeLifecycle> cloud_;
  sim::JobController jobs_;
  sim::ReplicaSetController replica_sets_;
  sim::PodInformer informer_;
  NodeLifeOwners owners_;

  std::map<std::string, Kubelet> kubelets_;       // by name of node
  std::map<std::string, std::string> instances_;  // their state, where it is not "running"
  std::map<sim::NodeId, sim::Node> seen_;         // as told of so far, or changed by the case
  std::map<sim::PodId, PodStory> pods_;
  std::map<std::string, sim::PodId> pod_ids_;
  std::map<std::string, std::uint32_t> workloads_;  // number by owner, or by pod without one
  std::map<std::string, std::uint64_t> indexes_;    // pods of each so far
  bool has_begun_ = false;
  bool is_settling_ = false;
};

}  // namespace casim::oracle
