#include "sim/autoscaler/scaledown/unneeded.h"

#include <utility>

#include "sim/autoscaler/scaledown/eligibility.h"

namespace casim::sim {

UnneededNodes::UnneededNodes(const AutoscalerOptions& options, CloudProvider& provider,
                             const OrderPolicy& order)
    : options_(options), provider_(provider), order_(order) {}

Awaitable<void> UnneededNodes::update(LoopId by, std::vector<NodeToBeRemoved> removable,
                                      TimePoint now) {
  std::map<std::string, Entry> next;
  for (NodeToBeRemoved& node : removable) {
    const std::string name = node.node->name;
    const auto known = by_name_.find(name);
    Entry entry;
    entry.node = std::move(node);
    entry.since = known == by_name_.end() ? now : known->second.since;
    co_await look_up_threshold(by, entry);
    next[name] = std::move(entry);
  }
  by_name_ = std::move(next);
}

Awaitable<void> UnneededNodes::look_up_threshold(LoopId by, Entry& entry) {
  const NodePtr node = entry.node.node;
  const Result<NodeGroupPtr> group = co_await provider_.group_of(by, node);
  if (!group || *group == nullptr) co_return;
  const Result<NodeGroupOptions> options = co_await (*group)->options(by, options_.group_defaults);
  if (!options) {
    entry.threshold_unknown = true;
    co_return;
  }
  entry.threshold =
      is_ready(*node) ? options->scale_down_unneeded_time : options->scale_down_unready_time;
}

std::vector<NodePtr> UnneededNodes::nodes() const {
  std::vector<NodePtr> result;
  for (const auto& [name, entry] : by_name_) result.push_back(entry.node.node);
  return result;
}

Awaitable<UnneededNodes::Removable> UnneededNodes::removable_at(LoopId by, TimePoint now,
                                                                QuotaTracker& quotas,
                                                                const DeletionTracker& deletions) {
  Removable result;
  GroupSizes sizes = co_await group_sizes(by, provider_);
  for (const bool drain : {false, true}) {
    std::vector<const Entry*> entries;
    for (const auto& [name, entry] : by_name_) {
      if (entry.node.pods.empty() != drain) entries.push_back(&entry);
    }
    order_.arrange({"unneeded-nodes", by}, entries,
                   [](const Entry* entry) { return node_name(entry->node.node); });
    for (const Entry* next : entries) {
      const Entry& entry = *next;
      const std::string_view reason =
          co_await reason_to_stay(by, entry, now, sizes, quotas, deletions);
      if (!reason.empty()) {
        result.unremovable.push_back(UnremovableNode{entry.node.node, reason});
      } else {
        (drain ? result.drain : result.empty).push_back(entry.node);
      }
    }
  }
  co_return result;
}

Awaitable<std::string_view> UnneededNodes::reason_to_stay(LoopId by, const Entry& entry,
                                                          TimePoint now, GroupSizes& sizes,
                                                          QuotaTracker& quotas,
                                                          const DeletionTracker& deletions) {
  if (entry.threshold_unknown) co_return "UnexpectedError";
  const NodePtr node = entry.node.node;
  if (is_scale_down_disabled(*node)) co_return "ScaleDownDisabledAnnotation";
  if (entry.threshold > Duration{} && entry.since + entry.threshold >= now) {
    co_return is_ready(*node) ? std::string_view("NotUnneededLongEnough")
                              : std::string_view("NotUnreadyLongEnough");
  }
  const Result<NodeGroupPtr> found = co_await provider_.group_of(by, node);
  if (!found || *found == nullptr) co_return "NotAutoscaled";
  const NodeGroupPtr group = *found;
  const auto size = sizes.find(group->id());
  if (size == sizes.end()) co_return "UnexpectedError";
  if (size->second - deletions.count(group->id()) <= group->min_size()) {
    co_return "NodeGroupMinSizeReached";
  }
  const Result<QuotaTracker::Check> quota = co_await quotas.consume(by, group, node, 1);
  if (!quota) co_return "UnexpectedError";
  if (!quota->exceeded.empty()) co_return "MinimalResourceLimitExceeded";
  --size->second;
  co_return std::string_view();
}

}  // namespace casim::sim
