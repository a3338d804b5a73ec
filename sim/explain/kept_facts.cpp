#include "sim/explain/kept_facts.h"

#include <algorithm>
#include <map>
#include <optional>

#include "sim/explain/order_followers.h"

namespace casim::sim {
namespace {

template <class List, class Item>
bool contains(const List& list, const Item& item) {
  return std::ranges::find(list, item) != list.end();
}

// EC2 calls that make machines.
bool is_launch(const std::string& action) {
  return action == "RunInstances" || action == "CreateFleet" || action == "StartInstances";
}

// What stands in the way of groups, told once when it changes: what held at one instant.
class Obstacles {
 public:
  // Whether the fact is about one.
  bool note(TimePoint at, const Fact& fact) {
    if (const auto* skipped = std::get_if<GroupSkipped>(&fact)) {
      in_force_[skipped->group] = {at, fact};
      if (skipped->reason.empty()) in_force_.erase(skipped->group);
      return true;
    }
    if (const auto* rejected = std::get_if<PodsRejected>(&fact)) {
      in_force_[rejected->group + '\n' + rejected->reason] = {at, fact};
      if (rejected->pods == 0) in_force_.erase(rejected->group + '\n' + rejected->reason);
      return true;
    }
    return false;
  }

  const std::map<std::string, KeptFact>& in_force() const { return in_force_; }

 private:
  std::map<std::string, KeptFact> in_force_;
};

class FactsOfPod : public KeptFacts {
 public:
  explicit FactsOfPod(const Target& target) : target_(target) {}

  const OrderTrail* orders() const override { return &orders_; }

  void on_fact(TimePoint at, const Fact& fact) override {
    if (!std::holds_alternative<ScaleUpDecided>(fact)) orders_.on_fact(at, fact);
    if (const auto* started = std::get_if<LoopStarted>(&fact)) {
      loop_ = started->loop;
      loop_start_ = at;
      return;
    }
    if (!has_begun_ && at >= target_.from) {
      has_begun_ = true;
      for (const auto& [key, obstacle] : obstacles_.in_force()) keep(obstacle.at, obstacle.fact);
    }
    const bool is_obstacle = obstacles_.note(at, fact);
    if (take_order(at, fact)) return;
    const bool waits = has_begun_ && at <= target_.to && !is_bound_;
    const bool is_of_order = trail_.follows(fact);
    if (is_own(at, fact) || is_of_machine(fact) ||
        (waits && (is_of_order || is_obstacle || delays(fact)))) {
      keep(at, fact);
    }
  }

 private:
  // One that counted the pod, or that made its node.
  bool take_order(TimePoint at, const Fact& fact) {
    const auto* order = std::get_if<ScaleUpDecided>(&fact);
    if (order == nullptr) return false;
    // Of the pods that it counted only this one matters.
    const bool counts = contains(order->pods, target_.pod);
    if (counts) {
      orders_.on_fact(at, ScaleUpDecided{order->loop, order->group, order->delta, {target_.pod}});
    }
    const bool made_node =
        loop_start_ == target_.made_by.loop_start && order->group == target_.group;
    if (!counts && !made_node) return true;
    trail_.add(order->loop, order->group);
    keep(loop_start_, LoopStarted{order->loop});
    keep(at, fact);
    return true;
  }

  bool is_own(TimePoint at, const Fact& fact) {
    const PodId pod = target_.pod;
    if (const auto* seen = std::get_if<PodsSeen>(&fact)) {
      if (!contains(seen->pods, pod)) return false;
      keep(loop_start_, LoopStarted{loop_});
      keep(at, PodsSeen{seen->loop, {pod}});
      return false;  // kept without the others
    }
    if (const auto* bound = std::get_if<PodBound>(&fact)) {
      is_bound_ = is_bound_ || bound->pod == pod;
      return bound->pod == pod;
    }
    if (const auto* created = std::get_if<PodCreated>(&fact)) {
      return created->pod == pod || created->replaces == pod;
    }
    if (const auto* f = std::get_if<PodGated>(&fact)) return f->pod == pod;
    if (const auto* f = std::get_if<PodUngated>(&fact)) return f->pod == pod;
    if (const auto* f = std::get_if<PodUnschedulable>(&fact)) return f->pod == pod;
    if (const auto* f = std::get_if<PodRunning>(&fact)) return f->pod == pod;
    if (const auto* f = std::get_if<PodEnded>(&fact)) return f->pod == pod;
    return false;
  }

