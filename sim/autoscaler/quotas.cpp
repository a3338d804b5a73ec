#include "sim/autoscaler/quotas.h"

#include <algorithm>
#include <utility>

#include "sim/autoscaler/readiness.h"

namespace casim::sim {
namespace {

constexpr std::int64_t kGib = std::int64_t{1} << 30;

std::map<std::string, ResourceLimit> limits_of(const AutoscalerOptions& options) {
  std::map<std::string, ResourceLimit> limits = options.gpu_total;
  limits["cpu"] = options.cores_total;
  limits["memory"] =
      ResourceLimit{options.memory_total_gib.min * kGib, options.memory_total_gib.max * kGib};
  return limits;
}

std::int64_t whole_cores(MilliCpu cpu) { return (cpu.value() + 999) / 1000; }

}  // namespace

Awaitable<Result<QuotaTracker>> QuotaTracker::make(LoopId by, CloudProvider& provider,
                                                   const AutoscalerOptions& options, Side side,
                                                   std::vector<NodePtr> nodes) {
  QuotaTracker tracker(provider);
  Amounts used;
  for (const NodePtr& node : nodes) {
    const auto kind = node->labels.find("type");
    if (kind != node->labels.end() && kind->second == "virtual-kubelet") continue;
    const Result<NodeGroupPtr> group = co_await provider.group_of(by, node);
    if (!group) co_return std::unexpected(group.error());
    const Result<Amounts> amounts = co_await tracker.resources_of(by, *group, node);
    if (!amounts) co_return std::unexpected(amounts.error());
    for (const auto& [name, amount] : *amounts) used[name] += amount;
  }
  for (const auto& [name, limit] : limits_of(options)) {
    const std::int64_t left = side == Side::kMax ? limit.max - used[name] : used[name] - limit.min;
    tracker.left_[name] = std::max<std::int64_t>(0, left);
  }
  co_return tracker;
}

Awaitable<Result<QuotaTracker::Amounts>> QuotaTracker::resources_of(LoopId by, NodeGroupPtr group,
                                                                    NodePtr node) {
  if (group != nullptr) {
    const auto known = by_group_.find(group->id());
    if (known != by_group_.end()) co_return known->second;
  }
  Amounts amounts;
  amounts["cpu"] = whole_cores(node->capacity.cpu);
  amounts["memory"] = node->capacity.memory.value();
  Result<Amounts> all = co_await with_gpu(by, group, node, std::move(amounts));
  if (all && group != nullptr) by_group_[group->id()] = *all;
  co_return all;
}

Awaitable<Result<QuotaTracker::Amounts>> QuotaTracker::with_gpu(LoopId by, NodeGroupPtr group,
                                                                NodePtr node, Amounts amounts) {
  std::string label;
  if (const std::string* known = provider_->known_gpu_label()) {
    label = *known;
  } else {
    label = co_await provider_->gpu_label(by);
  }
  const auto type = node->labels.find(label);
  if (type == node->labels.end()) co_return amounts;
  if (const std::string_view resource = gpu_resource_of(*node); !resource.empty()) {
    amounts[type->second] = node->allocatable.extended.at(std::string(resource));
    co_return amounts;
  }
  if (group == nullptr) {
    co_return failure(ErrorCode::kInternal, "node with a GPU label and without GPUs, in no group");
  }
  const Result<NodePtr> like = co_await group->template_node(by);
  if (!like) co_return std::unexpected(like.error());
  if (*like != nullptr) {
    const std::string_view resource = gpu_resource_of(**like);
    if (!resource.empty()) {
      amounts[type->second] = (*like)->allocatable.extended.at(std::string(resource));
    }
  }
  co_return amounts;
}

QuotaTracker::Check QuotaTracker::checked(const Amounts& each, int count) const {
  Check check;
  check.allowed = count;
  for (const auto& [name, amount] : each) {
    const auto left = left_.find(name);
    if (amount <= 0 || left == left_.end() || left->second >= amount * count) continue;
    check.allowed = static_cast<int>(std::min<std::int64_t>(check.allowed, left->second / amount));
    check.exceeded.push_back(name);
  }
  return check;
}

Awaitable<Result<QuotaTracker::Check>> QuotaTracker::check(LoopId by, NodeGroupPtr group,
                                                           NodePtr node, int count) {
  const Result<Amounts> each = co_await resources_of(by, group, node);
  if (!each) co_return std::unexpected(each.error());
  co_return checked(*each, count);
}

Awaitable<Result<QuotaTracker::Check>> QuotaTracker::consume(LoopId by, NodeGroupPtr group,
                                                             NodePtr node, int count) {
  const Result<Amounts> each = co_await resources_of(by, group, node);
  if (!each) co_return std::unexpected(each.error());
  const Check result = checked(*each, count);
  if (result.allowed != count) co_return result;
  for (const auto& [name, amount] : *each) {
    const auto left = left_.find(name);
    if (left != left_.end())
      left->second = std::max<std::int64_t>(0, left->second - amount * count);
  }
  co_return result;
}

}  // namespace casim::sim
