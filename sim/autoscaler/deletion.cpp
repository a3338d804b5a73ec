// The background half of an actuation: from the delay after the taint to the provider's answer.
#include <utility>

#include "sim/autoscaler/actuation.h"
#include "sim/autoscaler/pod_list.h"

namespace casim::sim {

Awaitable<void> Actuator::delete_bucket(DeletionBucket bucket, bool drain) {
  if (options_.node_delete_delay_after_taint > Duration{}) {
    co_await ports_.clock.sleep_for(options_.node_delete_delay_after_taint);
  }
  const int batch_size =
      bucket.batch_size == 0 ? static_cast<int>(bucket.nodes.size()) : bucket.batch_size;
  const std::string group = bucket.group->id();
  // One look at the cluster for the whole bucket.
  std::vector<NodeInfo> infos;
  for (const NodePtr& node : bucket.nodes) infos.push_back(current(node));
  for (std::size_t i = 0; i < bucket.nodes.size(); ++i) {
    const NodePtr node = bucket.nodes[i];
    if (!may_proceed(infos[i], drain)) {
      co_await abort(node, group);
      continue;
    }
    ports_.scope.spawn(delete_node(node, std::move(infos[i]), bucket.group, batch_size, drain));
  }
}

NodeInfo Actuator::current(const NodePtr& node) const {
  NodeInfo info;
  info.node = node;
  for (const PodPtr& pod : ports_.view.pods_on(node->name).pods) {
    if (!is_expendable(*pod, options_)) info.add(pod);
  }
  return info;
}

bool Actuator::may_proceed(const NodeInfo& info, bool drain) {
  PdbTracker pdbs;
  DrainContext context{options_, ports_.clock.wall_now(), nullptr, nullptr};
  if (drain) {
    pdbs.reset(ports_.view.pdbs());
    context.pdbs = &pdbs;
    context.listers = &ports_.view;
  }
  const PodsToMove move = pods_to_move(info, context);
  if (move.blocking != nullptr) return false;
  return drain || (move.pods.empty() && move.on_completion.empty());
}

Awaitable<void> Actuator::delete_node(NodePtr node, NodeInfo info, NodeGroupPtr group,
                                      int batch_size, bool drain) {
  const Result<NodeGroupOptions> options =
      co_await group->options(LoopId(), options_.group_defaults);
  if (!options) {
    co_await abort(node, group->id());
    co_return;
  }
  if (drain) {
    const Result<void> drained = co_await evictor_.drain(node->name, std::move(info.pods));
    if (!drained) {
      co_await abort(node, group->id());
      co_return;
    }
  } else {
    co_await evictor_.evict_daemon_pods(std::move(info.pods));
  }
  co_await enqueue(node, group, batch_size, options->zero_or_max_node_scaling);
}

Awaitable<void> Actuator::enqueue(NodePtr node, NodeGroupPtr group, int batch_size,
                                  bool is_atomic) {
  const std::string& id = group->id();
  queue_[id].push_back(node);
  if (is_atomic) {
    if (failed_groups_.contains(id)) {
      queue_.erase(id);
      co_await give_up(node, id);
      co_return;
    }
    if (static_cast<int>(queue_[id].size()) < batch_size) co_return;
  }
  std::vector<NodePtr> nodes = std::exchange(queue_[id], {});
  if (options_.node_deletion_batcher_interval == Duration{}) {
    co_await delete_at_provider(std::move(nodes), id);
    co_return;
  }
  std::vector<NodePtr>& batch = batches_[id];
  const bool is_first = batch.empty();
  batch.insert(batch.end(), nodes.begin(), nodes.end());
  if (is_first) ports_.scope.spawn(flush_later(id));
}

Awaitable<void> Actuator::flush_later(std::string group) {
  co_await ports_.clock.sleep_for(options_.node_deletion_batcher_interval);
  std::vector<NodePtr> nodes = std::exchange(batches_[group], {});
  co_await delete_at_provider(std::move(nodes), group);
}

Awaitable<void> Actuator::delete_at_provider(std::vector<NodePtr> nodes, std::string group_id) {
  const Result<NodeGroupPtr> found = co_await ports_.provider.group_of(LoopId(), nodes.front());
  NodeGroupPtr group = found ? *found : nullptr;
  bool deleted = false;
  if (group != nullptr) {
    const Result<void> reply = co_await group->delete_nodes(LoopId(), nodes);
    deleted = reply.has_value();
    if (!deleted) ports_.delays.note_failed_removal(group->id(), ports_.clock.now());
  }
  for (const NodePtr& node : nodes) {
    if (!deleted) {
      co_await give_up(node, group_id);
      continue;
    }
    note_removed(node, group->id());
    // What the metrics of a removal ask for.
    if (ports_.provider.known_gpu_label() == nullptr) {
      co_await ports_.provider.gpu_label(LoopId());
    }
    co_await ports_.provider.available_gpu_types(LoopId());
    co_await group->template_node(LoopId());
    ports_.events.about_status("Scale-down: removed " + node->name);
    tracker_.end(group->id(), node->name);
  }
}

void Actuator::note_removed(const NodePtr& node, const std::string& group) {
  ports_.events.about_node("ScaleDown", node->name);
  ports_.state.register_scale_down(group);
  ports_.delays.note_removal(group, ports_.clock.now());
}

// One node fails, and with it those of its group that are queued.
Awaitable<void> Actuator::abort(NodePtr node, std::string group) {
  failed_groups_.insert(group);
  std::vector<NodePtr> others = std::exchange(queue_[group], {});
  queue_.erase(group);
  co_await give_up(node, group);
  for (const NodePtr& other : others) {
    if (other != node) co_await give_up(other, group);
  }
}

Awaitable<void> Actuator::give_up(NodePtr node, std::string group) {
  ports_.events.about_node("ScaleDownFailed", node->name);
  co_await writes_.clean_to_be_deleted(node);
  tracker_.end(group, node->name);
}

}  // namespace casim::sim
