// What goes wrong between the autoscaler and the provider, and when. Whoever makes a call asks what
// holds for it; faults add what they bring about.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "src/core/result.h"
#include "src/core/rpc_method.h"
#include "src/core/time.h"

namespace casim::sim {

// A call that matches is answered with `code`; with none it is answered truly, only with another
// latency.
struct RpcCondition {
  std::optional<RpcMethod> method = {};  // none: all
  std::string group = {};                // empty: all, else only calls that name this group
  std::optional<ErrorCode> code = {};
  bool applied = false;  // the effect happens all the same
  bool drop = false;     // no answer at all: the call ends at its deadline
  std::optional<Duration> latency = {};

  bool matches(RpcMethod called, std::string_view called_group) const {
    return (!method || *method == called) && (group.empty() || group == called_group);
  }
};

class RpcConditions {
 public:
  // Holds for calls that are made while from <= t < to. Where several match a call, the one that
  // was added first counts.
  void add(TimePoint from, TimePoint to, RpcCondition condition);

  // What holds for a call made now. nullptr: nothing, its answer is the provider's own. Valid as
  // long as this object: calls in flight refer to it.
  const RpcCondition* find(RpcMethod method, std::string_view group, TimePoint now) const {
    return now < from_ || now >= to_ ? nullptr : find_among_all(method, group, now);
  }

 private:
  struct Window {
    TimePoint from{};
    TimePoint to{};
    RpcCondition condition;
  };

  const RpcCondition* find_among_all(RpcMethod method, std::string_view group, TimePoint now) const;

  std::deque<Window> windows_;   // additions move none
  TimePoint from_ = kTimeNever;  // the first instant at which anything holds
  TimePoint to_ = kTimeZero;     // and from when on nothing does
};

}  // namespace casim::sim
