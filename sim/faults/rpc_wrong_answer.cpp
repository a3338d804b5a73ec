#include "sim/faults/rpc_wrong_answer.h"

#include "sim/faults/check.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {

using config::above;
using config::at_least;

config::Alternatives alternatives(const WrongAnswer*) {
  return {"answer", {"stale", "wrong_target", "missing_instance", "unknown_instance"}};
}

void describe(config::Visitor& v, StaleAnswer& a) {
  v.field("age", a.age, "how old target size and instances are", above(Duration{}));
}

void describe(config::Visitor& v, WrongTarget& a) {
  v.field("offset", a.offset, "added to the target size");
  v.check("offset", a.offset != 0, "changes nothing");
}

void describe(config::Visitor& v, MissingInstance& a) {
  v.field("count", a.count, "instances at the head of the list that are left out", at_least(1));
}

void describe(config::Visitor& v, UnknownInstance& a) {
  v.field("count", a.count, "running instances that are made up", at_least(1),
          config::at_most(10'000));
}

void describe(config::Visitor& v, RpcWrongAnswerFault& f) {
  describe_times(v, f.times, "how long answers are wrong");
  v.field("group", f.group, "node group that they are about; empty: all");
  v.choice("answer", f.answer, "what is wrong with them");
}

void RpcWrongAnswerFault::check(const FaultCheck& check) const {
  check.names_group("group", group);
}

void RpcWrongAnswerFault::prepare(const FaultTargets& targets) const {
  if (const auto* stale = std::get_if<StaleAnswer>(&answer)) targets.rpc.keep_answers(stale->age);
}

void RpcWrongAnswerFault::arm(const FaultTargets& targets, const Spell& spell) const {
  RpcCondition condition;
  condition.group = group;
  condition.wrong = answer;
  condition.seed = targets.random.bits("fault.rpc_wrong_answer", spell.key, 0);
  for (const RpcMethod method : {RpcMethod::kTargetSize, RpcMethod::kNodes}) {
    condition.method = method;
    targets.rpc.add(spell.from, spell.to, condition);
  }
}

}  // namespace casim::sim
