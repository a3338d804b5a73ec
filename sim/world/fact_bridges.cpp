#include "sim/world/fact_bridges.h"

#include <cassert>

#include "sim/rpc/call_id.h"

namespace casim::sim {
namespace {

Ec2DelayReason reason_of(provider::Ec2Wait::Why why) {
  switch (why) {
    case provider::Ec2Wait::Why::kRetry:
      return Ec2DelayReason::kRetry;
    case provider::Ec2Wait::Why::kAgain:
      return Ec2DelayReason::kAgain;
    case provider::Ec2Wait::Why::kTurn:
    case provider::Ec2Wait::Why::kLimiter:
      return Ec2DelayReason::kLimiter;
  }
  assert(false && "not a Why");
  return Ec2DelayReason::kRetry;
}

}  // namespace

void LoopFacts::on_loop_started(LoopId loop) { report(LoopStarted{loop}); }

void LoopFacts::on_loop_ended(LoopId loop, const LoopEnd& end) {
  const std::string cut_short(end.early_return ? name_of(*end.early_return) : "");
  report(LoopEnded{loop, text_of(end.error), cut_short});
}

void LoopFacts::on_instances_deleted(LoopId loop, const DeletedInstances& deleted) {
  report(InstancesDeleted{loop, std::string(deleted.group), deleted.instances,
                          std::string(deleted.reason), std::string(deleted.error)});
}

void LoopFacts::on_group_size_fixed(LoopId loop, std::string_view group, int delta) {
  report(GroupSizeFixed{loop, std::string(group), delta});
}

void LoopFacts::on_pods_seen(LoopId loop, const std::vector<PodId>& pods) {
  report(PodsSeen{loop, pods});
}

void LoopFacts::on_scale_up(LoopId loop, std::string_view group, int delta,
                            const std::vector<PodId>& pods) {
  report(ScaleUpDecided{loop, std::string(group), delta, pods});
}

void LoopFacts::on_scale_up_failed(LoopId loop, std::string_view group, std::string_view reason,
                                   int nodes) {
  report(ScaleUpFailed{loop, std::string(group), std::string(reason), nodes});
}

void LoopFacts::on_group_skipped(LoopId loop, std::string_view group, std::string_view reason) {
  report(GroupSkipped{loop, std::string(group), std::string(reason)});
}

void LoopFacts::on_scale_down(LoopId loop, std::string_view node, bool drain) {
  report(ScaleDownDecided{loop, std::string(node), drain});
}

void LoopFacts::on_scale_down_failed(LoopId loop, const FailedRemoval& failed) {
  report(ScaleDownFailed{loop, std::string(failed.node), std::string(failed.reason),
                         std::string(failed.detail)});
}

void LoopFacts::on_node_unremovable(LoopId loop, std::string_view node, std::string_view reason,
                                    std::string_view detail) {
  report(NodeUnremovable{loop, std::string(node), std::string(reason), std::string(detail)});
}

void LoopFacts::on_results(LoopId loop, const LoopResults& results) {
  report(LoopResultsChanged{loop, std::string(name_of(results.scale_up)),
                            std::string(name_of(results.scale_down)),
                            text_of(results.scale_up_error)});
}

void LoopFacts::on_option_considered(LoopId loop, const ConsideredOption& option) {
  report(OptionConsidered{loop, std::string(option.group), option.nodes, option.pods,
                          std::string(option.rejected_by)});
}

void LoopFacts::on_pods_rejected(LoopId loop, std::string_view group, std::string_view reason,
                                 int pods) {
  report(PodsRejected{loop, std::string(group), std::string(reason), pods});
}

void CallFacts::on_finished(const server::CallInfo& call, int code) {
  if (!call.id.is_valid()) return;
  sink_.on_fact(now_(), MutationHandled{loop_of(call.id),
                                        std::string(name_of(call.method)),
                                        std::string(call.group),
                                        call.delta,
                                        {call.nodes.begin(), call.nodes.end()},
                                        code});
}

void ProviderFacts::on_started(std::uint64_t epoch) { report(ProviderStarted{epoch}); }

void ProviderFacts::on_target(const std::string& group, int target) {
  report(GroupTargetChanged{group, target});
}

void ProviderFacts::on_increase_committed(const std::string& group, CallId call,
                                          std::span<const provider::Slot> slots) {
  IncreaseSizeCommitted fact{call.is_valid() ? loop_of(call) : LoopId(), group, {}};
  for (const provider::Slot& slot : slots) fact.slots.push_back(slot.id);
  report(fact);
}

void ProviderFacts::on_launch_accepted(const provider::Slot& slot) {
  report(SlotLaunched{slot.id, slot.instance_id});
}

void ProviderFacts::on_slot_failed(const provider::Slot& slot) {
  report(SlotFailed{slot.id, slot.failure ? slot.failure->code : ""});
}

void ProviderFacts::on_joined(const provider::Slot& slot) {
  report(SlotJoined{slot.id, slot.instance_id});
}

void ProviderFacts::on_cancelled(const provider::Slot& slot, CallId /*call*/) {
  report(SlotCancelled{slot.id});
}

void ProviderFacts::on_wait(const provider::Ec2Wait& wait) {
  report(Ec2CallDelayed{std::string(ec2::name_of(wait.action)), reason_of(wait.why), wait.error,
                        wait.length});
}

void ProviderFacts::on_slot_gone(const provider::Slot& slot) { report(SlotGone{slot.id}); }

}  // namespace casim::sim
