#include "sim/world/invariants.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "sim/world/leader_election.h"

namespace casim::sim {
namespace {

bool tells_wrong_sizes(const RpcWrongAnswerFault& fault) {
  return std::holds_alternative<StaleAnswer>(fault.answer) ||
         std::holds_alternative<WrongTarget>(fault.answer);
}

}  // namespace

BrokenInvariant::BrokenInvariant(const std::string& what, TimePoint at)
    : std::runtime_error(fmt::format("invariant broken at {:.6f} s: {}", to_seconds(at), what)) {}

Invariants::Invariants(provider::Config config, Parts parts) : parts_(std::move(parts)) {
  for (const provider::GroupConfig& group : config.groups) {
    groups_[group.id] = {.min = group.min_size, .max = group.max_size, .target = 0, .leaving = {}};
  }
}

void Invariants::excuse_minimum(const Fault& fault) {
  const auto* wrong = std::get_if<RpcWrongAnswerFault>(&fault.body);
  if (wrong == nullptr || !tells_wrong_sizes(*wrong)) return;
  const TimePoint from = later(kTimeZero, wrong->times.at.value_or(Duration{}));
  for (auto& [name, group] : groups_) {
    const bool is_told = wrong->group.empty() || wrong->group == name;
    if (is_told) group.excused_from = std::min(group.excused_from, from);
  }
}

void Invariants::on_fact(TimePoint at, const Fact& fact) {
  now_ = at;
  std::visit([this](const auto& each) { on(each); }, fact);
}

void Invariants::on(const PodBound& fact) { touched_.push_back(fact.node); }

void Invariants::on(const PodEnded& fact) {
  const NodeId node = parts_.cluster.life(fact.pod).node;
  if (node.is_valid()) touched_.push_back(node);
}

void Invariants::on(const NodeRegistered& fact) {
  touched_.push_back(fact.node);
  if (!fact.group.empty()) group_of_node_[fact.name] = fact.group;
}

void Invariants::on(const LoopStarted& /*fact*/) {
  for (auto& [name, group] : groups_) {
    if (parts_.provider() != nullptr) group.target = 0;
    note_target(name, group);
  }
}

void Invariants::on(const AutoscalerKilled& /*fact*/) { forget_removals(); }

void Invariants::on(const AutoscalerCrashed& /*fact*/) { forget_removals(); }

void Invariants::on(const LeaderLost& fact) {
  if (fact.process == kClusterAutoscaler) forget_removals();
}

// The next process knows nothing of removals that this one has begun.
void Invariants::forget_removals() {
  for (auto& [name, group] : groups_) group.leaving.clear();
}

void Invariants::on(const IncreaseSizeCommitted& fact) {
  const auto group = groups_.find(fact.group);
  if (group == groups_.end()) return note_broken("an IncreaseSize of no group: " + fact.group);
  note_target(fact.group, group->second);
  const provider::Provider* provider = parts_.provider();
  const int target = provider == nullptr ? 0 : provider->target_size(fact.group).value_or(0);
  if (target <= group->second.max) return;
  note_broken(fmt::format("an IncreaseSize by {} brought group {} to {}, beyond its maximum of {}",
                          fact.slots.size(), fact.group, target, group->second.max));
}

void Invariants::on(const ScaleDownDecided& fact) {
  Group* group = group_of(fact.node);
  if (group == nullptr) {
    return note_broken(fmt::format("node {} is to be removed and belongs to no group", fact.node));
  }
  group->leaving.insert(fact.node);
  const int left = group->target - static_cast<int>(group->leaving.size());
  if (left >= group->min || group->excused_from <= now_) return;
  note_broken(fmt::format(
      "node {} is to be removed, which would leave group {} with {} of at most {}, below its "
      "minimum of {}",
      fact.node, group_of_node_.at(fact.node), left, group->target, group->min));
}

void Invariants::on(const ScaleDownFailed& fact) {
  if (Group* group = group_of(fact.node)) group->leaving.erase(fact.node);
}

void Invariants::on(const MutationHandled& fact) {
  if (fact.code != 0) return;
  for (const std::string& node : fact.nodes) {
    if (Group* group = group_of(node)) group->leaving.erase(node);
  }
}

void Invariants::note_target(const std::string& name, Group& group) {
  const provider::Provider* provider = parts_.provider();
  if (provider == nullptr) return;
  group.target = std::max(group.target, provider->target_size(name).value_or(0));
}

void Invariants::note_broken(std::string what) {
  if (!broken_) broken_ = std::move(what);
}

Invariants::Group* Invariants::group_of(const std::string& node) {
  const auto name = group_of_node_.find(node);
  if (name == group_of_node_.end()) return nullptr;
  const auto group = groups_.find(name->second);
  return group == groups_.end() ? nullptr : &group->second;
}

void Invariants::check(TimePoint now) {
  for (const NodeId node : std::exchange(touched_, {})) {
    if (auto what = parts_.cluster.broken_invariant(node)) note_broken(std::move(*what));
  }
  if (!parts_.cluster.tally().adds_up()) note_broken("pods are not conserved");
  if (broken_) throw BrokenInvariant(*broken_, now);
  looks_ += kLooksPerEvent;
  if (looks_ >= size() || is_newly_quiet(now)) check_all(now);
}

void Invariants::check_all(TimePoint now) {
  looks_ = 0;
  if (auto what = broken()) note_broken(std::move(*what));
  const double node_hours = parts_.nodes.totals(now).node_hours;
  if (node_hours < node_hours_) note_broken("the nodes' time, which is what they cost, has fallen");
  node_hours_ = node_hours;
  if (is_newly_quiet(now)) {
    judged_ = parts_.audit.changed();
    std::string what = parts_.are_launches_its_own ? parts_.audit.look().first : "";
    if (!what.empty()) note_broken(std::move(what));
  }
  if (broken_) throw BrokenInvariant(*broken_, now);
}

std::optional<std::string> Invariants::unrest(TimePoint now) const {
  if (parts_.provider() == nullptr) return "the provider is down";
  if (!parts_.audit.is_quiet(now)) {
    return fmt::format("the provider is not quiet: something happened {:.3f} s ago",
                       to_seconds(now - parts_.audit.changed()));
  }
  const PodTally& pods = parts_.cluster.tally();
  if (pods.pending + pods.starting > 0) {
    return fmt::format("{} pods are pending and {} are starting", pods.pending, pods.starting);
  }
  std::optional<std::string> unready;
  parts_.cluster.for_each_node([&unready](const NodePtr& node) {
    if (!node->ready && !unready) unready = "node " + node->name + " is not Ready";
  });
  return unready;
}

bool Invariants::is_newly_quiet(TimePoint now) const {
  return judged_ != parts_.audit.changed() && parts_.audit.is_quiet(now);
}

std::size_t Invariants::size() const {
  return parts_.cluster.pods_created() + parts_.cluster.nodes_created();
}

std::optional<std::string> Invariants::broken() const {
  if (auto what = parts_.cluster.broken_invariant()) return what;
  const provider::Provider* provider = parts_.provider();
  return provider == nullptr ? std::nullopt : provider->broken_invariant();
}

}  // namespace casim::sim
