// What an autoscaler was told, and what therefore has to be so in the end.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/provider/fake_ec2.h"
#include "tests/provider/provider_world.h"
#include "tests/provider/quiet.h"

namespace casim::provider {

class CrashLedger {
 public:
  // An order that changes the group's target by so much, if it takes effect.
  void add(const std::string& group, int effect, Pending<void> answer) {
    orders_.push_back({group, effect, std::move(answer)});
  }

  void add_join(const std::string& provider_id, Pending<const GroupConfig*> answer) {
    joins_.emplace_back(provider_id, std::move(answer));
  }

  // A deletion of nodes of the target, for the first time or again: the last answer counts.
  void remove(const std::string& group, const std::vector<NodeRef>& nodes, Pending<void> answer) {
    removal_ = Order{group, -static_cast<int>(nodes.size()), std::move(answer)};
    removed_ = nodes;
  }

  // Somebody has named it in a deletion.
  void may_go(const std::string& provider_id) { leaving_.insert(provider_id); }

  bool is_leaving(const std::string& provider_id) const { return leaving_.contains(provider_id); }

  // A machine of the target is no more. One that had not joined may be taken for one that never
  // joined, which stays in the target.
  void lose(const std::string& group, const std::string& provider_id, bool had_joined) {
    may_go(provider_id);
    auto answer = std::make_shared<std::optional<Result<void>>>();
    if (had_joined) answer->emplace();
    add(group, -1, std::move(answer));
  }

  // What does not hold; empty: all does.
  std::string find_fault(const Provider& provider, const FakeEc2& ec2) const {
    for (const GroupConfig& group : provider.groups()) {
      const int target = *provider.target_size(group.id);
      if (!may_be(group.id).contains(target)) {
        return "lost: group " + group.id + " has a target of " + std::to_string(target);
      }
    }
    for (const NodeRef& node : removed_) {
      const std::string id = node.provider_id.substr(node.provider_id.rfind('/') + 1);
      if (is_ok(removal_->answer) && is_live(ec2, id)) return "lost: " + id + " was deleted";
    }
    for (const auto& [id, answer] : joins_) {
      if (!is_ok(answer) || leaving_.contains(id)) continue;
      const bool is_joined = std::ranges::any_of(provider.slots(), [&](const Slot& slot) {
        return slot.provider_id == id && slot.state == SlotState::kRunning;
      });
      if (!is_joined) return "lost: " + id + " had joined";
    }
    return {};
  }

 private:
  struct Order {
    std::string group;
    int effect;
    Pending<void> answer;
  };

  template <class T>
  static bool is_ok(const Pending<T>& answer) {
    return *answer && **answer;
  }

  // Every target that the answers allow: what nobody was told of may have happened or not.
  std::set<int> may_be(const std::string& group) const {
    std::set<int> targets{0};
    std::vector<Order> orders = orders_;
    if (removal_) orders.push_back(*removal_);
    for (const Order& order : orders) {
      if (order.group != group) continue;
      std::set<int> next;
      for (const int target : targets) {
        next.insert(target + order.effect);
        if (!is_ok(order.answer)) next.insert(target);
      }
      targets = std::move(next);
    }
    return targets;
  }

  std::vector<Order> orders_;
  std::vector<std::pair<std::string, Pending<const GroupConfig*>>> joins_;
  std::optional<Order> removal_;
  std::vector<NodeRef> removed_;
  std::set<std::string> leaving_;
};

}  // namespace casim::provider