  // Of the machine below the pod's node, which the autoscaler may not have ordered.
  bool is_of_machine(const Fact& fact) const {
    if (target_.made_by.committed == kBeforeAllTime) return false;
    if (const auto* f = std::get_if<InstanceLaunched>(&fact)) {
      return f->instance == target_.instance;
    }
    return false;
  }

  // What may keep anybody waiting.
  static bool delays(const Fact& fact) {
    if (const auto* ended = std::get_if<LoopEnded>(&fact)) {
      return !ended->error.empty() || !ended->cut_short.empty();
    }
    if (const auto* call = std::get_if<Ec2CallAnswered>(&fact)) {
      return is_launch(call->action) && !call->code.empty();
    }
    if (const auto* wait = std::get_if<Ec2CallDelayed>(&fact)) return is_launch(wait->action);
    return std::holds_alternative<ScaleUpFailed>(fact) ||
           std::holds_alternative<FaultBegan>(fact) || std::holds_alternative<FaultEnded>(fact) ||
           std::holds_alternative<LoopResultsChanged>(fact) ||
           std::holds_alternative<AutoscalerStarted>(fact) ||
           std::holds_alternative<AutoscalerKilled>(fact) ||
           std::holds_alternative<AutoscalerCrashed>(fact) ||
           std::holds_alternative<LeaderLost>(fact) ||
           std::holds_alternative<LeaderElected>(fact) ||
           std::holds_alternative<ProviderStarted>(fact) ||
           std::holds_alternative<ProviderCrashed>(fact);
  }

  Target target_;
  OrderTrail orders_;
  OrderFollowers trail_;
  Obstacles obstacles_;
  LoopId loop_;
  TimePoint loop_start_ = kTimeNever;
  bool has_begun_ = false;
  bool is_bound_ = false;
};

class FactsOfNode : public KeptFacts {
 public:
  explicit FactsOfNode(const Target& target) : target_(target) {}

  void on_fact(TimePoint at, const Fact& fact) override {
    if (std::visit([&](const auto& f) { return belongs(at, f); }, fact)) keep(at, fact);
  }

 private:
  bool belongs(TimePoint at, const LoopStarted& f) {
    if (at == target_.made_by.loop_start) loop_ = f.loop;
    return at == target_.made_by.loop_start;
  }

  bool belongs(TimePoint /*at*/, const ScaleUpDecided& f) const {
    return loop_ && f.loop == *loop_ && f.group == target_.group;
  }

  bool belongs(TimePoint at, const IncreaseSizeCommitted& f) const {
    return at == target_.made_by.committed && f.group == target_.group;
  }

  bool belongs(TimePoint, const InstanceLaunched& f) const { return is_ours(f.instance); }

  bool belongs(TimePoint, const InstanceRunning& f) const { return is_ours(f.instance); }

  bool belongs(TimePoint, const InstanceTerminated& f) const { return is_ours(f.instance); }

  bool belongs(TimePoint, const SlotLaunched& f) {
    if (is_ours(f.instance)) slot_ = f.slot;
    return false;  // told by InstanceLaunched
  }

  bool belongs(TimePoint, const CreationStuck& f) const { return slot_ && f.slot == *slot_; }

  bool belongs(TimePoint, const CreationFreed& f) const { return slot_ && f.slot == *slot_; }

  bool belongs(TimePoint, const SlotFailed& f) const { return slot_ && f.slot == *slot_; }

  bool belongs(TimePoint, const NodeRegistered& f) const { return f.node == target_.node; }

  bool belongs(TimePoint, const NodeReady& f) const { return f.node == target_.node; }

  bool belongs(TimePoint, const NodeNotReady& f) const { return f.node == target_.node; }

  bool belongs(TimePoint, const NodeTainted& f) const { return f.node == target_.node; }

  bool belongs(TimePoint, const NodeGone& f) const { return f.node == target_.node; }

  bool belongs(TimePoint, const PodBound& f) {
    if (f.node == target_.node) pods_.push_back(f.pod);
    return f.node == target_.node;
  }

  bool belongs(TimePoint, const PodRunning& f) const { return contains(pods_, f.pod); }

  bool belongs(TimePoint, const PodEnded& f) const { return contains(pods_, f.pod); }

  bool belongs(TimePoint, const NodeUnremovable& f) const { return f.node == target_.name; }

  bool belongs(TimePoint, const ScaleDownDecided& f) const { return f.node == target_.name; }

