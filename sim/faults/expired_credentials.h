// The provider's temporary credentials have expired, and nobody has brought new ones: EC2 refuses
// every call with RequestExpired, and not with ExpiredToken. Source: ec2.md 1.6.
#pragma once

#include <string_view>

#include "sim/faults/spell.h"
#include "src/config/visitor.h"

namespace casim::sim {

class FaultCheck;
struct Ec2FaultTargets;

struct ExpiredCredentialsFault {
  static constexpr std::string_view kKind = "expired_credentials";
  static constexpr TimeNames kTimes = kAtAndFor;

  FaultTimes times = {};

  FaultTimes fixed_times() const { return times; }

  void check(const FaultCheck& check) const;
  void arm(const Ec2FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, ExpiredCredentialsFault& fault);

}  // namespace casim::sim
