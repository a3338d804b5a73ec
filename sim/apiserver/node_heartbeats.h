// The heartbeats of all nodes. A node that nobody named here has no kubelet that could fall silent.
#pragma once

#include <functional>

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/apiserver/heartbeat.h"
#include "sim/cluster/objects.h"

namespace casim::sim {

class NodeHeartbeats {
 public:
  using Changed = std::function<void(NodeId)>;

  NodeHeartbeats() = default;

  // Signs are seen while the server is up. The outages outlive it.
  explicit NodeHeartbeats(const ApiOutages& outages) : outages_(&outages) {}

  // One listener: told when the rhythm of a node changes, not of each sign.
  void when_changed(Changed callback) { changed_ = std::move(callback); }

  void set(NodeId node, Heartbeat heartbeat);
  void edit(NodeId node, const std::function<void(Heartbeat&)>& change);  // nothing: not named
  void forget(NodeId node);

  const Heartbeat* find(NodeId node) const;  // null: never silent

 private:
  const ApiOutages* outages_ = nullptr;                      // none: it always is
  boost::unordered_flat_map<NodeId::rep, Heartbeat> beats_;  // looked up, never walked
  Changed changed_;
};

}  // namespace casim::sim
