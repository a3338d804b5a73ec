#include "sim/explain/fact_words.h"

#include <fmt/format.h>

#include "src/core/result.h"

namespace casim::sim {
namespace {

std::string loop_text(LoopId loop) {
  return loop.is_valid() ? fmt::format("loop {}", loop.value()) : "the autoscaler";
}

std::string in_brackets(const std::string& text) { return text.empty() ? "" : " (" + text + ")"; }

std::string behind_colon(const std::string& text) { return text.empty() ? "" : ": " + text; }

std::string_view ending_of(PodEnd how) {
  switch (how) {
    case PodEnd::kCompleted:
      return "completed";
    case PodEnd::kDeleted:
      return "deleted by their owner";
    case PodEnd::kEvicted:
      return "evicted";
    case PodEnd::kPreempted:
      return "preempted by a pod of higher priority";
    case PodEnd::kLost:
      return "lost with their node";
  }
  return "";
}

std::string code_text(std::int32_t code) {
  return code == 0 ? "OK" : std::string(name_of(static_cast<ErrorCode>(code)));
}

class Teller {
 public:
  explicit Teller(const FactNames& names) : names_(names) {}

  // --- pods
  FactWords operator()(const PodCreated& f) const {
    const std::string instead =
        f.replaces ? fmt::format(", in place of {}", names_.pod(f.replaces)) : "";
    return {names_.pod(f.pod) + " is created" + instead, "pods are created", {}, "", {}};
  }

  FactWords operator()(const PodGated& f) const {
    return {names_.pod(f.pod) + " is held back by its scheduling gates",
            "pods are held back by their scheduling gates",
            {},
            "",
            {}};
  }

  FactWords operator()(const PodUngated& f) const {
    return {names_.pod(f.pod) + " may be scheduled: its last gate is lifted",
            "pods may be scheduled: their last gates are lifted",
            {},
            "",
            {}};
  }

  FactWords operator()(const PodUnschedulable& f) const {
    return {names_.pod(f.pod) + " is marked unschedulable: no node has room for it",
            "pods are marked unschedulable",
            {},
            "",
            {}};
  }

  FactWords operator()(const PodBound& f) const {
    return {fmt::format("{} is bound to {}", names_.pod(f.pod), names_.node(f.node)),
            "pods are bound to " + names_.node(f.node),
            {},
            "",
            {}};
  }

  FactWords operator()(const PodRunning& f) const {
    return {names_.pod(f.pod) + " runs", "pods run", {}, "", {}};
  }

  FactWords operator()(const PodEnded& f) const {
    return {fmt::format("{} has ended: {}", names_.pod(f.pod), ending_of(f.how)),
            fmt::format("pods have ended: {}", ending_of(f.how)),
            {},
            "",
            {}};
  }

  // --- nodes
  FactWords operator()(const NodeRegistered& f) const {
    return {fmt::format("node {} registers, on machine {}", f.name, f.instance),
            "nodes register",
            f.node,
            f.instance,
            {}};
  }

  FactWords operator()(const NodeReady& f) const {
    return {fmt::format("node {} becomes Ready", names_.node(f.node)),
            "nodes become Ready",
            f.node,
            "",
            {}};
  }

  FactWords operator()(const NodeNotReady& f) const {
    return {fmt::format("node {} is no longer Ready", names_.node(f.node)),
            "nodes are no longer Ready",
            f.node,
            "",
            {}};
  }

  FactWords operator()(const NodeTainted& f) const {
    return {fmt::format("node {} {} the taint ToBeDeleted", names_.node(f.node),
                        f.to_be_deleted ? "gets" : "loses"),
            "",
            f.node,
            "",
            {}};
  }

  FactWords operator()(const NodeGone& f) const {
    return {fmt::format("node {} is gone", names_.node(f.node)), "nodes are gone", f.node, "", {}};
  }

  // --- the autoscaler's process
  FactWords operator()(const AutoscalerStarted& f) const {
    return just(fmt::format("the autoscaler starts (process {})", f.life));
  }

  FactWords operator()(const AutoscalerKilled& f) const {
    return just(
        fmt::format("the autoscaler is killed, as its liveness probe failed (process {})", f.life));
  }

