#include "sim/metrics/order_trail.h"

#include <algorithm>

namespace casim::sim {
namespace {

struct Span {
  TimePoint from{};
  TimePoint to{};
};

// Of spans by their begin, cut to one; how much of it they cover together.
Duration covered(std::vector<Span> spans, Span within) {
  std::ranges::sort(spans, {}, &Span::from);
  Duration sum{};
  TimePoint until = within.from;
  for (const Span& span : spans) {
    const TimePoint from = std::max(span.from, until);
    const TimePoint to = std::min(span.to, within.to);
    if (to <= from) continue;
    sum += to - from;
    until = to;
  }
  return sum;
}

}  // namespace

OrderSplit& OrderSplit::operator+=(const OrderSplit& other) {
  failed += other.failed;
  displaced += other.displaced;
  blocked += other.blocked;
  return *this;
}

void OrderTrail::on_fact(TimePoint at, const Fact& fact) {
  std::visit([this, at](const auto& f) { on(at, f); }, fact);
}

void OrderTrail::on(TimePoint now, const ScaleUpDecided& fact) {
  const std::size_t order = orders_.size();
  orders_.push_back({.decided = now});
  uncommitted_[{fact.loop, fact.group}] = order;
  for (const PodId pod : fact.pods) {
    orders_of_[pod].push_back(static_cast<std::uint32_t>(order));
  }
}

// One that the provider refused; those of machines that failed have no uncommitted order.
void OrderTrail::on(TimePoint now, const ScaleUpFailed& fact) {
  const auto found = uncommitted_.find({fact.loop, fact.group});
  if (found == uncommitted_.end()) return;
  orders_[found->second].failed = now;
  uncommitted_.erase(found);
}

void OrderTrail::on(TimePoint /*now*/, const IncreaseSizeCommitted& fact) {
  const auto found = uncommitted_.find({fact.loop, fact.group});
  if (found == uncommitted_.end()) return;
  for (const SlotId slot : fact.slots) of_slot_[slot] = found->second;
  orders_[found->second].slots = fact.slots.size();
  uncommitted_.erase(found);
}

void OrderTrail::on(TimePoint now, const SlotFailed& fact) { fail(now, fact.slot); }

void OrderTrail::on(TimePoint now, const SlotCancelled& fact) { fail(now, fact.slot); }

void OrderTrail::on(TimePoint now, const SlotGone& fact) { fail(now, fact.slot); }

void OrderTrail::on(TimePoint now, const SlotJoined& fact) {
  const auto found = of_slot_.find(fact.slot);
  if (found == of_slot_.end()) return;
  Order& order = orders_[found->second];
  if (++order.joined == order.slots) order.whole = now;
  of_slot_.erase(found);
}

void OrderTrail::fail(TimePoint now, SlotId slot) {
  const auto found = of_slot_.find(slot);
  if (found == of_slot_.end()) return;
  orders_[found->second].failed = now;
  of_slot_.erase(found);
}

OrderSplit OrderTrail::split(PodId pod, TimePoint from, TimePoint to) const {
  OrderSplit out;
  if (to <= from) return out;
  std::vector<Span> failed;
  std::vector<Span> all;
  if (const auto found = orders_of_.find(pod); found != orders_of_.end()) {
    for (const std::uint32_t number : found->second) {
      const Order& order = orders_[number];
      const bool has_failed = order.failed != kTimeNever;
      const Span span{order.decided, has_failed ? order.failed : order.whole};
      all.push_back(span);
      if (has_failed) failed.push_back(span);
    }
  }
  const Span within{from, to};
  const Duration open = covered(std::move(all), within);
  out.failed = covered(std::move(failed), within);
  out.displaced = open - out.failed;
  out.blocked = (to - from) - open;
  return out;
}

}  // namespace casim::sim
