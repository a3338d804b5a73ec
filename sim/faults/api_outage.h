// The Kubernetes API server is down, or slow. Source: algorithm 1.1; what it does to whom is in
// sim/apiserver/api_outages.h.
#pragma once

#include <optional>
#include <string_view>

#include "sim/faults/spell.h"
#include "src/config/visitor.h"
#include "src/core/time.h"

namespace casim::sim {

class FaultCheck;
struct FaultTargets;

struct ApiOutageFault {
  static constexpr std::string_view kKind = "api_outage";
  static constexpr TimeNames kTimes = kAtAndFor;

  FaultTimes times = {};
  std::optional<Duration> delay = {};  // none: it is down

  FaultTimes fixed_times() const { return times; }

  void check(const FaultCheck& check) const;
  void arm(const FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, ApiOutageFault& fault);

}  // namespace casim::sim
