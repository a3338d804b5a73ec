// The EC2 API answers a share of the calls with errors, of any code that it knows. The call has no
// effect. Source: ec2.md 2 (codes), 5.5 (rates).
#pragma once

#include <string_view>
#include <vector>

#include "sim/faults/ec2_scope.h"
#include "sim/faults/spell.h"
#include "src/config/visitor.h"
#include "src/ec2/error_code.h"

namespace casim::sim {

class FaultCheck;
struct Ec2FaultTargets;

// One error, and how often it comes among those that the fault brings.
struct Ec2ErrorWeight {
  ec2::ErrorCode code = ec2::ErrorCode::kInternalError;
  double weight = 1;
};

struct Ec2ErrorsFault {
  static constexpr std::string_view kKind = "ec2_errors";
  static constexpr TimeNames kTimes = kAtAndFor;

  FaultTimes times = {};
  Ec2Scope scope = {};
  std::vector<Ec2ErrorWeight> errors = {};

  FaultTimes fixed_times() const { return times; }

  void check(const FaultCheck& check) const;
  void arm(const Ec2FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, Ec2ErrorWeight& error);
void describe(config::Visitor& v, Ec2ErrorsFault& fault);

}  // namespace casim::sim
