// Conditions of EC2 as a whole, asked by the model: outages, slow answers, error rates, throttling,
// lost replies, lack of capacity. Whoever schedules faults implements this; the model honours it
// and knows no schedule.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "src/core/time.h"
#include "src/ec2/action.h"
#include "src/ec2/attempt.h"
#include "src/ec2/types.h"

namespace casim::sim {

// A call that arrives. (action, n) names its luck.
struct Ec2Arrival {
  ec2::Action action{};
  std::uint64_t n = 0;  // of the calls of this action since the start, throttled ones included
  TimePoint at{};
  // Of a launch, as the request names them, its zone also by a subnet; empty for the other actions.
  std::string_view type = {};
  std::string_view zone = {};
  std::span<const ec2::Tag> tags = {};
};

// The error that is answered instead of carrying a call out.
struct Ec2Refusal {
  // A reply (ec2::error_reply) or none (ec2::no_reply: the request never got there).
  ec2::AttemptError error;
  // From arrival to answer, such as a client's time limit; above 0. Absent: what refusals of the
  // action take in this model, as slow as the fields below say.
  std::optional<Duration> after;
};

// Where the connection ends that a reply is lost on. Clients differ in which of these they retry.
// Source: ec2.md 9.
enum class ReplyCut : std::uint8_t {
  kReset,         // by a reset; nothing arrives, and so in the next
  kNothing,       // all others: by a close
  kInHeaders,     // after some of them
  kAfterHeaders,  // before the body
  kInBody,        // before as much has come as was announced
  kInChunks,      // of unknown length: without the last, empty chunk
  kInBodyOf503,   // of an error that says 503
};

std::vector<std::pair<ReplyCut, std::string_view>> enum_names(ReplyCut);

// What a caller makes of it.
ec2::Fault fault_of(ReplyCut cut);

// What befalls one call. Looked at in the order of the fields.
struct CallConditions {
  bool throttled = false;             // as if its buckets were empty
  std::optional<Ec2Refusal> refusal;  // no effect, and nothing taken from the buckets (assumed)
  double latency_factor = 1;          // times all that the call takes; above 0
  Duration delay{};                   // in addition, before the effect
  bool reply_lost = false;            // it has its effect, and the connection ends without a reply
  ReplyCut cut = ReplyCut::kReset;    // of a lost reply
  // Of a lost reply: nothing tells the caller, who gives up so long after the request arrived.
  std::optional<Duration> reply_lost_after = {};
};

// A call that passed its checks and its quota, and asks for machines: RunInstances, StartInstances,
// or CreateFleet for one of its pools.
struct CapacityQuestion {
  std::string_view type;
  std::string_view zone;
  ec2::Lifecycle lifecycle = ec2::Lifecycle::kOnDemand;
  std::uint64_t n = 0;  // of the questions about this pool since the start
  TimePoint at{};
};

// An instance whose pending time is over, be it launched or started again. (pool, n) names its
// luck.
struct LaunchQuestion {
  std::uint64_t pool = 0;  // a hash of type, zone and lifecycle
  std::uint64_t n = 0;     // of the accepted launches in this pool
  const ec2::Instance& instance;
  TimePoint at{};
};

// Asked exactly once per call, and per launch; runs_from until it says now, of starts too. The
// defaults: nothing is wrong.
class Ec2Conditions {
 public:
  virtual ~Ec2Conditions() = default;
  virtual CallConditions on_call(const Ec2Arrival& arrival) const;
  // False: InsufficientInstanceCapacity, whatever the pool holds.
  virtual bool has_capacity(const CapacityQuestion& question) const;
  // When the instance can run; later than now: it stays pending until then.
  virtual TimePoint runs_from(const LaunchQuestion& question) const;
  // The state reason code with which the instance ends instead of running; empty: it runs.
  virtual std::string_view launch_failure(const LaunchQuestion& question) const;
};

// Nothing is wrong, ever.
const Ec2Conditions& normal_conditions();

}  // namespace casim::sim
