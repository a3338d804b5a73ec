#include "sim/autoscaler/cluster/node_writes.h"

#include <utility>

namespace casim::sim {
namespace {

constexpr Duration kRetryDeadline = std::chrono::seconds(5);
constexpr Duration kRetryInterval = std::chrono::milliseconds(750);

}  // namespace

Awaitable<Result<void>> NodeWrites::mark_to_be_deleted(NodePtr node) {
  Change change{std::string(kToBeDeletedTaint), true, TaintEffect::kNoSchedule, cordon_};
  co_return co_await apply(std::move(node), std::move(change));
}

Awaitable<Result<void>> NodeWrites::clean_to_be_deleted(NodePtr node) {
  Change change{std::string(kToBeDeletedTaint), false, TaintEffect::kNoSchedule, cordon_};
  co_return co_await apply(std::move(node), std::move(change));
}

Awaitable<Result<void>> NodeWrites::mark_deletion_candidate(NodePtr node) {
  Change change{std::string(kDeletionCandidateTaint), true, TaintEffect::kPreferNoSchedule, false};
  co_return co_await apply(std::move(node), std::move(change));
}

Awaitable<Result<void>> NodeWrites::clean_deletion_candidate(NodePtr node) {
  Change change{std::string(kDeletionCandidateTaint), false, TaintEffect::kPreferNoSchedule, false};
  co_return co_await apply(std::move(node), std::move(change));
}

NodeUpdate NodeWrites::update_for(const Node& node, const Change& change) const {
  NodeUpdate update;
  update.node = node.name;
  update.resource_version = node.resource_version;
  if (change.add) {
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.wall_now());
    const std::string seconds = std::to_string(now.time_since_epoch().count());
    update.add_taints.push_back(Taint{change.key, seconds, change.effect});
  } else {
    update.remove_taints.push_back(change.key);
  }
  if (change.cordon) update.unschedulable = change.add;
  return update;
}

Awaitable<Result<void>> NodeWrites::apply(NodePtr node, Change change) {
  const TimePoint deadline = clock_.now() + kRetryDeadline;
  bool is_fresh = false;
  bool refresh = false;
  while (true) {
    if (refresh) {
      Result<NodePtr> newest = co_await writer_.get_node(node->name);
      if (!newest) co_return std::unexpected(newest.error());
      node = std::move(*newest);
      is_fresh = true;
      refresh = false;
    }
    if (node->has_taint(change.key) == change.add) {
      if (is_fresh) co_return Result<void>();
      refresh = true;  // it may have changed since
      continue;
    }
    NodeUpdate update = update_for(*node, change);
    const Result<NodePtr> written = co_await writer_.update_node(std::move(update));
    if (written) co_return Result<void>();
    if (written.error().code != ErrorCode::kConflict || clock_.now() >= deadline) {
      co_return std::unexpected(written.error());
    }
    co_await clock_.sleep_for(kRetryInterval);
    refresh = true;
  }
}

}  // namespace casim::sim
