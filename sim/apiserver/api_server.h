// The API server: every write of the world passes it, and everybody sees the world through its
// watches. It models what costs time and what decides: client-side rate limits, write latency,
// watch delay, conflicts of stale writes, and object times cut to whole seconds. It reports the
// facts of pods and nodes when a write is applied. State and invariants are the Cluster's.
// Source: design section 1, algorithm 5.4.
//
// Clients (ApiClient) are limited. The operations here are the world's own and act at once:
// machines that register, kubelets that report, the initial state. While the server is down
// (api_outages.h) what kubelets report waits until it is up and they look at it again, within 10 s
// [k8s: pkg/kubelet/status, syncPeriod].
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/apiserver/api_client.h"
#include "sim/apiserver/api_outages.h"
#include "sim/apiserver/claim_binder.h"
#include "sim/apiserver/watch_log.h"
#include "sim/cluster/cluster.h"
#include "sim/cluster/watch.h"
#include "sim/events/facts.h"
#include "sim/kernel/kernel.h"
#include "src/core/distribution.h"
#include "src/core/random.h"
#include "src/core/result.h"

namespace casim::sim {

// What a write costs.
struct ApiServerConfig {
  Distribution write_latency;  // default none; scenarios give p50 and p99
};

// A node as its kubelet registers it.
struct NewNode {
  Node node;  // id, version, stamp and the not-ready taint are the server's
  std::string instance;
  std::string group;  // empty: of none
};

// Whether a client may create such a pod: admission, as of a quota.
using PodAdmission = std::function<Result<void>(const NewPod&)>;

// One API server with its etcd, watches and clients.
class ApiServer {
 public:
  // All outlive the server.
  ApiServer(Kernel& kernel, Cluster& cluster, FactSink& facts, Random random,
            ApiServerConfig config);
  ApiServer(const ApiServer&) = delete;
  ApiServer& operator=(const ApiServer&) = delete;

  ApiClient& add_client(ApiClientConfig config);  // lives as long as the server

  // All clients of that name (ApiClient::die, hold, release).
  void end_clients(std::string_view name);
  void hold_clients(std::string_view name);
  void release_clients(std::string_view name);

  // Asked for each pod that a client creates. Without one nothing is refused.
  void admit_pods_by(PodAdmission admission) { admission_ = std::move(admission); }

  ApiOutages& outages() { return outages_; }

  const ApiOutages& outages() const { return outages_; }

  ClaimBinder& claims() { return claims_; }

  // Lists all there is (at once, inline), then delivers every write, in order.
  void add_watcher(Watcher& watcher, WatchOptions options);
  void remove_watcher(Watcher& watcher);
  void list(Watcher& watcher) const;  // only lists

  // --- pods, without limit, latency or turn
  PodId create_pod(NewPod pod);
  Result<void> bind(PodId pod, NodeId node);  // initial state; errors as ApiClient::bind
  Result<void> delete_pod(PodId pod, PodEnd how, Duration grace);
  // Kubelet. Each does nothing for a pod that has ended meanwhile.
  void set_running(PodId pod, bool is_ready = true);  // Ready with it: no readiness probe
  void set_ready(PodId pod, bool ready);              // Requires: it runs
  void complete(PodId pod, bool succeeded = true);    // or Failed; nobody keeps the object
  void finish(PodId pod, bool succeeded);             // likewise, but the object stays
  void finish_deletion(PodId pod);  // the grace period is over and the containers are gone
  // Goes at once, whoever may still run it: as its deletion began, or else as lost.
  Result<void> remove_pod(PodId pod);
  void ungate(PodId pod);
  // The kubelet is dead: what it could not report yet it never will.
  void forget_reports(NodeId node);

  // --- nodes
  // With the not-ready taint unless it is ready already. Requires: the name is free, and the server
  // is up.
  NodeId create_node(NewNode node);
  // The Ready condition as its kubelet posts it, and the NoSchedule taint with it.
  void set_node_ready(NodeId node, bool ready);
  // Anything else: allocatable, labels, conditions. Does nothing for a node that is gone.
  void edit_node(NodeId node, const std::function<void(Node&)>& change);
  // Its pods stay, until somebody ends them.
  void delete_node(NodeId node);

  // --- owners and budgets
  void put_owner(Owner owner);
  void remove_owner(const std::string& uid);
  void put_pdb(PodDisruptionBudget pdb);  // also by whoever plays the disruption controller

  const Cluster& cluster() const { return cluster_; }

  Kernel& kernel() { return kernel_; }

 private:
  friend class ApiClient;

  // What a kubelet could not tell in an outage, in order, and when it does.
  struct Reports {
    std::vector<std::move_only_function<void()>> queue;
    EventHandle next;
  };

  TimePoint now() const { return kernel_.now(); }

  WallTime stamp() const { return cut_to_second(kernel_.wall(kernel_.now())); }

  Duration write_latency(const char* purpose, std::uint64_t key, std::uint64_t n) const;
  Result<void> mark_unschedulable(PodId pod, const std::optional<std::string>& nominated);
  Result<void> mark_preempted(PodId pod);
  Result<void> nominate(PodId pod, const std::string& node);
  Result<void> take_disruption(const Pod& pod);
  Result<NodePtr> update_node(NodeId node, std::uint64_t resource_version,
                              ApiClient::NodeChange& change);
  void put_version(NodeId node, Node next);
  void end_pod(PodId pod, PodEnd how);
  void publish_pod(const Pod& pod);
  // True: the server is down, or was and the node's kubelet still has to tell what happened
  // meanwhile; it does this again when that is told.
  bool is_put_off(NodeId node, const std::string& name, std::move_only_function<void()> again);
  void await_kubelet(NodeId node, const std::string& name);

  void report(const Fact& fact) { facts_.on_fact(kernel_.now(), fact); }

  Kernel& kernel_;
  Cluster& cluster_;
  FactSink& facts_;
  Random random_;
  ApiServerConfig config_;
  PodAdmission admission_;
  ClaimBinder claims_;
  WatchLog watches_;
  ApiOutages outages_;
  std::map<NodeId, Reports> reports_;
  std::vector<std::unique_ptr<ApiClient>> clients_;
};

}  // namespace casim::sim
