#include "sim/explain/wait_causes.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "sim/explain/moments.h"

namespace casim::sim {
namespace {

using Sentences = std::vector<std::string>;

// An order of the autoscaler that counted the pod, or made its node.
struct CountedOrder {
  ScaleUpDecided order;
  TimePoint at{};
  std::set<SlotId> slots{};
  std::set<std::string> instances{};
  std::map<std::string, int> failures{};  // slots by code
  int ready = 0;                          // nodes, while the pod waited
  bool has_own_node = false;
};

class Orders {
 public:
  Orders(const Target& target, const std::vector<KeptFact>& kept) : target_(target) {
    for (const KeptFact& one : kept) {
      std::visit([&](const auto& f) { on(one.at, f); }, one.fact);
    }
  }

  const std::vector<CountedOrder>& all() const { return orders_; }

 private:
  void on(TimePoint at, const ScaleUpDecided& f) { orders_.push_back({.order = f, .at = at}); }

  void on(TimePoint, const IncreaseSizeCommitted& f) {
    for (CountedOrder& one : orders_) {
      if (one.order.loop != f.loop || one.order.group != f.group) continue;
      one.slots.insert(f.slots.begin(), f.slots.end());
    }
  }

  void on(TimePoint, const SlotFailed& f) {
    if (CountedOrder* one = with(f.slot)) ++one->failures[f.code];
  }

  void on(TimePoint, const CreationStuck& f) {
    if (CountedOrder* one = with(f.slot)) ++one->failures["stuck in its creation"];
  }

  void on(TimePoint, const SlotLaunched& f) {
    CountedOrder* one = with(f.slot);
    if (one == nullptr) return;
    one->instances.insert(f.instance);
    one->has_own_node = one->has_own_node || f.instance == target_.instance;
  }

  void on(TimePoint, const NodeRegistered& f) { instance_of_[f.node] = f.instance; }

  void on(TimePoint, const NodeReady& f) {
    for (CountedOrder& one : orders_) {
      if (one.instances.contains(instance_of_[f.node])) ++one.ready;
    }
  }

  template <class Other>
  void on(TimePoint, const Other&) {}

  CountedOrder* with(SlotId slot) {
    const auto found = std::ranges::find_if(
        orders_, [&](const CountedOrder& one) { return one.slots.contains(slot); });
    return found == orders_.end() ? nullptr : &*found;
  }

