#include "sim/controllers/cloud_node_lifecycle.h"

#include "sim/cluster/node_condition.h"

namespace casim::sim {
namespace {

constexpr std::string_view kShutDownTaint = "node.cloudprovider.kubernetes.io/shutdown";

bool is_suspect(const Node& node) {
  return ready_status(node) != ReadyStatus::kTrue || node.has_taint(kShutDownTaint);
}

}  // namespace

CloudNodeLifecycle::CloudNodeLifecycle(Kernel& kernel, ApiServer& api, CloudInstances& cloud,
                                       ApiClientConfig client, CloudNodeLifecycleConfig config)
    : api_(api),
      cloud_(cloud),
      client_(api.add_client(std::move(client))),
      rounds_(kernel, config.start, config.node_monitor_period, [this] { return round(); }) {}

void CloudNodeLifecycle::on_watch(const WatchEvent& event) {
  if (const auto* changed = std::get_if<NodeChanged>(&event)) {
    if (!is_suspect(*changed->node)) return;
    suspects_.insert(changed->node->id);
    rounds_.wake();
  } else if (const auto* gone = std::get_if<NodeRemoved>(&event)) {
    suspects_.erase(gone->last->id);
  }
}

bool CloudNodeLifecycle::round() {
  std::erase_if(suspects_, [this](NodeId id) {
    const NodePtr& node = api_.cluster().node(id);
    return !node || !examine(*node);
  });
  return !suspects_.empty();
}

bool CloudNodeLifecycle::examine(const Node& node) {
  const auto set_shut_down = [&](bool wanted) {
    if (node.has_taint(kShutDownTaint, TaintEffect::kNoSchedule) == wanted) return;
    const auto change = [wanted](Node& next) {
      set_taint(next, kShutDownTaint, TaintEffect::kNoSchedule, wanted);
    };
    client_.update_node(node.id, 0, change, [](const Result<NodePtr>&) {});
  };
  if (ready_status(node) == ReadyStatus::kTrue) {
    set_shut_down(false);
    return false;
  }
  switch (cloud_.state_of(node)) {
    case CloudState::kExists:
      break;
    case CloudState::kShutDown:
      set_shut_down(true);
      break;
    case CloudState::kGone:
      client_.delete_node(node.id, [](const Result<void>&) {});
      break;
  }
  return true;
}

}  // namespace casim::sim
