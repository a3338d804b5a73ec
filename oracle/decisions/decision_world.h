// What the decision cases put around a unit: node groups behind the provider's port, the listers,
// a clock that stands still. The provider answers at once, and like one that is built into
// cluster-autoscaler: lookups by node give the group objects of the list.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "oracle/decisions/decision_objects.h"
#include "sim/autoscaler/cloudprovider/cloud_provider.h"
#include "sim/autoscaler/cluster/cluster_view.h"
#include "sim/autoscaler/cluster/cluster_writer.h"
#include "sim/autoscaler/cluster/event_recorder.h"
#include "sim/autoscaler/observers/loop_observer.h"
#include "sim/autoscaler/options/options.h"
#include "sim/autoscaler/order/order_policy.h"
#include "sim/autoscaler/simulator/compute_time.h"
#include "sim/kernel/kernel.h"
#include "src/async/task_scope.h"

namespace casim::oracle {

// A node group as the provider knows it.
struct DecisionGroup {
  std::string name;
  int min = 0;
  int max = 0;
  int target = 0;
  sim::NodePtr node_template;  // null: none
  bool zero_or_max = false;
  bool is_broken = false;         // its options cannot be read
  std::set<std::string> nodes{};  // registered ones, by name
  std::vector<sim::RpcInstance> instances{};
};

// The provider: groups that a case fills, and what was asked of them.
class DecisionProvider : public sim::ProviderRpc {
 public:
  explicit DecisionProvider(const sim::AutoscalerOptions& options) : options_(options) {}

  DecisionGroup& add_group(DecisionGroup group);
  DecisionGroup& group(const std::string& name);

  std::vector<DecisionGroup>& groups() { return groups_; }

  // A node of the group, with its instance.
  void add_node(const std::string& group, const sim::NodePtr& node);

  // Refuses an increase after it was counted, as upstream's fake provider does. None: never.
  std::function<bool(const std::string& group)> refuses_increase;
  bool refuses_decrease = false;
  // By name; that of any other pod is under the empty name. What is not there has no price.
  std::map<std::string, double> pod_prices;
  std::map<std::string, double> node_prices;

  struct Change {
    std::string group;
    int delta = 0;
    std::vector<std::string> nodes;  // of a deletion
  };

  const std::vector<Change>& increases() const { return increases_; }

  const std::vector<Change>& decreases() const { return decreases_; }

  const std::vector<Change>& deletions() const { return deletions_; }

  Reply<std::vector<sim::RpcNodeGroup>> node_groups(sim::RpcContext) override;
  Reply<std::optional<sim::RpcNodeGroup>> node_group_for_node(sim::RpcContext,
                                                              sim::NodePtr node) override;
  Reply<double> pricing_node_price(sim::RpcContext, sim::NodePtr, WallTime, WallTime) override;
  Reply<double> pricing_pod_price(sim::RpcContext, sim::PodSpecPtr, WallTime, WallTime) override;
  Reply<std::string> gpu_label(sim::RpcContext) override;
  Reply<std::vector<std::string>> get_available_gpu_types(sim::RpcContext) override;
  Reply<void> cleanup(sim::RpcContext) override;
  Reply<void> refresh(sim::RpcContext) override;
  Reply<int> target_size(sim::RpcContext, std::string group) override;
  Reply<void> increase_size(sim::RpcContext, std::string group, int delta) override;
  Reply<void> delete_nodes(sim::RpcContext, std::string group,
                           std::vector<sim::NodePtr> nodes) override;
  Reply<void> decrease_target_size(sim::RpcContext, std::string group, int delta) override;
  Reply<std::vector<sim::RpcInstance>> nodes(sim::RpcContext, std::string group) override;
  Reply<std::optional<sim::Node>> template_node_info(sim::RpcContext, std::string group) override;
  Reply<std::optional<sim::RpcOptions>> get_options(sim::RpcContext, std::string group,
                                                    sim::RpcOptions defaults) override;

 private:
  const sim::AutoscalerOptions& options_;
  std::vector<DecisionGroup> groups_;
  std::vector<Change> increases_;
  std::vector<Change> decreases_;
  std::vector<Change> deletions_;
};

// Remembers what the autoscaler said about its reasons.
class DecisionNotes : public sim::LoopObserver {
 public:
  void on_group_skipped(LoopId, std::string_view group, std::string_view reason) override {
    skipped.emplace_back(group, reason);
  }

  void on_node_unremovable(LoopId, std::string_view node, std::string_view reason,
                           std::string_view) override {
    unremovable[std::string(node)] = reason;
  }

  void on_scale_up_failed(LoopId, std::string_view, std::string_view reason, int nodes) override {
    ++failed_scale_ups[std::string(reason)];
    failed_nodes[std::string(reason)] += nodes;
  }

  std::vector<std::pair<std::string, std::string>> skipped;  // group, reason
  std::map<std::string, std::string> unremovable;            // node, reason
  std::map<std::string, int> failed_scale_ups;               // by reason
  std::map<std::string, int> failed_nodes;                   // by reason
};

// An API server that takes everything.
class DecisionWriter : public sim::ClusterWriter {
 public:
  Awaitable<Result<sim::NodePtr>> update_node(sim::NodeUpdate update) override;
  Awaitable<Result<sim::NodePtr>> get_node(std::string name) override;
  Awaitable<Result<void>> evict(sim::PodId pod, Duration grace) override;
  Awaitable<Result<sim::Pod>> get_pod(sim::PodId pod) override;
  Awaitable<Result<void>> write_status(sim::StatusWrite status) override;

  Awaitable<Result<void>> write_event() override;

  std::map<std::string, sim::NodePtr> nodes;
};

// Remembers the reasons of the events on the status ConfigMap, and writes none.
class DecisionEvents : public sim::EventRecorder {
 public:
  using sim::EventRecorder::EventRecorder;

  void about_status(std::string_view message) override {
    reasons.emplace_back(message.substr(0, message.find(' ')));
  }

  void about_pod(std::string_view reason, sim::PodId) override { about_pods.emplace_back(reason); }

  std::vector<std::string> reasons;     // about the status
  std::vector<std::string> about_pods;  // reasons, too
};

// All ports of a unit, and a kernel for its coroutines.
struct DecisionWorld {
  explicit DecisionWorld(sim::AutoscalerOptions given = {});

  // Runs to its end without moving time.
  template <class T>
  T run(Awaitable<T> task) {
    std::optional<T> result;
    spawn(kernel.executor(), keep(std::move(task), result));
    kernel.settle();
    if (!result) throw std::runtime_error("the unit waits for something");
    return std::move(*result);
  }

  void run(Awaitable<void> task);

  sim::AutoscalerOptions options;
  sim::Kernel kernel;
  Clock& clock;
  TaskScope scope;
  DecisionProvider rpc;
  sim::CloudProvider provider;
  sim::ClusterView view;
  sim::OrderPolicy order;
  sim::NoComputeTime compute_time;
  DecisionNotes notes;
  DecisionWriter writer;
  DecisionEvents events;

 private:
  template <class T>
  static Awaitable<void> keep(Awaitable<T> task, std::optional<T>& result) {
    result = co_await std::move(task);
  }
};

}  // namespace casim::oracle