  bool belongs(TimePoint, const ScaleDownFailed& f) const { return f.node == target_.name; }

  bool belongs(TimePoint, const MutationHandled& f) const {
    return contains(f.nodes, target_.name);
  }

  template <class Other>
  bool belongs(TimePoint, const Other&) const {
    return false;
  }

  bool is_ours(const std::string& instance) const { return instance == target_.instance; }

  Target target_;
  std::optional<LoopId> loop_;
  std::optional<SlotId> slot_;
  std::vector<PodId> pods_;  // that were bound to it
};

class FactsOfGroup : public KeptFacts {
 public:
  explicit FactsOfGroup(const Target& target) : group_(target.group) {}

  void on_fact(TimePoint at, const Fact& fact) override {
    const bool is_of_order = trail_.follows(fact);
    if (is_of_order || std::visit([&](const auto& f) { return belongs(f); }, fact)) keep(at, fact);
  }

 private:
  bool belongs(const ScaleUpDecided& f) {
    if (f.group == group_) trail_.add(f.loop, f.group);
    return f.group == group_;
  }

  bool belongs(const NodeRegistered& f) {
    if (f.group == group_) nodes_[f.name] = f.node;
    return f.group == group_;
  }

  bool belongs(const NodeReady& f) const { return is_ours(f.node); }

  bool belongs(const NodeNotReady& f) const { return is_ours(f.node); }

  bool belongs(const NodeGone& f) const { return is_ours(f.node); }

  bool belongs(const ScaleDownDecided& f) const { return nodes_.contains(f.node); }

  bool belongs(const ScaleDownFailed& f) const { return nodes_.contains(f.node); }

  template <class Other>
  bool belongs(const Other& f) const {
    if constexpr (requires { f.group; }) {
      return f.group == group_;
    } else {
      return false;
    }
  }

  bool is_ours(NodeId node) const {
    return std::ranges::any_of(nodes_, [&](const auto& one) { return one.second == node; });
  }

  std::string group_;
  OrderFollowers trail_;
  std::map<std::string, NodeId> nodes_;  // by name
};

// Of the loop that ran at an instant, or the last before it, and of what its orders became.
class FactsOfLoop : public KeptFacts {
 public:
  explicit FactsOfLoop(const Target& target) : at_(target.from) {}

  void on_fact(TimePoint at, const Fact& fact) override {
    if (const auto* started = std::get_if<LoopStarted>(&fact)) {
      if (at <= at_) begin(at, *started);
      return;
    }
    const bool is_ours = std::visit([&](const auto& f) { return belongs(f); }, fact);
    const bool is_of_order = trail_.follows(fact);
    if (is_ours || is_of_order) keep(at, fact);
    obstacles_.note(at, fact);
    if (std::holds_alternative<LoopResultsChanged>(fact)) results_ = KeptFact{at, fact};
  }

 private:
  // Forgets the loop before. What stood in the way still does.
  void begin(TimePoint at, const LoopStarted& started) {
    forget();
    trail_ = {};
    for (const auto& [key, obstacle] : obstacles_.in_force()) keep(obstacle.at, obstacle.fact);
    if (results_) keep(results_->at, results_->fact);
    loop_ = started.loop;
    keep(at, started);
  }

  bool belongs(const ScaleUpDecided& f) {
    if (is_of_loop(f.loop)) trail_.add(f.loop, f.group);
    return is_of_loop(f.loop);
  }

  template <class Other>
  bool belongs(const Other& f) const {
    if constexpr (requires { f.loop; }) {
      return is_of_loop(f.loop);
    } else {
      return false;
    }
  }

  bool is_of_loop(LoopId loop) const { return loop.is_valid() && loop == loop_; }

  TimePoint at_;
  OrderFollowers trail_;
  Obstacles obstacles_;
  std::optional<KeptFact> results_;
  LoopId loop_;
};

}  // namespace

std::unique_ptr<KeptFacts> facts_for(const Target& target) {
  switch (target.kind) {
    case SubjectKind::kNode:
      return std::make_unique<FactsOfNode>(target);
    case SubjectKind::kGroup:
      return std::make_unique<FactsOfGroup>(target);
    case SubjectKind::kLoop:
      return std::make_unique<FactsOfLoop>(target);
    case SubjectKind::kPod:
    case SubjectKind::kSlowest:
      break;
  }
  return std::make_unique<FactsOfPod>(target);
}

}  // namespace casim::sim
