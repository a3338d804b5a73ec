#include "sim/autoscaler/scaleup/quotas.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "sim/autoscaler/cluster/readiness.h"

namespace casim::sim {
namespace {

std::int64_t whole_cores(MilliCpu cpu) { return (cpu.value() + 999) / 1000; }

bool is_counted(const Node& node) {
  const auto kind = node.labels.find("type");
  return kind == node.labels.end() || kind->second != "virtual-kubelet";
}

}  // namespace

Quota cluster_wide(const AutoscalerOptions& options) {
  return Quota{"cluster-wide", {}, options.resource_limits};
}

Awaitable<Result<QuotaTracker>> QuotaTracker::make(LoopId by, CloudProvider& provider,
                                                   std::vector<Quota> quotas, Side side,
                                                   std::vector<NodePtr> nodes) {
  QuotaTracker tracker(provider);
  for (Quota& quota : quotas) {
    tracker.has_selectors_ = tracker.has_selectors_ || !quota.selector.empty();
    tracker.quotas_.push_back(Status{std::move(quota), {}});
  }
  for (const NodePtr& node : nodes) {
    if (!is_counted(*node)) continue;
    Result<NodeGroupPtr> group;
    if (const NodeGroupPtr* known = provider.known_group_of(*node)) {
      if (tracker.add_alike(known->get(), *node)) continue;
      group = *known;
    } else {
      group = co_await provider.group_of(by, node);
      if (!group) co_return std::unexpected(group.error());
      if (tracker.add_alike(group->get(), *node)) continue;
    }
    const Result<Amounts> amounts = co_await tracker.resources_of(by, *group, node);
    if (!amounts) co_return std::unexpected(amounts.error());
    tracker.count(*node, *amounts);
  }
  tracker.count_alike();
  for (Status& status : tracker.quotas_) {
    Amounts left;
    for (const auto& [name, limit] : status.quota.limits) {
      const std::int64_t used = status.left[name];
      left[name] =
          std::max<std::int64_t>(0, side == Side::kMax ? limit.max - used : used - limit.min);
    }
    status.left = std::move(left);
  }
  co_return tracker;
}

bool QuotaTracker::asks_nobody(const CloudProvider& provider, const Snapshot& snapshot) {
  const std::string* const label = provider.known_gpu_label();
  if (label == nullptr) return false;
  std::vector<bool> is_known;  // what nodes of a group offer, by number of the group
  for (const Slot slot : snapshot.order()) {
    const Node& node = *snapshot.info(slot).node;
    const NodeGroupPtr* const group = provider.known_group_of(node);
    const bool has_group = group != nullptr && *group != nullptr;
    const std::uint32_t number = has_group ? (*group)->number() : 0;
    if (has_group && number < is_known.size() && is_known[number]) continue;
    if (!is_counted(node)) continue;
    if (group == nullptr || node.labels.contains(*label)) return false;
    if (!has_group) continue;
    if (number >= is_known.size()) is_known.resize(number + 1);
    is_known[number] = true;
  }
  return true;
}

const QuotaTracker::Amounts* QuotaTracker::known_resources_of(const NodeGroup* group) const {
  if (group == nullptr) return nullptr;
  const auto known = by_group_.find(group->id());
  return known == by_group_.end() ? nullptr : &known->second.each;
}

bool QuotaTracker::add_alike(const NodeGroup* group, const Node& node) {
  if (group == nullptr) return false;
  if (group->number() >= by_number_.size()) by_number_.resize(group->number() + 1);
  Alike*& alike = by_number_[group->number()];
  if (alike == nullptr) {
    const auto found = by_group_.find(group->id());
    if (found == by_group_.end()) return false;
    alike = &found->second;
  }
  if (has_selectors_) {
    count(node, alike->each);
  } else {
    ++alike->nodes;
  }
  return true;
}

void QuotaTracker::count_alike() {
  for (auto& [id, group] : by_group_) {
    for (Status& status : quotas_) {
      for (const auto& [name, amount] : group.each) status.left[name] += amount * group.nodes;
    }
    group.nodes = 0;
  }
  by_number_.clear();
}

void QuotaTracker::count(const Node& node, const Amounts& amounts) {
  for (Status& status : quotas_) {
    if (!matches(status.quota.selector, node.labels)) continue;
    for (const auto& [name, amount] : amounts) status.left[name] += amount;
  }
}

Awaitable<Result<QuotaTracker::Amounts>> QuotaTracker::resources_of(LoopId by, NodeGroupPtr group,
                                                                    NodePtr node) {
  if (const Amounts* known = known_resources_of(group.get())) co_return *known;
  Amounts amounts;
  amounts["cpu"] = whole_cores(node->capacity.cpu);
  amounts["memory"] = node->capacity.memory.value();
  amounts["nodes"] = 1;
  Result<Amounts> all = co_await with_gpu(by, group, node, std::move(amounts));
  if (all && group != nullptr) by_group_[group->id()].each = *all;
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

QuotaTracker::Check QuotaTracker::checked(const Amounts& each, const Node& node, int count) const {
  Check check;
  check.allowed = count;
  for (const Status& status : quotas_) {
    if (!matches(status.quota.selector, node.labels)) continue;
    std::vector<std::string> resources;
    for (const auto& [name, amount] : each) {
      const auto left = status.left.find(name);
      if (amount <= 0 || left == status.left.end() || left->second / amount >= count) continue;
      check.allowed =
          static_cast<int>(std::min<std::int64_t>(check.allowed, left->second / amount));
      resources.push_back(name);
    }
    if (!resources.empty()) {
      check.exceeded.push_back(Exceeded{status.quota.name, std::move(resources)});
    }
  }
  return check;
}

Awaitable<Result<QuotaTracker::Check>> QuotaTracker::check(LoopId by, NodeGroupPtr group,
                                                           NodePtr node, int count) {
  const Result<Amounts> each = co_await resources_of(by, group, node);
  if (!each) co_return std::unexpected(each.error());
  co_return checked(*each, *node, count);
}

Awaitable<Result<QuotaTracker::Check>> QuotaTracker::consume(LoopId by, NodeGroupPtr group,
                                                             NodePtr node, int count) {
  const Result<Amounts> each = co_await resources_of(by, group, node);
  if (!each) co_return std::unexpected(each.error());
  const Check result = checked(*each, *node, count);
  if (result.allowed != count) co_return result;
  for (Status& status : quotas_) {
    if (!matches(status.quota.selector, node->labels)) continue;
    for (const auto& [name, amount] : *each) {
      const auto left = status.left.find(name);
      if (left == status.left.end()) continue;
      left->second = std::max<std::int64_t>(0, left->second - amount * count);
    }
  }
  co_return result;
}

std::vector<std::string> reasons_of(const QuotaTracker::Check& check) {
  std::vector<std::string> reasons;
  for (const QuotaTracker::Exceeded& exceeded : check.exceeded) {
    reasons.push_back(fmt::format("exceeded quota: \"{}\", resources: {}", exceeded.quota,
                                  fmt::join(exceeded.resources, ", ")));
  }
  return reasons;
}

}  // namespace casim::sim
