#include "sim/autoscaler/scaledown/actuation.h"

#include <algorithm>
#include <utility>

#include "src/async/run_all.h"

namespace casim::sim {
namespace {

constexpr std::size_t kConcurrentTaints = 5;

constexpr std::string_view kNotMarked = "NodeDeleteErrorFailedToMarkToBeDeleted";
constexpr const char* kNotTried = "not tried";

}  // namespace

Actuator::Actuator(const AutoscalerOptions& options, Ports ports)
    : options_(options),
      ports_(ports),
      writes_(ports.writer, ports.clock, options.cordon_node_before_terminating),
      evictor_(options, ports.writer, ports.clock, ports.order, ports.events) {}

Awaitable<ScaleDownResult> Actuator::start_deletion(LoopId by, NodesToDelete nodes) {
  failed_groups_.clear();
  std::vector<DeletionBucket> empty = co_await bucketed(by, std::move(nodes.empty));
  std::vector<DeletionBucket> drain = co_await bucketed(by, std::move(nodes.drain));
  const DeletionLimits limits{options_.max_scale_down_parallelism, options_.max_drain_parallelism};
  CroppedDeletions deletions = crop_nodes(limits, tracker_, std::move(empty), std::move(drain));
  if (deletions.empty.empty() && deletions.drain.empty()) co_return ScaleDownResult::kNoNodeDeleted;
  for (const bool is_drain : {false, true}) {
    const std::vector<DeletionBucket>& buckets = is_drain ? deletions.drain : deletions.empty;
    if (buckets.empty()) continue;
    if (!co_await taint_all(by, buckets)) co_return ScaleDownResult::kError;
    for (const DeletionBucket& bucket : buckets) co_await report(by, bucket, is_drain);
    for (const DeletionBucket& bucket : buckets) {
      ports_.scope.spawn(delete_bucket(bucket, is_drain));
    }
  }
  co_return ScaleDownResult::kNodeDeleteStarted;
}

Awaitable<std::vector<DeletionBucket>> Actuator::bucketed(LoopId by, std::vector<NodePtr> nodes) {
  std::vector<DeletionBucket> buckets;
  for (const NodePtr& node : nodes) {
    const Result<NodeGroupPtr> found = co_await ports_.provider.group_of(by, node);
    if (!found || *found == nullptr) continue;
    const NodeGroupPtr group = *found;
    const auto same = std::find_if(buckets.begin(), buckets.end(), [&](const DeletionBucket& b) {
      return b.group->id() == group->id();
    });
    if (same != buckets.end()) {
      same->nodes.push_back(node);
    } else {
      DeletionBucket bucket;
      bucket.group = group;
      bucket.nodes.push_back(node);
      buckets.push_back(std::move(bucket));
    }
  }
  std::vector<DeletionBucket> known;
  for (DeletionBucket& bucket : buckets) {
    const Result<NodeGroupOptions> options =
        co_await bucket.group->options(by, options_.group_defaults);
    if (!options) continue;
    bucket.is_atomic = options->zero_or_max_node_scaling;
    if (bucket.is_atomic) co_await measure_atomic(by, bucket);
    known.push_back(std::move(bucket));
  }
  co_return known;
}

Awaitable<void> Actuator::measure_atomic(LoopId by, DeletionBucket& bucket) {
  const Result<int> target = co_await bucket.group->target_size(by);
  bucket.target = target ? *target : -1;
  const Result<std::vector<RpcInstance>> instances = co_await bucket.group->nodes(by);
  if (!instances) co_return;
  std::set<std::string> ids;
  for (const RpcInstance& instance : *instances) ids.insert(instance.id);
  for (const Slot slot : ports_.snapshot.order()) {
    const Node& node = *ports_.snapshot.info(slot).node;
    if (node.annotations.contains(std::string(kUpcomingAnnotation))) continue;
    if (ids.contains(node.provider_id)) ++bucket.registered;
  }
}

// All or nothing: after a failure the taints of the batch are taken off again.
Awaitable<bool> Actuator::taint_all(LoopId by, std::vector<DeletionBucket> buckets) {
  std::vector<NodePtr> nodes;
  for (const DeletionBucket& bucket : buckets) {
    nodes.insert(nodes.end(), bucket.nodes.begin(), bucket.nodes.end());
  }
  std::vector<std::string> errors(nodes.size(), kNotTried);
  std::vector<Awaitable<void>> writes;
  for (std::size_t i = 0; i < nodes.size(); ++i) writes.push_back(taint(nodes[i], errors[i]));
  co_await run_all(std::move(writes), kConcurrentTaints);
  const auto is_done = [](const std::string& error) { return error.empty(); };
  if (std::all_of(errors.begin(), errors.end(), is_done)) co_return true;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const bool done = is_done(errors[i]);
    ports_.observer.on_scale_down_failed(
        by, {nodes[i]->name, kNotMarked, done ? "another node could not be marked" : errors[i]});
    if (done) co_await writes_.clean_to_be_deleted(nodes[i]);
  }
  co_return false;
}

Awaitable<void> Actuator::taint(NodePtr node, std::string& error) {
  const Result<void> reply = co_await writes_.mark_to_be_deleted(node);
  error = reply ? std::string() : text_of(reply.error());
  ports_.events.about_node(reply ? "ScaleDown" : "ScaleDownFailed", node->name);
}

// What upstream's report of a scale-down asks for, and the start of the tracker's entries.
Awaitable<void> Actuator::report(LoopId by, const DeletionBucket& bucket, bool drain) {
  for (const NodePtr& node : bucket.nodes) {
    const Result<NodeGroupPtr> found = co_await ports_.provider.group_of(by, node);
    if (found && *found != nullptr) {
      const NodeGroupPtr group = *found;
      co_await group->options(by, options_.group_defaults);
      if (ports_.provider.known_gpu_label() == nullptr) co_await ports_.provider.gpu_label(by);
    }
    ports_.observer.on_scale_down(by, node->name, drain);
    ports_.events.about_status("Scale-down: removing " + node->name);
    tracker_.start(bucket.group->id(), node->name, drain);
    decided_by_[node->name] = by;
  }
}

}  // namespace casim::sim