  const Target& target_;
  std::vector<CountedOrder> orders_;
  std::map<NodeId, std::string> instance_of_;
};

std::string order_text(const CountedOrder& one, const Target& target) {
  const auto others =
      std::ssize(one.order.pods) -
      (std::ranges::find(one.order.pods, target.pod) == one.order.pods.end() ? 0 : 1);
  const bool counts_it = others < std::ssize(one.order.pods);
  return fmt::format("loop {} ordered {} of {} for {}{}", one.order.loop.value(),
                     counted(one.order.delta, "node"), one.order.group,
                     counts_it ? "it" : counted(others, "other pod"),
                     counts_it && others > 0 ? " and " + counted(others, "other pod") : "");
}

Sentences failed_orders(const std::vector<CountedOrder>& orders, const Target& target) {
  Sentences out;
  for (const CountedOrder& one : orders) {
    if (one.failures.empty()) continue;
    std::string codes;
    for (const auto& [code, count] : one.failures) {
      codes += fmt::format("{}{} {}", codes.empty() ? "" : ", ", count, code);
    }
    out.push_back(fmt::format("{}; machines of it failed: {}", order_text(one, target), codes));
  }
  return out;
}

// Orders that counted the pod, and whose nodes it did not get.
Sentences displaced_orders(const std::vector<CountedOrder>& orders, const Target& target) {
  Sentences out;
  for (const CountedOrder& one : orders) {
    if (one.has_own_node || one.ready == 0) continue;
    out.push_back(
        fmt::format("{}; {} of them {} Ready while it waited, and other pods were bound "
                    "there",
                    order_text(one, target), one.ready, one.ready == 1 ? "was" : "were"));
  }
  return out;
}

bool asks_for_nothing(const LoopResultsChanged& results) {
  return results.scale_up == "ScaleUpNotNeeded" || results.scale_up == "ScaleUpNotTried" ||
         results.scale_up == "ScaleUpInCooldown";
}

// How long each group was passed over in [from, to), by reason.
Sentences passed_over(const std::vector<KeptFact>& kept, TimePoint from, TimePoint to) {
  std::map<std::pair<std::string, std::string>, Duration> lengths;
  std::map<std::string, std::pair<std::string, TimePoint>> open;  // by group: reason and since when
  const auto close = [&](std::string group, TimePoint at) {
    const auto found = open.find(group);
    if (found == open.end()) return;
    const Duration length = std::min(at, to) - std::max(found->second.second, from);
    if (length > Duration{}) lengths[{group, found->second.first}] += length;
    open.erase(found);
  };
  for (const KeptFact& one : kept) {
    if (one.at >= to) break;
    // Loops that ask for no nodes look at no group.
    const auto* results = std::get_if<LoopResultsChanged>(&one.fact);
    while (results != nullptr && asks_for_nothing(*results) && !open.empty()) {
      close(open.begin()->first, one.at);
    }
    const auto* skipped = std::get_if<GroupSkipped>(&one.fact);
    if (skipped == nullptr) continue;
    close(skipped->group, one.at);
    if (!skipped->reason.empty()) open[skipped->group] = {skipped->reason, one.at};
  }
  while (!open.empty()) close(open.begin()->first, to);
  Sentences out;
  for (const auto& [what, length] : lengths) {
    out.push_back(fmt::format("{} was passed over for {}: {}", what.first, rounded_text(length),
                              what.second));
  }
  return out;
}

bool is_of_process(const Fact& fact) {
  return std::holds_alternative<AutoscalerStarted>(fact) ||
         std::holds_alternative<AutoscalerKilled>(fact) ||
         std::holds_alternative<AutoscalerCrashed>(fact) ||
         std::holds_alternative<LeaderLost>(fact) || std::holds_alternative<LeaderElected>(fact);
}

bool is_of_provider(const Fact& fact) {
  const auto* answer = std::get_if<MutationHandled>(&fact);
  return std::holds_alternative<ProviderStarted>(fact) ||
         std::holds_alternative<ProviderCrashed>(fact) || (answer != nullptr && answer->code != 0);
}

bool is_of_ec2(const Fact& fact) {
  return std::holds_alternative<Ec2CallAnswered>(fact) ||
         std::holds_alternative<Ec2CallDelayed>(fact);
}

bool blocks(const Fact& fact) {
  const auto* results = std::get_if<LoopResultsChanged>(&fact);
  const bool is_idle = results != nullptr && results->scale_up != "ScaleUpSuccessful";
  const auto* rejected = std::get_if<PodsRejected>(&fact);
  return is_idle || (rejected != nullptr && rejected->pods > 0) ||
         std::holds_alternative<ScaleUpFailed>(fact) || std::holds_alternative<LoopEnded>(fact) ||
         std::holds_alternative<FaultBegan>(fact) || std::holds_alternative<FaultEnded>(fact) ||
         is_of_process(fact) || is_of_provider(fact);
}

// As a timeline tells them, with when they came.
Sentences told(const Target& target, const ReplayedRun& run, const std::vector<KeptFact>& kept,
               TimePoint from, TimePoint to, const std::function<bool(const Fact&)>& counts) {
  std::vector<KeptFact> chosen;
  for (const KeptFact& one : kept) {
    if (one.at >= from && one.at <= to && counts(one.fact)) chosen.push_back(one);
  }
  Sentences out;
  for (const ExplainedMoment& moment : moments_of(target, run, chosen)) {
    out.push_back(fmt::format("at {:.2f} s {}", to_seconds(moment.first), moment.text));
  }
  return out;
}

void append(Sentences& out, const Sentences& more) {
  out.insert(out.end(), more.begin(), more.end());
}

}  // namespace

WaitCauses::WaitCauses(const Target& target, const ReplayedRun& run,
                       const std::vector<KeptFact>& kept) {
  const PodRecord& pod = run.pods.pods()[target.pod.value()];
  const bool was_ordered = target.made_by.loop_start != kBeforeAllTime;
  const TimePoint bound = pod.is_bound() ? pod.bound : target.to;
  const TimePoint ordered = was_ordered ? target.made_by.loop_start : bound;
  const TimePoint known = std::min(pod.seen, ordered);
  const TimePoint from = std::min(pod.waits_from, known);
  if (pod.unschedulable < bound) {
    by_stage_["detect"].push_back(
        fmt::format("the scheduler said that no node has room for it {} after it {}",
                    rounded_text(pod.unschedulable - pod.waits_from),
                    pod.waits_from == pod.created ? "was created" : "was out of its gates"));
  }
  append(by_stage_["detect"], told(target, run, kept, from, known, [](const Fact& fact) {
           return is_of_process(fact) || std::holds_alternative<LoopEnded>(fact);
         }));
  const Orders orders(target, kept);
  by_stage_["failed"] = failed_orders(orders.all(), target);
  by_stage_["displaced"] = displaced_orders(orders.all(), target);
  by_stage_["blocked"] = passed_over(kept, from, ordered);
  append(by_stage_["blocked"], told(target, run, kept, known, ordered, blocks));
  Sentences& retry = by_stage_["retry"];
  for (const char* part : {"failed", "displaced", "blocked"}) append(retry, by_stage_[part]);
  if (!was_ordered) return;
  for (const CountedOrder& one : orders.all()) {
    if (one.has_own_node) by_stage_["decide"].push_back(order_text(one, target));
  }
  append(by_stage_["decide"],
         told(target, run, kept, ordered, target.made_by.committed, is_of_provider));
  by_stage_["provision"] =
      told(target, run, kept, target.made_by.committed, target.made_by.accepted,
           [](const Fact& f) { return is_of_ec2(f) || is_of_provider(f); });
  for (const KeptFact& one : kept) {
    const auto* machine = std::get_if<InstanceLaunched>(&one.fact);
    if (machine == nullptr) continue;
    by_stage_["launch"].push_back(
        fmt::format("machine {}, {} in {}", machine->instance, machine->type, machine->zone));
  }
}

std::vector<std::string> WaitCauses::of(std::string_view stage) const {
  const auto found = by_stage_.find(stage);
  return found == by_stage_.end() ? Sentences{} : found->second;
}

}  // namespace casim::sim
