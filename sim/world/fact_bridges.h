// Where what happens becomes facts: the observers of autoscaler, server and provider.
#pragma once

#include <functional>
#include <vector>

#include "sim/autoscaler/observers/loop_observer.h"
#include "sim/events/facts.h"
#include "src/provider/ec2_client.h"
#include "src/provider/ports.h"
#include "src/server/call_observer.h"

namespace casim::sim {

using TimeSource = std::function<TimePoint()>;

class LoopFacts : public LoopObserver {
 public:
  LoopFacts(FactSink& sink, TimeSource now) : sink_(sink), now_(std::move(now)) {}

  void on_loop_started(LoopId loop) override;
  void on_loop_ended(LoopId loop, const LoopEnd& end) override;
  void on_instances_deleted(LoopId loop, const DeletedInstances& deleted) override;
  void on_group_size_fixed(LoopId loop, std::string_view group, int delta) override;
  void on_pods_seen(LoopId loop, const std::vector<PodId>& pods) override;
  void on_scale_up(LoopId loop, std::string_view group, int delta,
                   const std::vector<PodId>& pods) override;
  void on_scale_up_failed(LoopId loop, std::string_view group, std::string_view reason,
                          int nodes) override;
  void on_group_skipped(LoopId loop, std::string_view group, std::string_view reason) override;
  void on_scale_down(LoopId loop, std::string_view node, bool drain) override;
  void on_scale_down_failed(LoopId loop, const FailedRemoval& failed) override;
  void on_node_unremovable(LoopId loop, std::string_view node, std::string_view reason,
                           std::string_view detail) override;
  void on_results(LoopId loop, const LoopResults& results) override;
  void on_option_considered(LoopId loop, const ConsideredOption& option) override;
  void on_pods_rejected(LoopId loop, std::string_view group, std::string_view reason,
                        int pods) override;

 private:
  void report(const Fact& fact) { sink_.on_fact(now_(), fact); }

  FactSink& sink_;
  TimeSource now_;
};

// A mutating call carries its loop in its id; reads are not reported (design section 2).
class CallFacts : public server::CallObserver {
 public:
  CallFacts(FactSink& sink, TimeSource now) : sink_(sink), now_(std::move(now)) {}

  void on_finished(const server::CallInfo& call, int code) override;

 private:
  FactSink& sink_;
  TimeSource now_;
};

class ProviderFacts : public provider::Observer, public provider::Ec2Observer {
 public:
  ProviderFacts(FactSink& sink, TimeSource now) : sink_(sink), now_(std::move(now)) {}

  void on_started(std::uint64_t epoch) override;
  void on_target(const std::string& group, int target) override;
  void on_increase_committed(const std::string& group, CallId call,
                             std::span<const provider::Slot> slots) override;
  void on_launch_accepted(const provider::Slot& slot) override;
  void on_slot_failed(const provider::Slot& slot) override;
  void on_joined(const provider::Slot& slot) override;
  void on_cancelled(const provider::Slot& slot, CallId call) override;
  void on_slot_gone(const provider::Slot& slot) override;
  void on_wait(const provider::Ec2Wait& wait) override;

 private:
  void report(const Fact& fact) { sink_.on_fact(now_(), fact); }

  FactSink& sink_;
  TimeSource now_;
};

}  // namespace casim::sim
