// EC2 behind the production port: latency, throttling, quota, capacity, idempotency, states.
//
// A call is charged to its buckets when it arrives, and takes effect at the instant of its answer,
// whether or not the caller still waits: a caller that was cancelled in between finds its machines
// by replaying the token. DescribeInstances sees the state of its own answer, less the time that
// the returned instances cost. Every latency is at least 1 us. What all calls share is here; what
// each action does stands in its row of action_table.h.
// Draws are named by what they belong to: the n-th accepted launch of a pool, the n-th call about
// an instance or a token. Source: ec2.md 1.4, 1.5, 2, 3, 5.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/ec2/background.h"
#include "sim/ec2/billing.h"
#include "sim/ec2/call_listener.h"
#include "sim/ec2/conditions.h"
#include "sim/ec2/config.h"
#include "sim/ec2/ec2_state.h"
#include "sim/ec2/instance_listener.h"
#include "sim/ec2/throttle.h"
#include "sim/events/facts.h"
#include "sim/kernel/kernel.h"
#include "src/core/random.h"
#include "src/ec2/api.h"

namespace casim::sim {

// What leaves EC2, and what becomes of it on its way.
struct WireAnswer {
  ec2::Attempt<ec2::AnyReply> reply;
  std::optional<ReplyCut> cut;  // none: it arrives
};

// One account in one Region.
class Ec2Model final : public ec2::Api {
 public:
  // All references outlive the model; the kernel runs no event after the model's end.
  Ec2Model(Kernel& kernel, const Random& random, FactSink& facts, Ec2Config config,
           const Ec2Conditions& conditions = normal_conditions());

  Awaitable<ec2::Attempt<ec2::AnyReply>> call(ec2::AnyRequest request) override;
  // The same for who plays the way too: with the reply that is lost.
  Awaitable<WireAnswer> call_on_wire(ec2::AnyRequest request);

  // Before the first call. Listeners outlive the model's use.
  void subscribe(InstanceListener& listener) { state_.fleet.subscribe(listener); }

  // At most one.
  void subscribe(Ec2CallListener& listener) { call_listener_ = &listener; }

  // Initial state: instances that run already. No call, no throttling, no word to listeners;
  // quota and capacity hold.
  ec2::Attempt<std::vector<ec2::Instance>> add_running(ec2::RunInstancesRequest request);

  // The machine is gone at once, terminated with that reason. False: no such instance is alive.
  bool vanish(const std::string& instance_id, std::string reason = "Server.InternalError");

  // Takes a running Spot instance back (Fleet::interrupt). Requires: there is that instance.
  void interrupt(const std::string& instance_id, Duration after, Duration notice);

  // Somebody else of the account takes this share of what refills the action's buckets, from now
  // until the same is removed. Several take of what the others leave.
  void add_neighbour(ec2::Action action, double share);
  void remove_neighbour(ec2::Action action, double share);

  // nullptr: never accepted, or forgotten.
  const ec2::Instance* find(const std::string& instance_id);
  // Of all that ran so far, and runs.
  std::vector<PoolCost> costs() const;

  // Of the pools that were asked for so far.
  const std::map<std::string, VcpuQuota>& vcpu_quotas() const { return state_.pools.quotas(); }

  std::vector<ec2::Instance> instances();  // all that EC2 would describe now, in order of launch

 private:
  struct Call;
  class Caller;
  using CallPtr = std::shared_ptr<Call>;

  // Schedules the effect and the answer; the coroutine only waits for them.
  CallPtr begin(ec2::AnyRequest request);
  Awaitable<void> wait_for(CallPtr call);
  template <class Request>
  void carry_out(const CallPtr& call, Request request);
  bool is_denied(ec2::Action action) const;
  template <class Request>
  void take_effect(const CallPtr& call, ec2::Attempt<typename Request::Reply> reply);
  Duration refusal_time(const Call& call, Distribution Ec2Latencies::* latency,
                        std::string_view purpose);
  void refuse(const CallPtr& call, ec2::AttemptError error, Duration after);
  void answer(const CallPtr& call, ec2::Attempt<ec2::AnyReply> reply, Duration transfer);
  void report(const Call& call);

  FactSink& facts_;
  Ec2State state_;
  Ec2Throttle throttle_;
  Background background_;
  std::array<std::uint64_t, ec2::kActionCount> arrivals_{};
  Ec2CallListener* call_listener_ = nullptr;  // null: nobody listens
  std::uint64_t calls_ = 0;
};

}  // namespace casim::sim
