// The API server of the little world: every write is done at once, a stale one is refused.
#include <algorithm>
#include <utility>

#include "oracle/loops/little_provider.h"

namespace casim::oracle {
namespace {

std::string taint_text(const char* sign, const sim::Taint& taint) {
  return sign + taint.key + ":" + std::string(sim::name_of(taint.effect));
}

}  // namespace

Awaitable<Result<sim::NodePtr>> LittleApi::get_node(std::string name) {
  const sim::NodePtr node = world_.find_node(name);
  if (node == nullptr) co_return failure(ErrorCode::kNotFound, "no node " + name);
  co_return node;
}

Awaitable<Result<sim::NodePtr>> LittleApi::update_node(sim::NodeUpdate update) {
  const sim::NodePtr current = world_.find_node(update.node);
  if (current == nullptr) co_return failure(ErrorCode::kNotFound, "no node " + update.node);
  if (current->resource_version != update.resource_version) {
    co_return failure(ErrorCode::kConflict, "the object has been modified");
  }
  sim::Node node = *current;
  for (const std::string& key : update.remove_taints) {
    for (const sim::Taint& taint : node.taints) {
      if (taint.key == key) record_.note_taint(node.name, taint_text("-", taint));
    }
    std::erase_if(node.taints, [&](const sim::Taint& taint) { return taint.key == key; });
  }
  for (const sim::Taint& taint : update.add_taints) {
    record_.note_taint(node.name, taint_text("+", taint));
    node.taints.push_back(taint);
  }
  if (update.unschedulable && *update.unschedulable != node.unschedulable) {
    node.unschedulable = *update.unschedulable;
    record_.note_taint(node.name, node.unschedulable ? "+cordon" : "-cordon");
  }
  world_.put_node(std::move(node));
  world_.touch();
  co_return world_.find_node(update.node);
}

Awaitable<Result<void>> LittleApi::evict(sim::PodId pod, Duration) {
  if (world_.find_pod(pod) == nullptr) co_return failure(ErrorCode::kNotFound, "no such pod");
  world_.evict(pod);
  co_return Result<void>();
}

Awaitable<Result<sim::Pod>> LittleApi::get_pod(sim::PodId id) {
  const sim::Pod* const pod = world_.find_pod(id);
  if (pod == nullptr) co_return failure(ErrorCode::kNotFound, "no such pod");
  co_return *pod;
}

Awaitable<Result<void>> LittleApi::write_status(sim::StatusWrite status) {
  record_.note_status(status.json());
  co_return Result<void>();
}

Awaitable<Result<void>> LittleApi::write_event() { co_return Result<void>(); }

}  // namespace casim::oracle