  FactWords operator()(const AutoscalerCrashed& f) const {
    return just(fmt::format("the autoscaler crashes (process {})", f.life));
  }

  FactWords operator()(const LeaderLost& f) const {
    return just(f.process + " loses its lease and exits");
  }

  FactWords operator()(const LeaderElected& f) const { return just(f.process + " leads again"); }

  // --- loops
  FactWords operator()(const LoopStarted& f) const { return just(loop_text(f.loop) + " begins"); }

  FactWords operator()(const LoopResultsChanged& f) const {
    return just(fmt::format("{} ends in {} and {}{}", loop_text(f.loop), f.scale_up, f.scale_down,
                            behind_colon(f.scale_up_error)));
  }

  FactWords operator()(const LoopEnded& f) const {
    if (!f.error.empty()) {
      return {loop_text(f.loop) + " fails: " + f.error, "loops fail: " + f.error, {}, "", {}};
    }
    if (!f.cut_short.empty()) {
      return {loop_text(f.loop) + " ends early: " + f.cut_short,
              "loops end early: " + f.cut_short,
              {},
              "",
              {}};
    }
    return {loop_text(f.loop) + " ends", "loops end", {}, "", {}};
  }

  FactWords operator()(const InstancesDeleted& f) const {
    return just(fmt::format("{} deletes {} of {} ({}){}", loop_text(f.loop),
                            counted(std::ssize(f.instances), "instance"), f.group, f.reason,
                            behind_colon(f.error)));
  }

  FactWords operator()(const GroupSizeFixed& f) const {
    return just(fmt::format("{} lowers the target of {} by {}, to what is there", loop_text(f.loop),
                            f.group, -f.delta));
  }

  FactWords operator()(const PodsSeen& f) const {
    const std::string pods =
        f.pods.size() == 1 ? names_.pod(f.pods.front()) : counted(std::ssize(f.pods), "pod");
    return just(
        fmt::format("{} sees {} unschedulable for the first time", loop_text(f.loop), pods));
  }

  FactWords operator()(const ScaleUpDecided& f) const {
    return just(fmt::format("{} orders {} of {} for {}", loop_text(f.loop),
                            counted(f.delta, "node"), f.group, counted(std::ssize(f.pods), "pod")));
  }

  FactWords operator()(const OptionConsidered& f) const {
    return just(fmt::format("{} considers {} of {} for {}: {}", loop_text(f.loop),
                            counted(f.nodes, "node"), f.group, counted(f.pods, "pod"),
                            f.rejected_by.empty() ? "chosen" : "left out, " + f.rejected_by));
  }

  FactWords operator()(const PodsRejected& f) const {
    if (f.pods == 0) {
      return just(
          fmt::format("no pod is kept from a new node of {} any more by: {}", f.group, f.reason));
    }
    return just(fmt::format("{} would not fit a new node of {}: {}", counted(f.pods, "pod"),
                            f.group, f.reason));
  }

  FactWords operator()(const ScaleUpFailed& f) const {
    return just(fmt::format("a scale-up of {} by {} has failed: {}", f.group,
                            counted(f.nodes, "node"), f.reason));
  }

  FactWords operator()(const ScaleDownDecided& f) const {
    return {fmt::format("{} removes node {}{}", loop_text(f.loop), f.node,
                        f.drain ? ", draining it" : ", which is empty"),
            f.drain ? "nodes are drained and removed" : "empty nodes are removed",
            {},
            "",
            {}};
  }

  FactWords operator()(const ScaleDownFailed& f) const {
    return just(fmt::format("the removal of {} is given up: {}{}", f.node, f.reason,
                            in_brackets(f.detail)));
  }

  FactWords operator()(const GroupSkipped& f) const {
    return just(f.reason.empty() ? f.group + " is no longer passed over"
                                 : fmt::format("{} is passed over: {}", f.group, f.reason));
  }

  FactWords operator()(const NodeUnremovable& f) const {
    return just(f.reason.empty()
                    ? fmt::format("nothing stands in the way of removing {} any more", f.node)
                    : fmt::format("node {} stays: {}{}", f.node, f.reason, in_brackets(f.detail)));
  }

