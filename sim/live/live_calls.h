// The calls of a real autoscaler, which names no loop: counted, and those that order something
// reported.
#pragma once

#include "sim/events/facts.h"
#include "sim/kernel/kernel.h"
#include "sim/live/fleet_account.h"
#include "src/server/call_observer.h"

namespace casim::sim {

class LiveCalls final : public server::CallObserver {
 public:
  // All outlive it.
  LiveCalls(const Kernel& kernel, FactSink& facts, FleetCounts& counts)
      : kernel_(kernel), facts_(facts), counts_(counts) {}

  void on_started(const server::CallInfo& call) override { counts_.count_call(call.method); }

  void on_finished(const server::CallInfo& call, int code) override {
    if (!is_mutation(call.method)) return;
    facts_.on_fact(kernel_.now(), MutationHandled{LoopId(),
                                                  std::string(name_of(call.method)),
                                                  std::string(call.group),
                                                  call.delta,
                                                  {call.nodes.begin(), call.nodes.end()},
                                                  code});
  }

 private:
  const Kernel& kernel_;
  FactSink& facts_;
  FleetCounts& counts_;
};

}  // namespace casim::sim
