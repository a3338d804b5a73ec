#include "sim/metrics/decision_log.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace casim::sim {

std::string_view name_of(DecisionKind kind) {
  switch (kind) {
    case DecisionKind::kOrder:
      return "ordered";
    case DecisionKind::kOrderFailed:
      return "order failed";
    case DecisionKind::kRemoval:
      return "removed";
    case DecisionKind::kNotRemoved:
      return "not removed";
    case DecisionKind::kDeletion:
      return "deleted";
    case DecisionKind::kCorrection:
      return "corrected";
    case DecisionKind::kSkipped:
      return "skipped";
  }
  return "";
}

void DecisionLog::on_fact(TimePoint at, const Fact& fact) {
  std::visit([this, at](const auto& f) { on(at, f); }, fact);
}

void DecisionLog::on(TimePoint /*at*/, const NodeRegistered& fact) {
  if (fact.node.value() >= names_.size()) names_.resize(fact.node.value() + 1);
  names_[fact.node.value()] = fact.name;
  group_of_[fact.name] = fact.group;
}

void DecisionLog::on(TimePoint /*at*/, const NodeGone& fact) {
  group_of_.erase(names_[fact.node.value()]);
}

std::string DecisionLog::group_of(const std::string& node) const {
  const auto found = group_of_.find(node);
  return found == group_of_.end() ? "" : found->second;
}

void DecisionLog::on(TimePoint /*at*/, const OptionConsidered& fact) {
  if (fact.loop != considered_in_) rejected_.clear();
  considered_in_ = fact.loop;
  if (!fact.rejected_by.empty()) rejected_.emplace_back(fact.group, fact.rejected_by);
}

std::string DecisionLog::rejected(LoopId loop) const {
  if (loop != considered_in_) return "";
  std::string out;
  for (const auto& [group, reason] : rejected_) {
    out += fmt::format("{}{} ({})", out.empty() ? "instead of " : ", ", group, reason);
  }
  return out;
}

void DecisionLog::on(TimePoint at, const ScaleUpDecided& fact) {
  add(fact.loop, {.from = at,
                  .to = at,
                  .group = fact.group,
                  .kind = DecisionKind::kOrder,
                  .nodes = fact.delta,
                  .pods = static_cast<std::int64_t>(fact.pods.size()),
                  .reason = rejected(fact.loop)});
}

void DecisionLog::on(TimePoint at, const ScaleUpFailed& fact) {
  add(fact.loop, {.from = at,
                  .to = at,
                  .group = fact.group,
                  .kind = DecisionKind::kOrderFailed,
                  .nodes = fact.nodes,
                  .reason = fact.reason});
}

void DecisionLog::on(TimePoint at, const ScaleDownDecided& fact) {
  add(fact.loop, {.from = at,
                  .to = at,
                  .group = group_of(fact.node),
                  .kind = DecisionKind::kRemoval,
                  .nodes = 1,
                  .reason = fact.drain ? "after a drain" : "empty"});
}

void DecisionLog::on(TimePoint at, const ScaleDownFailed& fact) {
  add(LoopId(), {.from = at,
                 .to = at,
                 .group = group_of(fact.node),
                 .kind = DecisionKind::kNotRemoved,
                 .nodes = 1,
                 .reason = fact.reason});
}

void DecisionLog::on(TimePoint at, const InstancesDeleted& fact) {
  const std::string refused = fact.error.empty() ? "" : ", refused: " + fact.error;
  add(fact.loop, {.from = at,
                  .to = at,
                  .group = fact.group,
                  .kind = DecisionKind::kDeletion,
                  .nodes = static_cast<std::int64_t>(fact.instances.size()),
                  .reason = fact.reason + refused});
}

void DecisionLog::on(TimePoint at, const GroupSizeFixed& fact) {
  add(fact.loop, {.from = at,
                  .to = at,
                  .group = fact.group,
                  .kind = DecisionKind::kCorrection,
                  .nodes = -fact.delta,
                  .reason = "target above what is there"});
}

void DecisionLog::on(TimePoint at, const GroupSkipped& fact) {
  end_skip(at, fact.group);
  if (fact.reason.empty()) return;
  add(LoopId(), {.from = at,
                 .to = kTimeNever,
                 .group = fact.group,
                 .kind = DecisionKind::kSkipped,
                 .reason = fact.reason});
}

void DecisionLog::end_skip(TimePoint at, const std::string& group) {
  for (Decision& of : decisions_) {
    if (of.kind == DecisionKind::kSkipped && of.group == group && of.to == kTimeNever) of.to = at;
  }
}

void DecisionLog::add(LoopId loop, Decision decision) {
  if (!loop.is_valid() || loop != last_loop_) first_of_loop_ = decisions_.size();
  last_loop_ = loop;
  for (std::size_t i = first_of_loop_; i < decisions_.size(); ++i) {
    Decision& of = decisions_[i];
    if (of.group != decision.group || of.kind != decision.kind || of.reason != decision.reason) {
      continue;
    }
    of.nodes += decision.nodes;
    of.pods += decision.pods;
    of.to = decision.to;
    return;
  }
  decisions_.push_back(std::move(decision));
  if (decisions_.size() > limit_) shrink();
}

void DecisionLog::shrink() {
  do {
    window_ = window_ == Duration{} ? std::chrono::seconds(10) : 2 * window_;
    merge();
  } while (decisions_.size() > kMost && window_ < kLongestWindow);
  window_ = std::min(window_, kLongestWindow);
  limit_ = std::max(kMost, 2 * decisions_.size());
}

// Each joins the last one of its group, kind and reason, if that ended less than a window ago.
void DecisionLog::merge() {
  using Key = std::tuple<std::string, DecisionKind, std::string>;
  std::map<Key, std::size_t> last;
  std::vector<Decision> kept;
  for (Decision& of : decisions_) {
    const auto [entry, is_first] = last.try_emplace({of.group, of.kind, of.reason}, kept.size());
    Decision* before = is_first ? nullptr : &kept[entry->second];
    if (before != nullptr && (before->to == kTimeNever || of.from - before->from < window_)) {
      before->to = of.to;
      before->nodes += of.nodes;
      before->pods += of.pods;
      before->decisions += of.decisions;
      continue;
    }
    entry->second = kept.size();
    kept.push_back(std::move(of));
  }
  decisions_ = std::move(kept);
  first_of_loop_ = decisions_.size();
}

}  // namespace casim::sim