  // --- faults
  FactWords operator()(const FaultBegan& f) const {
    const std::string length =
        f.length == Duration{} ? "" : fmt::format(", for {:.2f} s", to_seconds(f.length));
    return just(fmt::format("the fault {} begins{}", f.kind, length));
  }

  FactWords operator()(const FaultEnded& f) const {
    return just(fmt::format("the fault {} ends", f.kind));
  }

  // --- provider
  FactWords operator()(const GroupTargetChanged& f) const {
    return just(fmt::format("the target of {} is {} now", f.group, f.target));
  }

  FactWords operator()(const ProviderStarted&) const { return just("the provider starts"); }

  FactWords operator()(const ProviderCrashed&) const { return just("the provider crashes"); }

  FactWords operator()(const MutationHandled& f) const {
    const std::string what =
        fmt::format("{} of {} is answered with {}", f.method, f.group, code_text(f.code));
    return {what,
            fmt::format("calls of {} for {} are answered with {}", f.method, f.group,
                        code_text(f.code)),
            {},
            "",
            {}};
  }

  FactWords operator()(const IncreaseSizeCommitted& f) const {
    return just(fmt::format("the provider has the order of {} of {} on record",
                            counted(std::ssize(f.slots), "node"), f.group));
  }

  FactWords operator()(const SlotFailed& f) const {
    return {"an ordered machine fails: " + f.code, "ordered machines fail: " + f.code, {}, "", {}};
  }

  FactWords operator()(const SlotCancelled&) const {
    return {"an ordered machine is cancelled", "ordered machines are cancelled", {}, "", {}};
  }

  FactWords operator()(const CreationStuck&) const {
    return {"Crossplane's provider does not know how a machine's creation ended, and does no more",
            "machines whose creation is left as it stands, as nobody knows how it ended",
            {},
            "",
            {}};
  }

  FactWords operator()(const CreationFreed&) const {
    return {"an operator frees a machine whose creation was stuck",
            "machines whose creation was stuck are freed by an operator",
            {},
            "",
            {}};
  }

  // --- EC2
  FactWords operator()(const Ec2CallAnswered& f) const {
    return {fmt::format("EC2 answers {} with {}", f.action, f.code),
            fmt::format("answers of EC2 to {}: {}", f.action, f.code),
            {},
            "",
            {}};
  }

  FactWords operator()(const Ec2CallDelayed& f) const {
    if (f.reason == Ec2DelayReason::kLimiter) {
      return {fmt::format("the provider holds {} back, to limit its own rate", f.action),
              fmt::format("times the provider holds {} back, to limit its own rate", f.action),
              {},
              "",
              f.length};
    }
    const std::string again = fmt::format(
        "the provider waits before it {} again{}",
        f.reason == Ec2DelayReason::kRetry ? "tries " + f.action : "makes the call " + f.action,
        behind_colon(f.error));
    return {again, "times " + again, {}, "", f.length};
  }

  FactWords operator()(const InstanceLaunched& f) const {
    return {fmt::format("EC2 accepts machine {}, {} in {}", f.instance, f.type, f.zone),
            "machines are accepted by EC2",
            {},
            f.instance,
            {}};
  }

  FactWords operator()(const InstanceRunning& f) const {
    return {fmt::format("machine {} runs, and boots", f.instance),
            "machines run, and boot",
            {},
            f.instance,
            {}};
  }

  FactWords operator()(const InstanceTerminated& f) const {
    return {fmt::format("machine {} is terminated: {}", f.instance, f.reason),
            "machines are terminated: " + f.reason,
            {},
            f.instance,
            {}};
  }

  template <class Other>
  FactWords operator()(const Other&) const {
    return {};
  }

 private:
  static FactWords just(std::string text) { return {std::move(text), "", {}, "", {}}; }

  const FactNames& names_;
};

}  // namespace

std::string counted(std::int64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

FactWords words_of(const Fact& fact, const FactNames& names) {
  return std::visit(Teller(names), fact);
}

}  // namespace casim::sim
