// The background half of an actuation: from the delay after the taint to the provider's answer.
#include <utility>

#include "sim/autoscaler/cluster/pod_list.h"
#include "sim/autoscaler/scaledown/actuation.h"

namespace casim::sim {
namespace {

constexpr std::string_view kInternal = "NodeDeleteErrorInternal";
constexpr std::string_view kNotEvicted = "NodeDeleteErrorFailedToEvictPods";
constexpr std::string_view kNotDeleted = "NodeDeleteErrorFailedToDelete";

constexpr const char* kGroupFails = "another node of the group could not be deleted";

}  // namespace

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
    const std::string_view why_not = obstacle(infos[i], drain);
    if (!why_not.empty()) {
      Failure why{kInternal, std::string(why_not)};
      co_await abort(node, group, std::move(why));
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

std::string_view Actuator::obstacle(const NodeInfo& info, bool drain) {
  PdbTracker pdbs;
  DrainContext context{options_, ports_.clock.wall_now(), nullptr, nullptr};
  if (drain) {
    pdbs.reset(ports_.view.pdbs());
    context.pdbs = &pdbs;
    context.listers = &ports_.view;
  }
  const PodsToMove move = pods_to_move(info, context);
  if (move.blocking != nullptr) return "a pod blocks the drain by now";
  const bool may_go = drain || (move.pods.empty() && move.on_completion.empty());
  return may_go ? std::string_view() : "the node is not empty any more";
}

Awaitable<void> Actuator::delete_node(NodePtr node, NodeInfo info, NodeGroupPtr group,
                                      int batch_size, bool drain) {
  const LoopId by = decided_by_[node->name];
  const Result<NodeGroupOptions> options =
      co_await group->options(LoopId(), options_.group_defaults);
  if (!options) {
    Failure why{kInternal, "GetOptions: " + text_of(options.error())};
    co_await abort(node, group->id(), std::move(why));
    co_return;
  }
  if (drain) {
    const Result<void> drained = co_await evictor_.drain(by, node->name, std::move(info.pods));
    if (!drained) {
      Failure why{kNotEvicted, text_of(drained.error())};
      co_await abort(node, group->id(), std::move(why));
      co_return;
    }
  } else {
    co_await evictor_.evict_daemon_pods(by, std::move(info.pods));
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
      Failure why{kNotDeleted, kGroupFails};
      co_await give_up(node, id, std::move(why));
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
  std::string error = found ? "the node belongs to no group" : text_of(found.error());
  if (group != nullptr) {
    const Result<void> reply = co_await group->delete_nodes(LoopId(), nodes);
    error = reply ? std::string() : text_of(reply.error());
    if (!reply) ports_.delays.note_failed_removal(group->id(), ports_.clock.now());
  }
  for (const NodePtr& node : nodes) {
    if (!error.empty()) {
      Failure why{kNotDeleted, error};
      co_await give_up(node, group_id, std::move(why));
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
    end(node, group->id());
  }
}

void Actuator::note_removed(const NodePtr& node, const std::string& group) {
  ports_.events.about_node("ScaleDown", node->name);
  ports_.state.register_scale_down(group);
  ports_.delays.note_removal(group, ports_.clock.now());
}

// One node fails, and with it those of its group that are queued.
Awaitable<void> Actuator::abort(NodePtr node, std::string group, Failure why) {
  failed_groups_.insert(group);
  std::vector<NodePtr> others = std::exchange(queue_[group], {});
  queue_.erase(group);
  co_await give_up(node, group, std::move(why));
  for (const NodePtr& other : others) {
    if (other == node) continue;
    Failure of_group{kNotDeleted, kGroupFails};
    co_await give_up(other, group, std::move(of_group));
  }
}

Awaitable<void> Actuator::give_up(NodePtr node, std::string group, Failure why) {
  ports_.observer.on_scale_down_failed(decided_by_[node->name],
                                       {node->name, why.reason, why.detail});
  ports_.events.about_node("ScaleDownFailed", node->name);
  co_await writes_.clean_to_be_deleted(node);
  end(node, group);
}

void Actuator::end(const NodePtr& node, const std::string& group) {
  tracker_.end(group, node->name);
  decided_by_.erase(node->name);
}

}  // namespace casim::sim
