// What happened at EC2 and at the provider's client of it (facts.h).
#pragma once

#include <cstdint>
#include <string>

#include "sim/events/fact_fields.h"
#include "src/core/time.h"

namespace casim::sim {

struct Ec2CallAnswered {
  static constexpr const char* kName = "Ec2CallAnswered";
  std::string action;
  std::string code;  // empty: success
  Duration latency{};

  CASIM_FACT_FIELDS(action, code, latency)
};

// Why the provider's client of EC2 waits before its next attempt.
enum class Ec2DelayReason : std::uint8_t {
  kRetry,    // the SDK tries a failed call again
  kAgain,    // the provider makes a launch again that the SDK gave up
  kLimiter,  // the client limits its own rate
};

struct Ec2CallDelayed {  // the wait has begun
  static constexpr const char* kName = "Ec2CallDelayed";
  std::string action;
  Ec2DelayReason reason = Ec2DelayReason::kRetry;
  std::string error;  // that is waited for; empty: none
  Duration length{};

  CASIM_FACT_FIELDS(action, reason, error, length)
};

struct InstanceLaunched {  // EC2 accepted it: the state is pending
  static constexpr const char* kName = "InstanceLaunched";
  std::string instance;
  std::string token;
  std::string type;
  std::string zone;

  CASIM_FACT_FIELDS(instance, token, type, zone)
};

struct InstanceRunning {
  static constexpr const char* kName = "InstanceRunning";
  std::string instance;

  CASIM_FACT_FIELDS(instance)
};

struct InstanceShuttingDown {  // its charge ends
  static constexpr const char* kName = "InstanceShuttingDown";
  std::string instance;
  std::string reason;

  CASIM_FACT_FIELDS(instance, reason)
};

struct InstanceTerminated {
  static constexpr const char* kName = "InstanceTerminated";
  std::string instance;
  std::string reason;

  CASIM_FACT_FIELDS(instance, reason)
};

}  // namespace casim::sim
