// What goes wrong between the autoscaler and the provider, and when. Whoever makes a call asks what
// holds for it; faults add what they bring about.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "sim/rpc/wrong_answers.h"
#include "src/core/distribution.h"
#include "src/core/result.h"
#include "src/core/rpc_method.h"
#include "src/core/time.h"

namespace casim::sim {

// A call that matches is answered with `code`; with none it is answered truly, only with another
// latency, or with what is wrong.
struct RpcCondition {
  std::optional<RpcMethod> method = {};  // none: all
  std::string group = {};                // empty: all, else only calls that name this group
  double share = 1;                      // of the calls that match
  std::optional<ErrorCode> code = {};
  bool applied = false;  // the effect happens all the same
  bool drop = false;     // no answer at all: the call ends at its deadline
  std::optional<Duration> latency = {};
  Distribution delay = {};  // in addition to the latency
  std::optional<WrongAnswer> wrong = {};
  // Goes on for connections that were there when it began, until the autoscaler starts anew.
  bool outlasts_connection = false;
  std::uint64_t seed = 0;  // of all that is drawn

  // Whom it hits, and how hard, is drawn by method, group and instant: a read that is answered
  // from memory is as lucky as one that travels.
  bool matches(RpcMethod called, std::string_view called_group, TimePoint now) const;
  Duration delay_of(RpcMethod called, std::string_view called_group, TimePoint now) const;
};

class RpcConditions {
 public:
  // Holds for calls that are made while from <= t < to. Where several match a call, the one that
  // was added first counts.
  void add(TimePoint from, TimePoint to, RpcCondition condition);

  // A new process of the autoscaler has new connections.
  void on_connected(TimePoint now) { connected_ = now; }

  // Before the run: somebody will want to know what was answered that long ago.
  void keep_answers(Duration age);

  std::optional<Duration> answers_kept_for() const { return answers_kept_for_; }

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

  bool holds(const Window& window, TimePoint now) const;
  const RpcCondition* find_among_all(RpcMethod method, std::string_view group, TimePoint now) const;

  std::deque<Window> windows_;   // additions move none
  TimePoint from_ = kTimeNever;  // the first instant at which anything holds
  TimePoint to_ = kTimeZero;     // and from when on nothing does
  TimePoint connected_ = kTimeZero;
  std::optional<Duration> answers_kept_for_;  // none: nobody asks
};

}  // namespace casim::sim
