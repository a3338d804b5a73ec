#include "sim/apiserver/node_heartbeats.h"

#include <utility>

namespace casim::sim {

void NodeHeartbeats::set(NodeId node, Heartbeat heartbeat) {
  heartbeat.show_through(outages_);
  beats_.insert_or_assign(node.value(), std::move(heartbeat));
  if (changed_) changed_(node);
}

void NodeHeartbeats::edit(NodeId node, const std::function<void(Heartbeat&)>& change) {
  const auto found = beats_.find(node.value());
  if (found == beats_.end()) return;
  change(found->second);
  if (changed_) changed_(node);
}

void NodeHeartbeats::forget(NodeId node) { beats_.erase(node.value()); }

const Heartbeat* NodeHeartbeats::find(NodeId node) const {
  const auto found = beats_.find(node.value());
  return found == beats_.end() ? nullptr : &found->second;
}

}  // namespace casim::sim
