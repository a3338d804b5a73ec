#include "sim/autoscaler/clusterstate/cluster_state.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_set.hpp>
#include <utility>

#include "sim/cluster/kept_check.h"

namespace casim::sim {
namespace {

constexpr Duration kScaleDownRequestLife = std::chrono::minutes(5);

int upcoming_of(const Readiness& readiness, const AcceptableRange& range) {
  return range.current_target -
         (readiness.ready + readiness.unready + readiness.suspended + readiness.long_unregistered);
}

bool is_expected_to_register(const RpcInstance& instance) {
  return instance.state != RpcInstanceState::kDeleting && !instance.error;
}

}  // namespace

NodePtr fake_node(const std::string& instance_id, std::string_view reason) {
  auto node = std::make_shared<Node>();
  node->name = instance_id;
  node->provider_id = instance_id;
  node->annotations["k8s.io/cluster-autoscaler/fake-node-reason"] = reason;
  return node;
}

ClusterState::ClusterState(CloudProvider& provider, const AutoscalerOptions& options, Clock& clock,
                           const TemplateRegistry& templates, LoopObserver& observer,
                           EventRecorder& events, bool checks)
    : provider_(provider),
      options_(options),
      clock_(clock),
      templates_(templates),
      observer_(observer),
      events_(events),
      checks_(checks),
      cache_(provider, clock),
      backoff_(options.initial_node_group_backoff_duration, options.max_node_group_backoff_duration,
               options.node_group_backoff_reset_timeout) {}

Awaitable<Result<void>> ClusterState::update(LoopId by, const std::vector<NodePtr>& nodes,
                                             LoopTime time) {
  co_await provider_.node_groups(by);  // for the count of groups
  Result<Targets> targets = co_await read_targets(by);
  if (!targets) co_return std::unexpected(targets.error());
  Result<Instances> instances = co_await read_instances(by);
  if (!instances) co_return std::unexpected(instances.error());
  nodes_ = nodes.size();
  previous_instances_ = std::move(current_instances_);
  current_instances_ = std::move(*instances);
  note_unregistered(nodes, time.now);
  co_await update_readiness(by, nodes, time);
  co_await update_ranges(by, *targets);
  co_await update_requests(by, time.now);
  co_await handle_creation_errors(by, time.now);
  co_await update_ranges(by, *targets);
  co_await update_incorrect_sizes(by, time.now);
  co_return Result<void>();
}

Awaitable<void> ClusterState::recalculate(LoopId by) {
  Result<Targets> targets = co_await read_targets(by);
  Targets sizes;
  if (targets) sizes = std::move(*targets);
  co_await update_ranges(by, std::move(sizes));
}

Awaitable<Result<ClusterState::Targets>> ClusterState::read_targets(LoopId by) {
  Targets targets;
  const std::vector<NodeGroupPtr> groups = co_await provider_.node_groups(by);
  for (const NodeGroupPtr& group : groups) {
    const Result<int> size = co_await group->target_size(by);
    if (!size) co_return std::unexpected(size.error());
    targets[group->id()] = *size;
  }
  co_return targets;
}

Awaitable<Result<Instances>> ClusterState::read_instances(LoopId by) {
  const std::vector<NodeGroupPtr> groups = co_await provider_.node_groups(by);
  for (const NodeGroupPtr& group : groups) {
    if (is_scaling_up(group->id())) cache_.invalidate(group->id());
  }
  co_return co_await cache_.get(by);
}

bool ClusterState::are_instances_unchanged() const {
  return std::equal(current_instances_.begin(), current_instances_.end(),
                    previous_instances_.begin(), previous_instances_.end(),
                    [](const auto& now, const auto& before) {
                      return now.first == before.first && now.second.is_same(before.second);
                    });
}

void ClusterState::note_unregistered(const std::vector<NodePtr>& nodes, TimePoint now) {
  const bool is_as_before = registered_.update(nodes) && are_instances_unchanged();
  if (!is_as_before) {
    unregistered_ = unregistered_among(nodes, now);
  } else if (checks_) {
    const Unregistered anew = unregistered_among(nodes, now);
    const bool agrees = std::equal(anew.begin(), anew.end(), unregistered_.begin(),
                                   unregistered_.end(), [](const auto& a, const auto& b) {
                                     return a.first == b.first && a.second.since == b.second.since;
                                   });
    check_kept("instances without a node", "the cluster", agrees);
  }
}

ClusterState::Unregistered ClusterState::unregistered_among(const std::vector<NodePtr>& nodes,
                                                            TimePoint now) const {
  boost::unordered_flat_set<std::string_view> registered;
  registered.reserve(nodes.size());
  for (const NodePtr& node : nodes) registered.insert(node->provider_id);
  Unregistered next;
  for (const auto& [group, instances] : current_instances_) {
    for (const RpcInstance& instance : instances) {
      if (registered.contains(instance.id) || !is_expected_to_register(instance)) continue;
      const auto known = unregistered_.find(instance.id);
      if (known != unregistered_.end()) {
        next.insert(*known);
      } else {
        next[instance.id] = UnregisteredNode{fake_node(instance.id, "unregistered"), now};
      }
    }
  }
  return next;
}

Awaitable<void> ClusterState::update_ranges(LoopId by, Targets targets) {
  std::map<std::string, AcceptableRange> ranges;
  const std::vector<NodeGroupPtr> groups = co_await provider_.node_groups(by);
  for (const NodeGroupPtr& group : groups) {
    const int size = targets[group->id()];
    const Readiness* known = readiness(group->id());
    const int missing = known == nullptr ? 0 : known->long_unregistered;
    ranges[group->id()] = AcceptableRange{size - missing, size, size};
  }
  for (const auto& [group, request] : requests_) ranges[group].min_nodes -= request.increase;
  for (const ScaleDownRequest& request : scale_down_requests_) ++ranges[request.group].max_nodes;
  ranges_ = std::move(ranges);
}

Awaitable<void> ClusterState::update_incorrect_sizes(LoopId by, TimePoint now) {
  std::map<std::string, IncorrectSize> next;
  const std::vector<NodeGroupPtr> groups = co_await provider_.node_groups(by);
  for (const NodeGroupPtr& group : groups) {
    const AcceptableRange* const acceptable = range(group->id());
    const Readiness* const counts = readiness(group->id());
    if (acceptable == nullptr || counts == nullptr) continue;
    const int target = acceptable->current_target;
    const int unregistered = counts->unregistered + counts->long_unregistered;
    if (counts->registered <= target && counts->registered >= target - unregistered) continue;
    IncorrectSize size{counts->registered, target, now};
    const IncorrectSize* const known = incorrect_size(group->id());
    if (known != nullptr && known->current == size.current && known->expected == size.expected) {
      size = *known;
    }
    next[group->id()] = size;
  }
  incorrect_ = std::move(next);
}

bool ClusterState::is_cluster_healthy() const {
  const double limit = options_.max_total_unready_percentage / 100.0;
  return totals_.unready <= options_.ok_total_unready_count ||
         totals_.unready <= limit * static_cast<double>(nodes_);
}

bool ClusterState::is_group_healthy(const std::string& group) const {
  const AcceptableRange* const acceptable = range(group);
  if (acceptable == nullptr) return false;
  const Readiness* const counts = readiness(group);
  if (counts == nullptr) {
    return acceptable->current_target == 0 ||
           (acceptable->min_nodes == 0 && acceptable->current_target > 0);
  }
  const int missing = std::max(0, acceptable->min_nodes - counts->ready - counts->suspended);
  const int known = counts->ready + counts->unready + static_cast<int>(counts->not_started.size()) +
                    counts->suspended;
  return missing <= options_.ok_total_unready_count ||
         missing <= options_.max_total_unready_percentage / 100.0 * known;
}

std::optional<int> ClusterState::raw_upcoming(const std::string& group) const {
  const AcceptableRange* const acceptable = range(group);
  if (acceptable == nullptr) return std::nullopt;
  const Readiness* const counts = readiness(group);
  if (counts == nullptr) return acceptable->current_target;
  return upcoming_of(*counts, *acceptable);
}

bool ClusterState::is_scaling_up(const std::string& group) const {
  return raw_upcoming(group).value_or(0) > 0 && requests_.contains(group);
}

bool ClusterState::is_known(const std::string& group) const {
  return !has(Behaviour::kBackoffNeedsTemplate, options_.version) ||
         templates_.find(group) != nullptr;
}

const InstanceErrorInfo* ClusterState::backoff_of(const std::string& group, TimePoint now) const {
  return is_known(group) ? backoff_.error_of(group, now) : nullptr;
}

Awaitable<UpcomingNodes> ClusterState::upcoming(LoopId by) {
  UpcomingNodes result;
  const std::vector<NodeGroupPtr> groups = co_await provider_.node_groups(by);
  for (const NodeGroupPtr& group : groups) {
    const std::string& id = group->id();
    const Readiness* const counts = readiness(id);
    const AcceptableRange* const acceptable = range(id);
    const int nodes = upcoming_of(counts == nullptr ? Readiness() : *counts,
                                  acceptable == nullptr ? AcceptableRange() : *acceptable);
    if (nodes <= 0) continue;
    // What nobody ordered, or what failed, is not coming. On the wall clock.
    if (has(Behaviour::kUpcomingNeedsRequest, options_.version)) {
      if (!requests_.contains(id) || backoff_of(id, clock_.now()) != nullptr) continue;
    }
    result.counts[id] = nodes;
    if (counts == nullptr) continue;
    result.registered.insert(result.registered.end(), counts->not_started.begin(),
                             counts->not_started.end());
  }
  co_return result;
}

const IncorrectSize* ClusterState::incorrect_size(const std::string& group) const {
  const auto entry = incorrect_.find(group);
  return entry == incorrect_.end() ? nullptr : &entry->second;
}

std::vector<UnregisteredNode> ClusterState::unregistered() const {
  std::vector<UnregisteredNode> result;
  for (const auto& [id, node] : unregistered_) result.push_back(node);
  return result;
}

std::map<std::string, std::vector<NodePtr>> ClusterState::failed_instances() const {
  std::map<std::string, std::vector<NodePtr>> result;
  for (const auto& [group, instances] : current_instances_) {
    for (const RpcInstance& instance : instances) {
      if (instance.state != RpcInstanceState::kCreating || !instance.error) continue;
      result[group].push_back(fake_node(instance.id, "create-error"));
    }
  }
  return result;
}

const Readiness* ClusterState::readiness(const std::string& group) const {
  const auto entry = per_group_.find(group);
  return entry == per_group_.end() ? nullptr : &entry->second;
}

const AcceptableRange* ClusterState::range(const std::string& group) const {
  const auto entry = ranges_.find(group);
  return entry == ranges_.end() ? nullptr : &entry->second;
}

void ClusterState::register_scale_down(const std::string& group) {
  scale_down_requests_.push_back({group, clock_.now() + kScaleDownRequestLife});
}

}  // namespace casim::sim
