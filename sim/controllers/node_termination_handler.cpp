#include "sim/controllers/node_termination_handler.h"

#include <algorithm>
#include <utility>

namespace casim::sim {
namespace {

// Between two looks at the metadata.
constexpr Duration kPollPeriod = std::chrono::seconds(2);
// Between two looks at the events that the polls have found.
constexpr Duration kEventPeriod = std::chrono::seconds(1);
// An eviction that a disruption budget refuses is tried again [kubectl drain].
constexpr Duration kEvictionRetry = std::chrono::seconds(5);
constexpr double kClientQps = 5;
constexpr int kClientBurst = 10;

void ignore_node(const Result<NodePtr>&) {}

}  // namespace

NodeTerminationHandler::NodeTerminationHandler(Kernel& kernel, ApiServer& api, const Random& random,
                                               NodeTerminationHandlerConfig config)
    : kernel_(kernel), api_(api), random_(random), config_(std::move(config)) {}

void NodeTerminationHandler::on_notice(NodeId id, TimePoint end) {
  const NodePtr& node = api_.cluster().node(id);
  if (!node) return;
  const std::uint64_t key = hash_bytes(node->name);
  const Duration polled =
      from_seconds(to_seconds(kPollPeriod) * random_.uniform("nth.poll", key, 0));
  const Duration taken_up =
      from_seconds(to_seconds(kEventPeriod) * random_.uniform("nth.event", key, 0));
  const TimePoint seen = kernel_.now() + polled + taken_up;
  const TimePoint due = end - config_.node_termination_grace_period;
  kernel_.at(std::max(seen, due), Phase::kWorld, [this, id] { handle(id); });
}

void NodeTerminationHandler::handle(NodeId id) {
  const NodePtr& node = api_.cluster().node(id);
  if (!node) return;
  ApiClient& client = api_.add_client({.name = "aws-node-termination-handler/" + node->name,
                                       .qps = kClientQps,
                                       .burst = kClientBurst});
  client.touch();  // its labels
  if (config_.taint_node) {
    client.touch();  // it is read first
    const Taint taint{std::string(kSpotInterruptionTaint), "", TaintEffect::kNoSchedule};
    client.update_node(id, 0, [taint](Node& next) { next.taints.push_back(taint); }, ignore_node);
  }
  client.touch();  // the list of its pods
  client.touch();  // it is read before it is cordoned
  const TimePoint give_up_at = kernel_.now() + config_.node_termination_grace_period;
  client.update_node(
      id, 0, [](Node& next) { next.unschedulable = true; },
      [this, id, &client, give_up_at](const Result<NodePtr>& cordoned) {
        if (cordoned && !config_.cordon_only) drain(id, client, give_up_at);
      });
}

// All pods at once, as their turn comes in the client.
void NodeTerminationHandler::drain(NodeId id, ApiClient& client, TimePoint give_up_at) {
  client.touch();  // the node is read again
  client.touch();  // the list of its pods
  const std::vector<PodId> pods = api_.cluster().pods_on(id);
  for (const PodId pod : pods) {
    if (!api_.cluster().pod(pod).is_daemon_set()) evict(pod, client, give_up_at);
  }
}

void NodeTerminationHandler::evict(PodId id, ApiClient& client, TimePoint give_up_at) {
  const Pod* pod = api_.cluster().find_pod(id);
  if (pod == nullptr || kernel_.now() >= give_up_at) return;
  const Duration grace = config_.pod_termination_grace_period.value_or(pod->spec->grace);
  client.delete_pod(
      id, PodEnd::kEvicted, grace, [this, id, &client, give_up_at](const Result<void>& done) {
        if (done || done.error().code != ErrorCode::kResourceExhausted) return;
        kernel_.after(kEvictionRetry, Phase::kWorld,
                      [this, id, &client, give_up_at] { evict(id, client, give_up_at); });
      });
}

}  // namespace casim::sim
