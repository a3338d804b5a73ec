// How often what was done: loops, orders, RPCs with an effect, EC2 calls by action and outcome.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "sim/events/facts.h"
#include "sim/metrics/summary_values.h"

namespace casim::sim {

// How the provider's client fared with one action of EC2.
struct Ec2Retries {
  std::int64_t attempts = 0;
  std::int64_t retries = 0;
  std::int64_t calls_again = 0;
  Duration backoff{};
  Duration limiter_wait{};
};

// Its members are read when the run is over.
class Activity : public FactSink {
 public:
  using Count = std::int64_t;
  using ByName = std::map<std::string, Count>;

  void on_fact(TimePoint at, const Fact& fact) override;

  Count loops = 0;
  ByName loop_errors;   // by the type of RunOnce's error
  Count scale_ups = 0;  // IncreaseSize orders that the server committed
  Count slots_ordered = 0;
  Count scale_downs = 0;                          // nodes the autoscaler decided to remove
  ByName slot_failures;                           // by the code that the provider reports
  Count creations_stuck = 0;                      // by Crossplane's provider
  std::map<std::string, ByName> mutations;        // method -> gRPC code name -> calls
  std::map<std::string, ByName> ec2_calls;        // action -> "ok" or error code -> calls
  std::map<std::string, Ec2Retries> ec2_retries;  // by action
  Count instances_launched = 0;                   // accepted by EC2
  Count instances_terminated = 0;
  Count provider_crashes = 0;

 private:
  void on(const LoopStarted& fact);
  void on(const LoopEnded& fact);
  void on(const ScaleDownDecided& fact);
  void on(const ProviderCrashed& fact);
  void on(const MutationHandled& fact);
  void on(const IncreaseSizeCommitted& fact);
  void on(const SlotFailed& fact);
  void on(const CreationStuck& fact);
  void on(const Ec2CallAnswered& fact);
  void on(const Ec2CallDelayed& fact);
  void on(const InstanceLaunched& fact);
  void on(const InstanceTerminated& fact);

  template <class Other>
  void on(const Other&) {}  // not counted
};

// autoscaler.*, ec2.*
void list_values(SummaryValues& out, const Activity& activity);

}  // namespace casim::sim
