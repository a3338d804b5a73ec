// The provider tells the autoscaler what is not so: of how many nodes a group is to have, or which
// instances it has. Source: externalgrpc.md 2.5, 2.6, 4.1, 4.6 say what the autoscaler makes of it.
#pragma once

#include <string>
#include <string_view>

#include "sim/faults/spell.h"
#include "sim/rpc/wrong_answers.h"
#include "src/config/visitor.h"

namespace casim::sim {

class FaultCheck;
struct FaultTargets;

struct RpcWrongAnswerFault {
  static constexpr std::string_view kKind = "rpc_wrong_answer";
  static constexpr TimeNames kTimes = kAtAndFor;

  FaultTimes times = {};
  std::string group = {};  // empty: all
  WrongAnswer answer = {};

  FaultTimes fixed_times() const { return times; }

  void check(const FaultCheck& check) const;
  void prepare(const FaultTargets& targets) const;
  void arm(const FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, RpcWrongAnswerFault& fault);

}  // namespace casim::sim
