#include "sim/faults/rpc.h"

#include "sim/faults/check.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {

using config::above;
using config::at_least;

void describe(config::Visitor& v, RpcFault& f) {
  v.field("from", f.from, "first instant", at_least(Duration{}));
  v.field("to", f.to, "instant at which it is over", above(Duration{}));
  v.field("method", f.method, "RPC such as NodeGroupIncreaseSize; absent: all");
  v.field("group", f.group, "node group; empty: all calls");
  v.field("share", f.share, "share of these calls that it befalls", config::probability());
  v.field("code", f.code, "gRPC code of the answer; OK: only slow");
  v.field("applied", f.applied, "the effect happens all the same");
  v.field("drop", f.drop, "no answer comes, whatever the code: the call ends at its deadline");
  v.field("latency", f.latency, "replaces the call's latency", at_least(Duration{}));
  v.field("delay", f.delay, "added to the call's latency");
  v.check("drop", !f.drop || !f.latency, "leaves no answer that could take a latency");
  v.check("to", f.from || !f.to, "has no meaning without from");
  v.check("to", !f.from || !f.to || *f.from < *f.to, "is not after from");
}

FaultTimes RpcFault::fixed_times() const {
  if (!from || !to) return {from, std::nullopt};
  return {from, *to - *from};
}

void RpcFault::check(const FaultCheck& check) const { check.names_group("group", group); }

void RpcFault::arm(const FaultTargets& targets, const Spell& spell) const {
  RpcCondition condition;
  condition.method = method;
  condition.group = group;
  condition.code = error_of(code);
  condition.applied = applied;
  condition.latency = latency;
  condition.share = share;
  condition.drop = drop;
  condition.delay = delay;
  condition.seed = targets.random.bits("fault.rpc", spell.key, 0);
  targets.rpc.add(spell.from, spell.to, std::move(condition));
}

}  // namespace casim::sim
