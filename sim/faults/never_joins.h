// Machines that boot and never become nodes: a broken image or user data, a kubelet that the API
// server refuses. EC2 has them running and the account pays. Source: ec2.md 5.5.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/faults/spell.h"
#include "src/config/visitor.h"

namespace casim::sim {

class FaultCheck;
struct FaultTargets;

struct NeverJoinsFault {
  static constexpr std::string_view kKind = "never_joins";
  static constexpr TimeNames kTimes = kAtAndFor;

  FaultTimes times = {};
  std::vector<std::string> groups = {};  // empty: all
  double share = 1;                      // of the machines
  // Befalls machines that begin to boot while it lasts, for ever; or those that go to register
  // then, which do so when it is over.
  bool until_over = false;

  FaultTimes fixed_times() const { return times; }

  void check(const FaultCheck& check) const;
  void arm(const FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, NeverJoinsFault& fault);

}  // namespace casim::sim
