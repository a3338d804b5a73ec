// The node lifecycle controller of kube-controller-manager: notices nodes that fall silent, taints
// what is not Ready, and rations the NoExecute taints by zone. Source: algorithm 5.6,
// [k8s:pkg/controller/nodelifecycle/node_lifecycle_controller.go].
//
// Every 5 s a round looks at all nodes. One that shows no new sign of life since the round that saw
// its last one turns Unknown after the grace period. What is not Ready is queued for a NoExecute
// taint, which the zone's limiter gives out in passes of 100 ms; only a round takes it off again.
// Rounds and passes that would change nothing are not run: a node that is Ready, untainted and
// renews its lease is not looked at.
// Not modelled: the time of a round, its requests other than writes, pods marked not Ready, taints
// of other conditions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/apiserver/api_server.h"
#include "sim/apiserver/node_heartbeats.h"
#include "sim/cluster/node_condition.h"
#include "sim/cluster/watch.h"
#include "sim/controllers/disruption_zone.h"
#include "sim/controllers/node_health.h"
#include "sim/controllers/node_lifecycle_config.h"
#include "sim/controllers/rounds.h"
#include "src/core/random.h"

namespace casim::sim {

class NodeLifecycle final : public Watcher {
 public:
  // All outlive the controller. The client of that configuration becomes its own.
  NodeLifecycle(Kernel& kernel, ApiServer& api, NodeHeartbeats& heartbeats, const Random& random,
                ApiClientConfig client, NodeLifecycleConfig config);
  ~NodeLifecycle() override;
  NodeLifecycle(const NodeLifecycle&) = delete;
  NodeLifecycle& operator=(const NodeLifecycle&) = delete;

  void on_watch(const WatchEvent& event) override;

 private:
  // How a node counts in its zone.
  enum class Share : std::uint8_t { kNone, kReady, kNotReady };

  struct Known {
    NodePtr node;
    DisruptionZone* zone = nullptr;
    Share share = Share::kNone;
    TimePoint since{};
    TimePoint turn_at = TimePoint::min();  // its last one; the taint may be on its way
  };

  // A node that rounds look at.
  struct Examined {
    NodeHealth health;
    bool was_in_a_round = false;
  };

  using Zones = std::map<std::string, DisruptionZone>;

  void on_changed(const NodePtr& node);
  void on_removed(NodeId id);
  void on_heartbeat(NodeId id);
  bool needs_rounds(const Node& node) const;
  void examine_from_now_on(NodeId id);

  bool round();
  std::vector<NodeId> in_no_order() const;
  void examine(NodeId id, Examined& examined);
  void set_unknown(NodeId id, ReadyStatus seen);
  void taint_by(ReadyStatus status, const Known& known);
  void mark_reachable(const Known& known);
  void swap_no_execute(NodeId id, std::string_view on, std::string_view off);
  void count(Known& known, ReadyStatus status);
  void forget_calm_nodes();

  void handle_disruption();
  void stop_tainting();
  void resume_tainting();

  void arm_pass();
  void pass();
  void take_turn(const std::string& name);

  TimePoint now() const { return kernel_.now(); }

  Kernel& kernel_;
  ApiServer& api_;
  NodeHeartbeats& heartbeats_;
  const Random& random_;
  ApiClient& client_;
  NodeLifecycleConfig config_;
  Rounds rounds_;
  EventHandle next_pass_;
  TimePoint next_pass_at_ = kTimeNever;
  boost::unordered_flat_map<NodeId::rep, Known> nodes_;  // looked up, never walked
  std::map<NodeId, Examined> examined_;
  Zones zones_;  // addresses hold
};

}  // namespace casim::sim
