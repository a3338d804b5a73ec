// The EC2 API is down: it answers every call, or those of one action, with 503 ServiceUnavailable.
// Machines that run go on running. Source: ec2.md 2.
#pragma once

#include <optional>
#include <string_view>

#include "src/config/visitor.h"
#include "src/core/time.h"
#include "src/ec2/action.h"

namespace casim::sim {

class FaultCheck;
struct FaultTargets;

struct Ec2OutageFault {
  static constexpr std::string_view kKind = "ec2_outage";

  Duration at{};
  Duration length{};                  // "for"
  std::optional<ec2::Action> action;  // none: all

  void check(const FaultCheck& check) const;
  void arm(const FaultTargets& targets) const;
};

void describe(config::Visitor& v, Ec2OutageFault& fault);

}  // namespace casim::sim
