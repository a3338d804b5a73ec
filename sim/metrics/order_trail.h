// Which orders of the autoscaler counted which pod, and what became of them: why a pod had to wait
// for another node than the one that was ordered for it first (design section 5).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/events/facts.h"

namespace casim::sim {

// A time that a pod waited, by what was ordered for it meanwhile.
struct OrderSplit {
  Duration failed{};     // an order that counted it was open, and a machine of it failed
  Duration displaced{};  // one was open that came whole: other pods took the place
  Duration blocked{};    // none was open: backoff, maximum, a broken loop

  OrderSplit& operator+=(const OrderSplit& other);
};

class OrderTrail {
 public:
  void on_fact(TimePoint at, const Fact& fact);

  // Of the time from `from` to `to`; the three add up to it.
  OrderSplit split(PodId pod, TimePoint from, TimePoint to) const;

  // Whether an order counted it, unless it was forgotten.
  bool has(PodId pod) const { return orders_of_.contains(pod); }

  // Nobody will ask for it.
  void forget(PodId pod) { orders_of_.erase(pod); }

 private:
  struct Order {
    TimePoint decided{};
    TimePoint failed = kTimeNever;  // the last of its machines that failed
    TimePoint whole = kTimeNever;   // all have joined
    std::size_t slots = 0;
    std::size_t joined = 0;
  };

  void on(TimePoint now, const ScaleUpDecided& fact);
  void on(TimePoint now, const ScaleUpFailed& fact);
  void on(TimePoint now, const IncreaseSizeCommitted& fact);
  void on(TimePoint now, const SlotFailed& fact);
  void on(TimePoint now, const SlotJoined& fact);
  void on(TimePoint now, const SlotCancelled& fact);
  void on(TimePoint now, const SlotGone& fact);

  template <class Other>
  void on(TimePoint, const Other&) {}  // not about orders

  void fail(TimePoint now, SlotId slot);

  std::vector<Order> orders_;
  std::map<std::pair<LoopId, std::string>, std::size_t> uncommitted_;  // by loop and group
  std::map<SlotId, std::size_t> of_slot_;                              // of open ones
  std::map<PodId, std::vector<std::uint32_t>> orders_of_;              // in order of time
};

}  // namespace casim::sim
