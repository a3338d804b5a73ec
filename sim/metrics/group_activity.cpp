#include "sim/metrics/group_activity.h"

#include <algorithm>

namespace casim::sim {
namespace {

template <class Of>
config::Value by_group(const std::map<std::string, GroupTotals>& totals, Of of) {
  config::Value::Object out;
  for (const auto& [name, group] : totals) out.push_back({name, of(group)});
  return out;
}

}  // namespace

void GroupActivity::Group::end_skip(TimePoint now) {
  if (!skipped_for.empty()) totals.skipped[skipped_for] += now - skipped_since;
  skipped_for.clear();
}

void GroupActivity::on_fact(TimePoint at, const Fact& fact) {
  std::visit([this, at](const auto& f) { on(at, f); }, fact);
}

void GroupActivity::on(TimePoint /*now*/, const IncreaseSizeCommitted& fact) {
  GroupTotals& totals = groups_[fact.group].totals;
  ++totals.orders;
  totals.slots_ordered += static_cast<std::int64_t>(fact.slots.size());
}

void GroupActivity::on(TimePoint /*now*/, const ScaleUpFailed& fact) {
  groups_[fact.group].totals.failed[fact.reason] += fact.nodes;
}

void GroupActivity::on(TimePoint now, const GroupSkipped& fact) {
  Group& group = groups_[fact.group];
  group.end_skip(now);
  group.skipped_for = fact.reason;
  group.skipped_since = now;
}

void GroupActivity::on(TimePoint /*now*/, const NodeRegistered& fact) {
  if (!fact.group.empty()) group_of_[fact.name] = fact.group;
}

void GroupActivity::on(TimePoint /*now*/, const ScaleDownDecided& fact) {
  const auto found = group_of_.find(fact.node);
  if (found != group_of_.end()) ++groups_[found->second].totals.nodes_removed;
}

void GroupActivity::on(TimePoint /*now*/, const GroupTargetChanged& fact) {
  GroupTotals& totals = groups_[fact.group].totals;
  totals.peak_target = std::max<std::int64_t>(totals.peak_target, fact.target);
}

std::map<std::string, GroupTotals> GroupActivity::totals(TimePoint end) const {
  std::map<std::string, GroupTotals> out;
  for (const auto& [name, group] : groups_) {
    Group last = group;
    last.end_skip(end);
    out.emplace(name, std::move(last.totals));
  }
  return out;
}

void list_values(SummaryValues& out, const std::map<std::string, GroupTotals>& totals) {
  const auto count = [&](const char* name, const char* of, std::int64_t GroupTotals::* member,
                         const char* meaning) {
    out.add(std::string("groups.{name}.") + name, ValueType::count(of),
            by_group(totals, [member](const GroupTotals& g) { return config::Value(g.*member); }),
            meaning);
  };
  count("orders", "orders", &GroupTotals::orders,
        "IncreaseSize orders that the provider committed");
  count("slots_ordered", "nodes", &GroupTotals::slots_ordered, "nodes that these orders asked for");
  count("peak_target", "nodes", &GroupTotals::peak_target, "the highest target size");
  count("nodes_removed", "nodes", &GroupTotals::nodes_removed,
        "nodes that the autoscaler decided to remove");
  out.add("groups.{name}.failed.{reason}", ValueType::count("nodes"),
          by_group(totals, [](const GroupTotals& g) { return by_name(g.failed); }),
          "nodes whose scale-up the autoscaler took for failed, by reason: a code of the provider, "
          "or timeout",
          Better::kLower);
  out.add("groups.{name}.skipped_s.{reason}", ValueType::seconds(),
          by_group(totals,
                   [](const GroupTotals& g) {
                     config::Value::Object times;
                     for (const auto& [reason, time] : g.skipped) {
                       times.push_back({reason, to_seconds(time)});
                     }
                     return config::Value(std::move(times));
                   }),
          "time for which scale-ups passed the group over, by the reason that they had last",
          Better::kLower);
}

}  // namespace casim::sim
